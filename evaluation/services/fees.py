"""Experts' fees up to the payer's confirmation: rule, breaks and extras, calculation, objection, correction, confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import legal_day
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.ids import LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain import fee_evidence as evidence
from evaluation.domain.fee import check_extras
from evaluation.domain.fee_body import (
    PAYER_ARTICLE,
    BreakBody,
    ConfirmationBody,
    CorrectionBody,
    ExtraBody,
    ObjectionBody,
    Payer,
    RuleBody,
    payer_of,
)
from evaluation.domain.fee_evidence import Line, Said
from evaluation.domain.fee_life import MOVES, FeeAction, FeeFacts, FeeState
from evaluation.domain.fee_table import BY_ID, is_of
from evaluation.events_fees import (
    BreakRecorded,
    ExtraRecorded,
    FeeCorrected,
    FeeObjected,
    FeeRuleFixed,
    FeesCalculated,
    FeesConfirmed,
)
from evaluation.models.experts import Site
from evaluation.models.fees import Fee, FeeRule
from evaluation.queries.fee_evidence import is_drawn_for, person_of, said, takes_no_more
from evaluation.services import fee_telling
from trading.domain.periods import LegalRegime
from trading.queries import lots
from trading.queries.lots import LotView


def fix_rule(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The centre fixes by which standard the experts are paid, and by whom, before the draw (later with a reason). Records FeeRuleFixed."""
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect("fee.rule", lot.case, lot.no, role=Role.CENTRE), lambda act: _fix_rule(work, lot, act))


def _fix_rule(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = RuleBody.read(act.body)
    _open(work, lot)
    if work.session.get(FeeRule, lot.id) is not None:
        raise WrongState("fee.rule.twice")
    table, now = BY_ID[body.table], work.now()
    if not table.holds(lot.regime, legal_day(now)):
        raise RuleBroken("fee.table_elsewhere", table.source)
    if not is_of(table, lot.region) and not body.basis.strip():
        raise RuleBroken("fee.basis_missing", table.source, region=lot.region)
    if is_drawn_for(work.session, lot.id) and not body.late_reason.strip():
        raise RuleBroken("fee.late_reason")
    if body.payer is not payer_of(lot.regime is LegalRegime.GOVERNMENT_PROCUREMENT, body.catalogue):
        raise RuleBroken("fee.payer_other", PAYER_ARTICLE)
    payer = lot.parties.agency if body.payer is Payer.AGENCY else lot.parties.tenderer
    made = FeeRule(lot_id=lot.id, body=dict(act.body), statement_sha256=act.payload_sha256, payer_org=payer, fixed_at=now)
    work.session.add(made)
    work.record(FeeRuleFixed(case=lot.case, lot=lot.no, signed=act.envelope, table=body.table))
    return {"table": body.table, "payer": body.payer.value}


def record_break(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The host puts on record a stretch that does not count, for all or for some seats. Records BreakRecorded."""
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect("fee.break", lot.case, lot.no, role=Role.CENTRE), lambda act: _record_break(work, lot, act))


def _record_break(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = BreakBody.read(act.body)
    _before_calculation(work, lot)
    now = work.now()
    room = evidence.Room.read(said(work.session, lot))
    if not room.seated:
        raise WrongState("fee.room_missing")
    if body.span.end > now:
        raise RuleBroken("fee.break.future")
    if unknown := sorted(set(body.seats) - set(room.seated)):
        raise RuleBroken("fee.seat_unknown", seat=unknown[0])
    work.record(BreakRecorded(case=lot.case, lot=lot.no, signed=act.envelope))
    return {"seats": list(body.seats)}


def record_extra(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The host puts on record what a member is paid beside the time; a newer record replaces it. Records ExtraRecorded."""
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect("fee.extra", lot.case, lot.no, role=Role.CENTRE), lambda act: _record_extra(work, lot, act))


def _record_extra(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = ExtraBody.read(act.body)
    row = _before_calculation(work, lot)
    heard = said(work.session, lot)
    _check_extra(work, row, evidence.Room.read(heard), body)
    work.record(ExtraRecorded(case=lot.case, lot=lot.no, signed=act.envelope, line=body.line))
    return {"line": body.line}


def _check_extra(work: Work, row: FeeRule, room: evidence.Room, body: ExtraBody | CorrectionBody) -> None:
    """Raises RuleBroken for nobody's line, extras that the standard does not know, and travelling of whoever sits at a remote site."""
    sitting = next((one for one in room.sittings if one.line == body.line), None)
    if sitting is None:
        raise RuleBroken("fee.line")
    table = BY_ID[_rule_in(row).table]
    check_extras(table, body.extras)
    is_host = work.session.scalar(select(Site.is_host).where(Site.name == sitting.site))
    if body.extras.are_of_travel and not is_host:
        raise RuleBroken("fee.extra.remote", table.source)


def calculate(work: Work, lot_id: LotId) -> None:
    """The platform calculates the fees of a room whose work has ended, and tells the members. Records FeesCalculated."""
    row = lock(work.session, FeeRule, FeeRule.lot_id == lot_id)
    lot = lots.by_id(work.session, lot_id)
    if row.calculated_at is not None:
        raise WrongState("fee.calculated")
    _open(work, lot)
    found = evidence.lines(said(work.session, lot))
    now = row.calculated_at = work.now()
    fees = [_fee(row, line, new_id(now)) for line in found]
    for fee in fees:
        fee.calculated_at = now
    work.session.add_all(fees)
    work.session.flush()
    _record(work, lot, row, found)
    fee_telling.calculated(work, lot, fees)


def _fee(row: FeeRule, line: Line, key: UUID) -> Fee:
    person = person_of(line.person)
    assert person is not None
    made = Fee(id=key, lot_id=row.lot_id, line=line.line, person_id=person, payer_org=row.payer_org, objection="", correction="")
    made.state = FeeState.CALCULATED
    _put(made, line)
    return made


def _put(fee: Fee, line: Line) -> None:
    fee.calculation, fee.fee, fee.travel = line.to_json(), line.sum.fee, line.sum.travel


def _record(work: Work, lot: LotView, row: FeeRule, found: Iterable[Line], round_: int = 0) -> None:
    lines = list(found)
    work.record(
        FeesCalculated(
            case=lot.case,
            lot=lot.no,
            round=round_,
            rule_sha256=row.statement_sha256,
            lines=[line.to_json() for line in lines],
            total_fen=evidence.total(lines).fen,
        )
    )


def object_to(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member objects to their own fee, once, with a sentence. Records FeeObjected."""
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect("fee.object", lot.case, lot.no, role=Role.EXPERT), lambda act: _object(work, lot, act))


def _object(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = ObjectionBody.read(act.body)
    fee = _hold(work, lot, body.line)
    if fee.person_id != act.person:
        raise NotFound("fee.not_found")
    fee.state = MOVES.choose(FeeAction.OBJECT, fee.state, frozenset({act.role}), facts_of(work, lot, fee))
    fee.objection, fee.objected_at, fee.confirmed_at = body.text, work.now(), None
    work.record(FeeObjected(case=lot.case, lot=lot.no, signed=act.envelope, line=fee.line))
    fee_telling.objected(work, lot)
    return {"line": fee.line, "state": fee.state.value}


def correct(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The host corrects a member's breaks and extras once, or upholds them, with a reason; the fee is calculated anew.

    Records FeeCorrected and FeesCalculated.
    """
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect("fee.correct", lot.case, lot.no, role=Role.CENTRE), lambda act: _correct(work, lot, act))


def _correct(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = CorrectionBody.read(act.body)
    row = lock(work.session, FeeRule, FeeRule.lot_id == lot.id)
    fee = _hold(work, lot, body.line)
    fee.state = MOVES.choose(FeeAction.CORRECT, fee.state, frozenset({act.role}), facts_of(work, lot, fee))
    heard = said(work.session, lot)
    _check_extra(work, row, evidence.Room.read(heard), body)
    now = work.now()
    fee.correction, fee.corrected_at = body.reason, now
    work.record(FeeCorrected(case=lot.case, lot=lot.no, signed=act.envelope, line=fee.line))
    heard.append(Said("fee.correct", act.statement.actor.id, now, act.payload_sha256, act.body))
    line = next(one for one in evidence.lines(heard) if one.line == fee.line)
    _put(fee, line)
    _record(work, lot, row, [line], 1)
    fee_telling.corrected(work, lot, fee)
    return {"line": fee.line, "state": fee.state.value, "fee_fen": fee.fee.fen}


def confirm(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The payer confirms lines of a lot by one signature, naming what they cost together. Records FeesConfirmed."""
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect("fee.confirm", lot.case, lot.no, step_up=True), lambda act: _confirm(work, lot, act))


def _confirm(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = ConfirmationBody.read(act.body)
    row = lock(work.session, FeeRule, FeeRule.lot_id == lot.id)
    rule = _rule_in(row)
    if act.org != row.payer_org or act.role is not Role(rule.payer.value):
        raise NotAllowed("fee.confirm.not_allowed")
    fees, now = [_hold(work, lot, line) for line in body.lines], work.now()
    for fee in fees:
        fee.state = MOVES.choose(FeeAction.CONFIRM, fee.state, frozenset({act.role}), facts_of(work, lot, fee))
        fee.confirmed_at = now
    total = Money(sum(fee.fee.fen + fee.travel.fen for fee in fees))
    if total != body.total:
        raise RuleBroken("fee.total_differs", wanted=str(total))
    work.record(FeesConfirmed(case=lot.case, lot=lot.no, signed=act.envelope, lines=list(body.lines)))
    return {"lines": list(body.lines), "total_fen": total.fen}


# Rows


def _rule_in(row: FeeRule) -> RuleBody:
    """The rule as it was signed."""
    return RuleBody.read(cast("Mapping[str, object]", row.body))


def _open(work: Work, lot: LotView) -> None:
    if takes_no_more(work.session, lot):
        raise WrongState("fee.case_closed")


def _before_calculation(work: Work, lot: LotView) -> FeeRule:
    """The lot's rule, held; raises WrongState once the fees stand."""
    try:
        row = lock(work.session, FeeRule, FeeRule.lot_id == lot.id)
    except NotFound:
        raise WrongState("fee.rule_missing") from None
    _open(work, lot)
    if row.calculated_at is not None:
        raise WrongState("fee.calculated")
    return row


def _hold(work: Work, lot: LotView, line: str) -> Fee:
    return lock(work.session, Fee, Fee.lot_id == lot.id, Fee.line == line)


def facts_of(work: Work, lot: LotView, fee: Fee) -> FeeFacts:
    """What the table looks at up to the confirmation."""
    return FeeFacts(
        is_closed=takes_no_more(work.session, lot),
        has_objected=fee.objected_at is not None,
        has_corrected=fee.corrected_at is not None,
    )
