"""The page of a lot's fees for one viewer: the standard, breaks and extras, the calculation, and what may be done now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from evaluation.domain import fee_evidence as evidence
from evaluation.domain.fee_body import BreakBody, RuleBody
from evaluation.domain.fee_life import MOVES, FeeAction, FeeFacts
from evaluation.domain.fee_table import BY_ID, FeeTable, choose, is_of
from evaluation.models.fees import FeeRule
from evaluation.queries import fees
from evaluation.queries.fee_evidence import is_drawn_for, said, takes_no_more
from evaluation.queries.fees import Account, FeeLine
from trading.domain.lot import roles_of
from trading.domain.periods import LegalRegime
from trading.queries import lots
from trading.queries.lots import LotView

SEEING = frozenset({Role.CENTRE, Role.TENDERER, Role.AGENCY, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Break:
    """A stretch that does not count."""

    seats: tuple[str, ...]
    why: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFees:
    """What the page shows; lines are there for centre, supervisor and payer, the choices for the centre while no rule is fixed."""

    lot: LotView
    rule: RuleBody | None
    table: FeeTable | None
    payer: str
    fixed_at: datetime | None
    choices: tuple[tuple[FeeTable, bool], ...] = ()  # with whether it is of the lot's own region
    is_procurement: bool = False
    is_late: bool = False  # the draw has been asked for
    breaks: tuple[Break, ...] = ()
    seats: tuple[str, ...] = ()
    sittings: tuple[str, ...] = ()
    lines: tuple[FeeLine, ...] = ()
    account: Account | None = None  # the payer's, for the payer
    may_fix: bool = False
    may_record: bool = False
    may_confirm: bool = False
    correctable: frozenset[str] = frozenset()
    confirmable: tuple[FeeLine, ...] = ()


def page(session: Session, actor: Actor, number: str, now: datetime) -> LotFees:
    """The page; raises NotFound for whoever has nothing to do with the lot. Experts see the standard alone, their own fee elsewhere."""
    lot = lots.noticed(session, number)
    roles = roles_of(actor, lot.parties) | (actor.roles & {Role.EXPERT})
    if not roles & (SEEING | {Role.EXPERT}):
        raise NotFound("fee.not_found")
    row = session.get(FeeRule, lot.id)
    rule = None if row is None else RuleBody.read(cast("Mapping[str, object]", row.body))
    closed = takes_no_more(session, lot)
    may_fix = Role.CENTRE in roles and row is None and not closed
    found: dict[str, object] = {
        "lot": lot,
        "rule": rule,
        "table": None if rule is None else BY_ID[rule.table],
        "payer": "" if row is None else people.organisation(session, OrgId(row.payer_org)).name,
        "fixed_at": None if row is None else row.fixed_at,
        "is_procurement": lot.regime is LegalRegime.GOVERNMENT_PROCUREMENT,
        "may_fix": may_fix,
    }
    if may_fix:
        known = choose(lot.region, lot.regime, legal_day(now))
        found |= {"choices": tuple((table, is_of(table, lot.region)) for table in known), "is_late": is_drawn_for(session, lot.id)}
    if row is not None and roles & SEEING:
        found |= _inside(session, actor, lot, row, roles, closed, now)
    return LotFees(**found)  # type: ignore[arg-type]  # gathered by role


def _inside(  # noqa: PLR0917 - what the page has found out so far
    session: Session, actor: Actor, lot: LotView, row: FeeRule, roles: frozenset[Role], closed: bool, now: datetime
) -> dict[str, object]:
    rule = RuleBody.read(cast("Mapping[str, object]", row.body))
    pays = bool(actor.org == row.payer_org and Role(rule.payer.value) in roles)
    found: dict[str, object] = {}
    if pays or roles & {Role.CENTRE, Role.SUPERVISOR}:
        lines = fees.of_lot(session, lot.id, now)
        found |= {"lines": lines, "correctable": _may(lines, roles & {Role.CENTRE}, FeeAction.CORRECT, closed)}
        if pays:
            mine = _may(lines, roles & {Role.TENDERER, Role.AGENCY}, FeeAction.CONFIRM, closed)
            confirmable = tuple(one for one in lines if one.line in mine)
            found |= {"confirmable": confirmable, "may_confirm": bool(confirmable)}
            found["account"] = fees.payer_account(session, OrgId(row.payer_org))
    if roles & {Role.CENTRE, Role.SUPERVISOR}:
        found |= _record(session, lot, row, roles, closed)
    return found


def _may(lines: tuple[FeeLine, ...], roles: frozenset[Role], action: FeeAction, closed: bool) -> frozenset[str]:
    """The lines with which these roles may do that now."""
    return frozenset(
        one.line
        for one in lines
        if action in MOVES.available(one.state, roles, FeeFacts(is_closed=closed, has_corrected=bool(one.correction)))
    )


def _record(session: Session, lot: LotView, row: FeeRule, roles: frozenset[Role], closed: bool) -> dict[str, object]:
    """The breaks that stand, and whom the host may put on record."""
    heard = said(session, lot)
    room = evidence.Room.read(heard)
    bodies = [BreakBody.read(one.body) for one in heard if one.kind == "fee.break"]
    breaks = tuple(Break(one.seats, one.why.value, one.span.begin, one.span.end) for one in bodies)
    return {
        "breaks": breaks,
        "seats": tuple(room.seated),
        "sittings": tuple(one.line for one in room.sittings),
        "may_record": Role.CENTRE in roles and row.calculated_at is None and not closed and bool(room.seated),
    }
