"""The opening hall's pages: the list of openings, one hall with what each may do in it, its record, and the officers' desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from core.kernel import jcs, streams
from core.kernel.clock import moment
from core.kernel.money import Money
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import public, quiet, requires
from core.web.headers import needs_wasm
from core.web.platform import platform
from trading.domain.lots_drawn import DrawState
from trading.domain.opening import LATER_PRICES, Key, OpeningAction, OpeningState
from trading.queries import openings
from trading.queries.audience import audience_of
from trading.queries.hall_views import HallView
from trading.queries.openings_list import openings_list
from trading.web.forms_opening import LotPath, PartQuery
from trading.web.openings import asked
from trading.web.texts_hall import COEFFICIENT_STAGE, DRAW_STATES, ODDITIES, PARTIES
from trading.web.texts_opening import CAUSES, KEYS, OFFICES, OPENING_STATES, OTHER_REASON, REASONS, SIGNERS

blueprint = Blueprint("trading_opening_pages", __name__)
WORDS = {
    "STATES": OPENING_STATES,
    "KEYS": KEYS,
    "OFFICES": OFFICES,
    "CAUSES": CAUSES,
    "REASONS": REASONS,
    "OTHER_REASON": OTHER_REASON,
    "SIGNERS": SIGNERS,
    "DRAW_STATES": DRAW_STATES,
    "PARTIES": PARTIES,
    "DrawState": DrawState,
    "ODDITIES": ODDITIES,
    "Action": OpeningAction,
    "LATER_PRICES": LATER_PRICES,
    "State": OpeningState,
    "Key": Key,
    "Role": Role,
    "money": Money.yuan,
    "moment": lambda written: None if written is None else moment(written),
}


def page(name: str, **facts: Any) -> str:
    """One of the templates of the hall, with the names of states, keys and offices at hand."""
    return render_template(f"trading/{name}.html", **WORDS, **facts)


@blueprint.get("/openings")
@public
@quiet
def all_openings() -> str:
    """The openings ahead, under way and done."""
    return page("openings", rows=read(openings_list))


@blueprint.get("/lots/<number>/opening")
@public
@quiet
def hall(number: str) -> str:
    """One opening, with what this caller may see and do."""
    path, part = LotPath(number=number), _which()
    who, clock = actor(), platform().door.clock
    view = read(lambda session: openings.hall(session, who, path.number, clock(session), part.part, round_=part.round))
    audience = read(lambda session: audience_of(session, who, view.lot.case)) or "public"
    seq = read(lambda session: streams.last(session, view.lot.case, audience))
    needs_wasm()
    return page("opening", view=view, seq=seq, stages=stages(view), here=request.full_path.rstrip("?"))


@blueprint.get("/lots/<number>/opening/record")
@public
def record(number: str) -> str:
    """The opening record, to be read, signed and printed."""
    path, part = LotPath(number=number), _which()
    who, clock = actor(), platform().door.clock
    view = read(lambda session: openings.hall(session, who, path.number, clock(session), part.part, round_=part.round))
    written = jcs.parse_object(read(lambda session: openings.record(session, path.number, part.part, part.round)))
    return page("opening_record", view=view, record=written)


def _which() -> PartQuery:
    return PartQuery.model_validate(request.args.to_dict())


@blueprint.get("/officer")
@requires(Role.OFFICER)
def officer() -> str:
    """What the caller's office is asked; the share itself is released by the office's own tool, never here."""
    return page("opening_officer", pending=asked())


def stages(view: HallView) -> list[dict[str, object]]:
    """The row of stages, without those that a price opening passes over; the draw of coefficients where there is one."""
    order = [state for state in OpeningState if view.round == 0 or state not in (OpeningState.SIGN_IN, OpeningState.IDENTITY_CHECK)]
    here = order.index(view.state)
    marks = ["done"] * here + ["now"] + ["next"] * (len(order) - here - 1)
    row: list[dict[str, object]] = [{"label": OPENING_STATES[state], "state": mark} for state, mark in zip(order, marks, strict=True)]
    if view.coefficients.wanted and view.round == 0:
        place = order.index(OpeningState.DECRYPTING)
        row.insert(place, {"label": COEFFICIENT_STAGE, "state": _mark_of_draw(view, here - place)})
    return row


def _mark_of_draw(view: HallView, behind: int) -> str:
    """Done once drawn; now while it is under way, beside the check of identities."""
    newest = view.coefficients.newest
    if behind >= 0 or (newest is not None and newest.drawn_at is not None):
        return "done"
    return "next" if newest is None else "now"
