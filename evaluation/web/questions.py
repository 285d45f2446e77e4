"""Questions to bidders: the committee's page, each bidder's own, and the API of what is signed there."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, send_file
from flask_openapi3.blueprint import APIBlueprint

from core.identity.queries import people
from core.identity.web.acts import act_on, read_act
from core.kernel import blind
from core.kernel.errors import RuleBroken
from core.kernel.files import FileStore
from core.kernel.parsing.parse import parse
from core.kernel.parsing.parsed import ParsedFile
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from core.web.door import actor, perform, read
from core.web.guard import requires
from core.web.platform import platform
from core.web.threads import natively
from evaluation.domain.question import CORRECTIONS, Answer, Attachment
from evaluation.queries import question_page as queries
from evaluation.services import questions
from evaluation.web import texts_questions as texts
from evaluation.web.desks import key_of
from evaluation.web.forms import ActForm, LotPath, QuestionFilePath
from evaluation.web.pages import page, stages

api = APIBlueprint("evaluation_questions", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_question_pages", __name__)
WORDS: dict[str, Any] = {"KINDS": texts.KINDS, "STATES": texts.STATES, "TONES": texts.TONES, "RULES": texts.RULES, "LIMITS": texts.LIMITS}


@blueprint.get("/lots/<number>/evaluation/questions")
@requires(Role.EXPERT, Role.SUPERVISOR)
def show(number: str) -> str:
    """Proposals, questions and answers under code names, and votes on prices that were asked about."""
    path, who = LotPath(number=number), actor()
    found = read(lambda session: queries.page(session, who, path.number))
    rules = [rule for rule, regimes in CORRECTIONS.items() if found.room.lot.regime in regimes]
    return page("questions", view=found.room, found=found, rules=rules, stages=stages(found.room), key=key_of(found.room), **WORDS)


@blueprint.get("/lots/<number>/bid-questions")
@requires(Role.BIDDER)
def own(number: str) -> str:
    """What the caller's organisation was asked, and the form to answer."""
    path, who = LotPath(number=number), actor()
    return page("own_questions", found=read(lambda session: queries.own(session, who.org, path.number)), **WORDS)


@api.post("/lots/<number>/evaluation/proposals")
@requires(Role.EXPERT)
def propose(path: LotPath, body: ActForm) -> Response:
    """A member would have the chair ask something (`bid_question.propose`)."""
    return act_on(body, questions.propose, path.number)


@api.post("/lots/<number>/evaluation/questions")
@requires(Role.EXPERT)
def ask(path: LotPath, body: ActForm) -> Response:
    """The chair asks the bidder behind a code name (`bid_question.ask`)."""
    return act_on(body, questions.ask, path.number)


@api.post("/lots/<number>/bid-questions/answers")
@requires(Role.BIDDER)
def answer(path: LotPath, body: ActForm) -> Response:
    """The bidder answers (`bid_question.answer`)."""
    signed = read_act(body)
    marked = _marked(read_statement(signed.envelope.payload).body)
    return jsonify(perform(lambda work: questions.answer(work, path.number, signed, marked)))


@api.get("/lots/<number>/bid-questions/files/<sha256>")
@requires(Role.BIDDER, Role.EXPERT, Role.SUPERVISOR)
def file(path: QuestionFilePath) -> Response:
    """A file that came with an answer, for its bidder and the committee."""
    who = actor()
    found = read(lambda session: queries.file_of(session, who, path.number, path.sha256))
    files = platform().files  # here: a native thread knows no request
    path_of = natively(lambda: files.path(found.sha256))
    answered = send_file(path_of, "application/octet-stream", as_attachment=True, download_name=found.name)
    answered.headers["Cache-Control"] = "private, no-cache"
    return answered


@api.post("/lots/<number>/evaluation/price-check")
@requires(Role.EXPERT)
def close_prices(path: LotPath, body: ActForm) -> Response:
    """The chair says that the opened prices were looked through (`price_check.close`)."""
    return act_on(body, questions.close_prices, path.number)


@api.post("/lots/<number>/evaluation/price-votes")
@requires(Role.EXPERT)
def vote_price(path: LotPath, body: ActForm) -> Response:
    """A member votes whether a bid whose price was asked about stays (`price_matter.vote`)."""
    return act_on(body, questions.vote_price, path.number)


def _marked(body: object) -> frozenset[str]:
    """The attached files that tell whose they are, read apart from this process; what cannot be read counts as marked."""
    try:
        said = Answer.read(body)
    except RuleBroken:
        return frozenset()  # the use case says what is wrong
    org, store = actor().org, platform().files
    home = None if org is None else read(lambda session: people.organisation(session, org))
    words = () if home is None else blind.words_of(home.name, home.uscc)
    found = set()
    for one in said.files:
        try:
            parsed = natively(partial(_parsed, store, one))
        except FileNotFoundError:
            continue  # never came in whole, which the use case says
        text = "\n".join((*parsed.pages, *parsed.metadata.values()))
        named = any(value.strip() for name, value in parsed.metadata.items() if name in blind.PERSONAL)
        if parsed.oddities or named or blind.text_marks(text, words):
            found.add(one.name)
    return frozenset(found)


def _parsed(store: FileStore, one: Attachment) -> ParsedFile:
    return parse(store.path(one.sha256), one.name)
