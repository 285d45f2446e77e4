"""The pages of draw, room, report, award and supervision: each shows one view; what is signed goes through the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.identity.web.acts import me
from core.kernel import streams
from core.kernel.errors import Refusal
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import public, requires
from core.web.headers import needs_wasm
from core.web.i18n import language
from core.web.platform import platform
from core.web.texts import sentence
from core.web.threads import natively
from evaluation.domain.award_session import Action as AwardAction
from evaluation.domain.award_session import State as AwardState
from evaluation.domain.draw import Action as DrawAction
from evaluation.domain.methods.wording import Lang
from evaluation.domain.recording import case_of
from evaluation.domain.room import Action, See, State
from evaluation.queries import awards as award_queries
from evaluation.queries import doubt_page, host_calls, round_page, signatures, supervision, working
from evaluation.queries import draws as draw_queries
from evaluation.queries import findings as finding_queries
from evaluation.queries import pages as queries
from evaluation.queries import rooms as room_queries
from evaluation.queries import unlocks as unlock_queries
from evaluation.queries.audience import audience_of
from evaluation.queries.discussions import may_read
from evaluation.queries.rooms import RoomView
from evaluation.services import committees
from evaluation.web import (
    posted_draws,
    texts,
    texts_award,
    texts_calls,
    texts_draw,
    texts_leaving,
    texts_reviews,
    texts_scoring,
    texts_supervision,
    texts_unlocks,
)
from evaluation.web.desks import key_of
from evaluation.web.forms import AwardPaperPath, BidPath, DrawPath, LotPath
from trading.web.texts_reevaluation import GROUNDS as GROUNDS_AGAIN

blueprint = Blueprint("evaluation_pages", __name__)
INSIDE = (Role.EXPERT, Role.CENTRE, Role.SUPERVISOR, Role.TENDERER)
WORDS: dict[str, Any] = {
    "ROOM_STATES": texts.ROOM_STATES,
    "DRAW_STATES": texts.DRAW_STATES,
    "AWARD_STATES": texts.AWARD_STATES,
    **texts_award.WORDS,
    "PARTIES": texts.PARTIES,
    "CALL_STATES": texts_calls.CALL_STATES,
    "CAUSES": texts_calls.CAUSES,
    "causes_of_leaving": texts_leaving.causes,
    "WAYS": texts_calls.WAYS,
    "REASONS": texts_calls.REASONS,
    "ALARM_LEVELS": texts_calls.ALARM_LEVELS,
    **texts_draw.WORDS,
    "CHECKS": texts.CHECKS,
    "CHECK_GROUPS": texts.CHECK_GROUPS,
    "GROUNDS": texts_reviews.GROUNDS,
    "REJECTIONS": texts.REJECTIONS,
    "PARTS": texts_scoring.PARTS,
    "FINDINGS": texts_scoring.FINDINGS,
    "GROUNDS_AGAIN": GROUNDS_AGAIN,
    **texts_supervision.WORDS,
    "UNLOCK_STATES": texts_unlocks.UNLOCK_STATES,
    "Action": Action,
    "DrawAction": DrawAction,
    "AwardAction": AwardAction,
    "AwardState": AwardState,
    "See": See,
    "State": State,
}


def page(name: str, **facts: Any) -> str:
    """One of the templates, with the names of states, parties and checks at hand. A member's page hears when the room is paused; while it
    is, all of them lead to the room."""
    view = facts.get("view")
    if isinstance(view, RoomView) and view.me is not None:
        if view.is_paused and name != "room":
            abort(redirect(f"/lots/{view.lot.number}/evaluation", 303))
        facts.setdefault("seq", newest(view.lot.case))
        facts.setdefault("voice", platform().settings.video_voice)
    return render_template(f"evaluation/{name}.html", **WORDS, **facts)


@blueprint.get("/evaluations")
@requires(Role.EXPERT)
def calls() -> str:
    """The draws in which the caller is seated."""
    person = me()
    return page("calls", calls=read(lambda session: draw_queries.calls(session, person)))


@blueprint.get("/lots/<number>/draw")
@public
def draw(number: str) -> str:
    """The expert draw: what was committed, revealed and drawn, and each party's buttons."""
    return show_draw(LotPath(number=number).number, "")


@blueprint.post("/lots/<number>/draw")
@requires(Role.CENTRE)
def prepare(number: str) -> ResponseReturnValue:
    """The centre draws up a request from the form, to be signed on the same page."""
    lot = LotPath(number=number).number
    try:
        wanted, sites = posted_draws.from_page(request.form)
        posted_draws.prepare(lot, wanted, sites)
    except Refusal as refusal:
        return show_draw(lot, sentence(refusal, platform().sentences)), 422
    return redirect(f"/lots/{lot}/draw", 303)


@blueprint.post("/lots/<number>/draw/committee")
@requires(Role.CENTRE)
def form(number: str) -> ResponseReturnValue:
    """The centre forms the committee of the drawn list."""
    path = DrawPath(number=number, draw=request.form.get("draw", ""))
    try:
        perform(lambda work: committees.form(work, path.number, path.draw))
    except Refusal as refusal:
        return show_draw(path.number, sentence(refusal, platform().sentences)), 422
    return redirect(f"/lots/{path.number}/evaluation", 303)


@blueprint.get("/lots/<number>/evaluation")
@requires(*INSIDE)
def room(number: str) -> str:
    """The room: what is due now for this viewer, and that each seat has done its part, never what."""
    view = room_of(number)
    asked = read(lambda session: unlock_queries.of_room(session, view))
    facts = {"stages": stages(view), "seq": newest(view.lot.case), "may_talk": may_read(view), **again(view)}
    facts["host"] = read(lambda session: host_calls.of_room(session, view))
    who, moment = actor(), platform().door.clock
    facts["measures"] = read(lambda session: supervision.awaited(session, who, view.lot, moment(session)))
    facts["unexplained"] = read(lambda session: doubt_page.awaited(session, view))
    return page("room", view=view, asked=asked, now=read(platform().door.clock), **facts)


@blueprint.get("/lots/<number>/evaluation/review")
@requires(Role.EXPERT)
def review(number: str) -> str:
    """The preliminary review of every bid."""
    view = room_of(number)
    return page("review", view=view, stages=stages(view), key=key_of(view))


@blueprint.get("/lots/<number>/evaluation/result")
@requires(*INSIDE)
def result(number: str) -> str:
    """The result with the worked calculation."""
    view, lang = room_of(number), spoken()
    found, signed = read(lambda session: (finding_queries.of_room(session, view), working.signed_of(session, view)))
    workings = natively(lambda: working.of_room(view, lang, signed))
    return page("result", view=view, stages=stages(view), workings=workings, found=found)


@blueprint.get("/lots/<number>/evaluation/result/<code>")
@requires(*INSIDE)
def bid_working(number: str, code: str) -> str:
    """How one bid's total came about, to be printed."""
    path, lang = BidPath(number=number, code=code), spoken()
    view = room_of(path.number)
    signed = read(lambda session: working.signed_of(session, view))
    return page("working", view=view, one=natively(lambda: working.of_bid(view, path.code, lang, signed)))


def spoken() -> Lang:
    """The language in which the calculation is told."""
    return "en" if language() == "en" else "zh"


@blueprint.get("/lots/<number>/evaluation/report")
@requires(*INSIDE)
def report(number: str) -> str:
    """The report to be read and signed; the dissent stands before the signature."""
    view = room_of(number)
    signed = read(lambda session: signatures.signatures(session, view))
    needs_wasm()
    return page("report", view=view, signatures=signed, stages=stages(view), seq=newest(view.lot.case))


@blueprint.get("/awards")
@requires(Role.AWARD_MEMBER)
def awards() -> str:
    """The award sessions of the caller."""
    person = me()
    return page("awards", rows=read(lambda session: award_queries.own_sessions(session, person)))


@blueprint.get("/lots/<number>/award")
@requires(Role.AWARD_MEMBER, Role.TENDERER, Role.SUPERVISOR, Role.CENTRE)
def award(number: str) -> str:
    """The award committee: members, the comparison of candidates, the ballot, the rounds."""
    path, who = LotPath(number=number), actor()
    view = read(lambda session: queries.award_page(session, who, path.number))
    seq = newest(view.lot.case)
    return page("award", page_view=view, view=view.session, seq=seq)


@blueprint.get("/lots/<number>/award/papers/<sha256>")
@requires(Role.AWARD_MEMBER, Role.TENDERER, Role.SUPERVISOR)
def award_paper(number: str, sha256: str) -> str:
    """A paper to which reasons of the award committee point, at the page in `?page=`."""
    path, who = AwardPaperPath(number=number, sha256=sha256), actor()
    view = read(lambda session: award_queries.view(session, who, path.number))
    found = read(lambda session: award_queries.paper(session, who, path.number, path.sha256))
    asked = request.args.get("page", "")
    needs_wasm()
    return page("award_paper", lot=view.lot, paper=found, place=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1)


def again(view: RoomView) -> dict[str, Any]:
    """The order that a further round follows, and its items in words, for a page of the room; nothing in the first round."""
    order = read(lambda session: round_page.current(session, view.lot))
    return {"order": order, "ordered": () if order is None else round_page.items_of(view.lot, order)}


def stages(view: RoomView) -> list[dict[str, object]]:
    """The row of stages."""
    here = list(State).index(view.state)
    last = len(State) - 1
    return [
        {"label": texts.ROOM_STATES[state.value], "state": "done" if at < here or here == last else "now" if at == here else "next"}
        for at, state in enumerate(State)
    ]


def room_of(number: str) -> RoomView:
    """The room as the caller may see it."""
    path, who = LotPath(number=number), actor()
    return read(lambda session: room_queries.view(session, who, path.number))


def newest(case: str) -> int:
    """The last entry of the caller's stream, of a case or of its recordings' own chain, from which the page goes on live."""
    who = actor()
    audience = read(lambda session: audience_of(session, who, case_of(case)))
    return 0 if audience is None else read(lambda session: streams.last(session, case, audience))


def show_draw(number: str, fault: str, reply: Mapping[str, Any] | None = None) -> str:
    """The draw page; `reply` is a provincial pool's file that waits for the centre's signature."""
    who = actor()
    clock = platform().door.clock
    view = read(lambda session: queries.draw_page(session, who, number, clock(session)))
    return page("draw", view=view, draw=view.newest, fault=fault, reply=reply, seq=newest(view.lot.case))
