"""The file that protects a tenderer: papers, register, comparison, award report; what is missing in it blocks the next step."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import uploads
from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.errors import RuleBroken, WrongState
from core.kernel.ids import LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.shield import Stage, first_missing
from evaluation.domain.shield_body import COMPARED, Interference, Paper, read_closing, read_refusal, read_signature
from evaluation.domain.shield_life import DECLINE_AFTER, MOVES, Action, Facts, State, clauses_hold
from evaluation.domain.shield_matrix import matrix
from evaluation.domain.shield_record import public
from evaluation.domain.shield_said import DECLINED, DRAFT, ENTRY, PAPER, REGISTER, SIGNED, Told
from evaluation.events_shields import (
    AwardPaperFiled,
    AwardReportDeclined,
    AwardReportDrafted,
    AwardReportSigned,
    ComparisonMade,
    InterferenceEntered,
    RegisterClosed,
)
from evaluation.models.shields import Shield, ShieldFile, ShieldStatement
from evaluation.queries import shields as queries
from trading.models.lot import Lot
from trading.queries import awards as trading_awards
from trading.queries import lots
from trading.queries.lots import LotView
from trading.services import awards as trading_services

SYSTEM = frozenset({Role.SYSTEM})


class Held:
    """The file of a lot under lock."""

    def __init__(self, work: Work, lot: LotView) -> None:
        self.work, self.lot = work, lot
        lock(work.session, Lot, Lot.id == lot.id)
        row = work.session.get(Shield, lot.id)
        if queries.state_of(work.session, lots.by_id(work.session, lot.id)) is None:
            raise WrongState("shield.none")
        if row is None:
            row = Shield(lot_id=lot.id, state=State.PREPARING, result_sha256="", report_sha256="")
            work.session.add(row)
            work.session.flush()
        self.row = row
        self.said = queries.told(work.session, lot)

    def move(self, action: Action, act: Act | None, facts: Facts | None = None) -> None:
        """A move of who acts, or one that follows by itself; raises what the table finds."""
        roles = SYSTEM
        if act is not None:
            roles = queries.roles(Actor(act.person, act.org, frozenset({act.role})), self.lot, self.said.members)
        self.row.state = MOVES.choose(action, self.row.state, roles, facts or Facts())

    def keep(self, kind: str, act: Act, person: UUID | None = None) -> None:
        """Notes a statement; `person`: whom it is about, where that is not who speaks."""
        self.work.session.add(
            ShieldStatement(
                payload_sha256=act.payload_sha256,
                lot_id=self.lot.id,
                kind=kind,
                person_id=person or act.person,
                role=act.role.value if person is None else Role.AWARD_MEMBER.value,
                at=self.work.now(),
            )
        )
        self.work.session.flush()

    def stated(self, *kinds: str) -> set[tuple[str, str]]:
        """Role and person of the statements of these kinds, those in flight included."""
        query = select(ShieldStatement.role, ShieldStatement.person_id)
        found = self.work.session.execute(query.where(ShieldStatement.lot_id == self.lot.id, ShieldStatement.kind.in_(kinds)))
        return {(role, str(person)) for role, person in found}

    def fall_due(self, act: Act) -> None:
        """The report may be due: seen when this act is committed."""
        self.work.send("award_report.due", act.payload_sha256, {"lot": str(self.lot.id)})

    def settle(self, kind: str) -> None:
        """Raises WrongState while a statement of this kind is in flight, so that nothing is made or signed without it."""
        if len(self.said.all(kind)) != queries.own_count(self.work.session, self.lot, kind):
            raise WrongState("shield.unsettled")


# What people do


def file_paper(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The tenderer files a paper; what feeds the comparison must come before the session is opened. Records AwardPaperFiled."""
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect(PAPER, lot.case, lot.no, role=Role.TENDERER, step_up=True), lambda act: _file_paper(work, lot, act))


def _file_paper(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    held = Held(work, lot)
    candidates = [str(one.org) for one in trading_awards.candidates(work.session, lot.id)]
    factors = [str(one["name"]) for one in (lot.award_plan or {}).get("factors", ())]
    paper = Paper.read(act.body, candidates, factors)
    held.move(Action.FILE_COMPARED if paper.category in COMPARED else Action.FILE, act)
    for entry in paper.files:
        if uploads.complete(work.session, act.person, entry.sha256).length != entry.size:
            raise RuleBroken("document.size_other", name=entry.name)
        if work.session.get(ShieldFile, (lot.id, entry.sha256)) is None:
            work.session.add(ShieldFile(lot_id=lot.id, sha256=entry.sha256, name=entry.name))
    held.keep(PAPER, act)
    work.record(AwardPaperFiled(case=lot.case, lot=lot.no, signed=act.envelope, category=paper.category.value))
    held.fall_due(act)
    return {"state": held.row.state.value, "paper": act.payload_sha256}


def enter_interference(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member, the tenderer or the supervisor's witness enters an interference; who signed the register before signs anew. Records
    InterferenceEntered."""
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect(ENTRY, lot.case, lot.no, step_up=True), lambda act: _enter(work, lot, act))


def _enter(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    held = Held(work, lot)
    Interference.read(act.body)
    held.move(Action.ENTER, act)
    held.keep(ENTRY, act)
    work.record(InterferenceEntered(case=lot.case, lot=lot.no, signed=act.envelope))
    return {"state": held.row.state.value, "entry": act.payload_sha256}


def close_register(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member or the tenderer signs the register as all there is, "none" included; with the last the report falls due. Records
    RegisterClosed."""
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect(REGISTER, lot.case, lot.no, step_up=True), lambda act: _close(work, lot, act))


def _close(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    held = Held(work, lot)
    held.move(Action.CLOSE_REGISTER, act)
    held.settle(ENTRY)
    read_closing(act.body, held.said.entries)
    held.keep(REGISTER, act)
    work.record(RegisterClosed(case=lot.case, lot=lot.no, signed=act.envelope))
    held.fall_due(act)
    return {"state": held.row.state.value}


def sign_report(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member or the tenderer signs the award report; the last signature hands the result over. Records AwardReportSigned."""
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect(SIGNED, lot.case, lot.no, step_up=True), lambda act: _sign(work, lot, act))


def _sign(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    held = Held(work, lot)
    has_signed = (act.role.value, str(act.person)) in held.stated(SIGNED)
    held.move(Action.SIGN, act, Facts(has_signed=has_signed))
    read_signature(act.body, held.row.report_sha256)
    held.keep(SIGNED, act)
    work.record(AwardReportSigned(case=lot.case, lot=lot.no, signed=act.envelope, report_sha256=held.row.report_sha256))
    return _hand_over(held)


def decline(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The tenderer notes, a day after the draft at the earliest, that a member refuses to sign, and why. Records AwardReportDeclined."""
    lot = lots.noticed(work.session, number)
    return once(work, signed, Expect(DECLINED, lot.case, lot.no, role=Role.TENDERER, step_up=True), lambda act: _decline(work, lot, act))


def _decline(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    held = Held(work, lot)
    member, _ = read_refusal(act.body, held.row.report_sha256, held.said.members)
    has_signed = (Role.AWARD_MEMBER.value, member) in held.stated(SIGNED, DECLINED)
    held.move(Action.DECLINE, act, Facts(has_signed=has_signed))
    if held.row.drafted_at is None or work.now() < held.row.drafted_at + DECLINE_AFTER:
        raise WrongState("shield.decline_early")
    held.keep(DECLINED, act, UUID(member))
    work.record(AwardReportDeclined(case=lot.case, lot=lot.no, signed=act.envelope, report_sha256=held.row.report_sha256))
    return _hand_over(held)


def _hand_over(held: Held) -> dict[str, JSON]:
    """Once nobody's signature is missing the result goes to trading, whose award notice waits for it."""
    stated = held.stated(SIGNED, DECLINED)
    members = {one for role, one in stated if role == Role.AWARD_MEMBER.value}
    missing = len(set(held.said.members) - members) + (not any(role == Role.TENDERER.value for role, _ in stated))
    if not missing:
        held.move(Action.HAND_OVER, None, Facts(unsigned=missing))
        assert held.row.winner is not None, "a decided session has a winner"
        drafted = held.said.last(DRAFT)
        assert drafted is not None, "a report that is signed was drafted"
        told = public(drafted.body["record"], held.row.report_sha256)
        trading_services.accept_award_decision(held.work, LotId(held.lot.id), OrgId(held.row.winner), held.row.result_sha256, told)
    return {"state": held.row.state.value}


# What the session asks, and tells


def begin(work: Work, lot: LotView) -> None:
    """The session is being opened: raises RuleBroken naming the clause that is missing, else compares. Records ComparisonMade."""
    held = Held(work, lot)
    held.settle(PAPER)
    held.move(Action.BEGIN, None, _missing(held.said, Stage.OPEN))
    made = matrix(queries.told(work.session, lot, compared=True))
    work.record(ComparisonMade(case=lot.case, lot=lot.no, matrix=made))


def may_vote(work: Work, lot: LotView) -> None:
    """A round begins: raises RuleBroken naming the clause that is missing."""
    if work.session.get(Shield, lot.id) is None:  # as in `decided`
        return
    refusal = clauses_hold(_missing(queries.told(work.session, lot), Stage.ROUND))
    if refusal is not None:
        raise refusal


def _missing(said: Told, stage: Stage) -> Facts:
    row = first_missing(said, stage)
    return Facts() if row is None else Facts(missing=row.clause.code, basis=row.clause.basis)


def decided(work: Work, lot_id: LotId, winner: OrgId, result_sha256: str) -> None:
    """The committee has decided: the register is closed and the report signed before the result goes to trading."""
    if work.session.get(Shield, lot_id) is None:  # the session was opened before there was a file, and ends as it began
        trading_services.accept_award_decision(work, lot_id, winner, result_sha256)
        return
    held = Held(work, lots.by_id(work.session, lot_id))
    held.move(Action.DECIDE, None)
    held.row.winner, held.row.result_sha256 = winner, result_sha256


def draft(work: Work, lot_id: LotId, seen: int, report_sha256: str, record: Mapping[str, JSON]) -> bool:
    """Fixes the digest of the rendered report and what it says, unless something came in since `seen` statements; returns whether it did.
    Records AwardReportDrafted."""
    lot = lots.by_id(work.session, lot_id)
    held = Held(work, lot)
    if queries.own_count(work.session, lot, *queries.OWN) != seen or held.row.report_sha256:
        return False
    held.move(Action.DRAFT, None, _missing(held.said, Stage.REPORT))
    held.row.report_sha256, held.row.drafted_at = report_sha256, work.now()
    work.record(AwardReportDrafted(case=lot.case, lot=lot.no, report_sha256=report_sha256, record=record, subject=report_sha256))
    work.send("log.checkpoint", f"award.report/{lot.id}", {"reason": "award"})
    return True
