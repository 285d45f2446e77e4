"""Pages of a lot: its public page, and the pages on which its parties prepare and sign each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from core.identity.web.posted import Posted
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.texts import sentence
from trading.domain.draft import DraftKind
from trading.queries.follows import is_followed
from trading.queries.lot_orders import order_page
from trading.queries.lot_page import lot_page
from trading.queries.workplace import Workplace, award_letter, workplace
from trading.services import drafts
from trading.web.composing import begun
from trading.web.pages_notices import page
from trading.web.posted_award_plan import award_plan
from trading.web.posted_drafts import contract, document, notice
from trading.web.posted_method import misread
from trading.web.posted_review import misread_review
from trading.web.texts_readiness import rows

blueprint = Blueprint("trading_lot_pages", __name__)
PARTIES = (Role.AGENCY, Role.TENDERER, Role.CENTRE, Role.SUPERVISOR)


@blueprint.get("/lots/<number>")
@public
@quiet
def lot(number: str) -> ResponseReturnValue:
    """A lot: what stands, its legal moments, what may be done now and why the rest may not yet."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: lot_page(session, number, who, clock(session)))
    reasons = [(found.action, sentence(found.refusal, platform().sentences)) for found in view.hindrances]
    checks = rows(view.checks, platform().sentences)
    return page("lot", view=view, reasons=reasons, checks=checks, is_followed=read(lambda session: is_followed(session, who, view.lot.id)))


def _workplace(number: str, kind: DraftKind | None) -> Workplace:
    who, clock = actor(), platform().door.clock
    return read(lambda session: workplace(session, number, who, clock(session), kind))


def _step(name: str, number: str, kind: DraftKind | None, make: Callable[[], dict[str, JSON]] | None = None) -> ResponseReturnValue:
    """Shows a step; a posted form saves its draft and comes back with what is to be signed, or with what is wrong with it."""
    if request.method == "GET" or make is None or kind is None:
        return _show(name, _workplace(number, kind))
    saved = _save(number, kind, make)
    if saved.errors:
        return _show(name, _workplace(number, kind), saved.errors, request.form), saved.status
    return redirect(f"{request.path}#sign", 303)


def _show(name: str, view: Workplace, errors: Sequence[tuple[str, str]] = (), values: Mapping[str, str] | None = None) -> str:
    checks = rows(view.page.checks, platform().sentences)
    return page(name, view=view, checks=checks, errors=errors, values={} if values is None else values)


def _save(number: str, kind: DraftKind, make: Callable[[], dict[str, JSON]]) -> Posted[Any]:
    try:
        content = make()
        return Posted(perform(lambda work: drafts.save(work, number, kind, content)), [])
    except Refusal as refusal:
        return Posted(None, [misread(refusal) or misread_review(refusal) or ("", _why(refusal))], status_of(refusal))


def _why(refusal: Refusal) -> str:
    """What a refusal says, with the code and the article of the rule behind it."""
    article = refusal.article if isinstance(refusal, RuleBroken) else ""
    said = (sentence(refusal, platform().sentences), str(refusal.facts.get("rule", "")), article)
    return " ".join(part for part in said if part)


@blueprint.route("/lots/<number>/award-plan", methods=["GET", "POST"])
@requires(*PARTIES)
def plan_page(number: str) -> ResponseReturnValue:
    """The award plan."""
    return _step("award_plan", number, DraftKind.AWARD_PLAN, award_plan)


@blueprint.route("/lots/<number>/document", methods=["GET", "POST"])
@requires(*PARTIES)
def document_page(number: str) -> ResponseReturnValue:
    """The tender document."""
    return _step("document", number, DraftKind.DOCUMENT, lambda: begun(number) if request.form.get("compose") else document())


@blueprint.route("/lots/<number>/notice", methods=["GET", "POST"])
@requires(*PARTIES)
def notice_page(number: str) -> ResponseReturnValue:
    """The tender notice: drafted by the agency, signed by the tenderer."""
    return _step("notice_draft", number, DraftKind.NOTICE, notice)


def _order(name: str, number: str) -> ResponseReturnValue:
    who, clock, wish = actor(), platform().door.clock, request.args.get("deadline", "")
    view = read(lambda session: order_page(session, number, who, clock(session), wish))
    return page("lot_order", order=name, view=view)


@blueprint.get("/lots/<number>/termination")
@requires(*PARTIES)
def termination_page(number: str) -> ResponseReturnValue:
    """The tenderer ends the lot."""
    return _order("terminate", number)


@blueprint.get("/lots/<number>/suspension")
@requires(*PARTIES)
def suspension_page(number: str) -> ResponseReturnValue:
    """The supervisor suspends it."""
    return _order("suspend", number)


@blueprint.get("/lots/<number>/resumption")
@requires(*PARTIES)
def resumption_page(number: str) -> ResponseReturnValue:
    """The supervisor lets it go on, with the deadline that the law asks for or a later one (`?deadline=`, Beijing time)."""
    return _order("resume", number)


@blueprint.get("/lots/<number>/candidates")
@requires(*PARTIES)
def candidates_page(number: str) -> ResponseReturnValue:
    """The publicity of the candidates."""
    return _step("candidates", number, None)


@blueprint.get("/lots/<number>/award-notice")
@requires(*PARTIES, Role.BIDDER)
def award_notice_page(number: str) -> ResponseReturnValue:
    """The award notice; for those who lost, their result."""
    who, clock = actor(), platform().door.clock
    return page("award_notice", view=read(lambda session: award_letter(session, number, who, clock(session))))


@blueprint.route("/lots/<number>/contract", methods=["GET", "POST"])
@requires(*PARTIES, Role.BIDDER)
def contract_page(number: str) -> ResponseReturnValue:
    """The contract: its text from the tenderer, then both signatures."""
    return _step("contract", number, DraftKind.CONTRACT, contract)
