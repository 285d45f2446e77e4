"""The publicity of candidates: the tenderer begins it, the clock ends it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import end_of
from core.kernel.ids import CaseId, LotId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.lot import LotAction
from trading.domain.notice import NoticeKind
from trading.domain.publicity import Publicity, PublicityFacts, PublishedCandidate, check
from trading.events import CandidatesPublished, PublicityEnded
from trading.models.award import Candidate
from trading.models.lot import Lot
from trading.queries import awards
from trading.queries.lots import law_of, split
from trading.services.lots import hold, hold_by_id, move, move_as_system
from trading.services.notices import Announcement, announce


def publish_candidates(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer publishes the candidates of the report, with the award's result where the plan has it published after the award, and
    begins the publicity. Raises RuleBroken with the article (T10)."""
    case, no = split(number)
    expect = Expect("candidates.publish", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _publish(work, number, act))


def _publish(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    after = lot.publicity_after
    told = move(work, lot, project, LotAction.PUBLISH_RESULT if after else LotAction.PUBLISH_CANDIDATES, act.role)
    publicity = Publicity.read(act.body)
    counts_from = lot.awarded_at if after else lot.report_at
    assert counts_from is not None  # an evaluated lot has a report, a decided one an award
    recommended = awards.candidates(work.session, LotId(lot.id))
    facts = PublicityFacts(
        now=told.now,
        law=law_of(project),
        days=lot.publicity_days,
        counts_from=counts_from,
        report_sha256=lot.report_sha256,
        candidates=[PublishedCandidate(shown.org, shown.name, shown.rank, shown.price) for shown in recommended],
        winner=str(lot.winner_org) if after else "",
        result_sha256=lot.result_sha256 if after else "",
    )
    check(publicity, facts)
    lot.publicity_from, lot.publicity_until = told.now, end_of(publicity.until)
    row = announce(work, (lot, project), Announcement.about(NoticeKind.CANDIDATES, (lot, project), act.body), act)
    work.record(
        CandidatesPublished(
            case=CaseId(project.number),
            lot=lot.no,
            signed=act.envelope,
            number=row.number,
            candidates=publicity.candidates,
            first=publicity.first.isoformat(),
            until=publicity.until.isoformat(),
        )
    )
    return {"lot": number, "state": lot.state.value, "notice": row.number}


def end(work: Work, lot_id: LotId) -> None:
    """The publicity has run out: the award committee may decide; who won and was published has won; or, where the award is not separated,
    rank one has won (art. 55), the tenderer having to choose where several share it."""
    lot, project = hold_by_id(work, lot_id)
    ranked = () if lot.separation else _first(work, lot)
    first = ranked[0] if len(ranked) == 1 else None
    told = move_as_system(work, lot, LotAction.LEAVE_FIRST if len(ranked) > 1 else _ending(lot))
    if first is not None:
        lot.winner_org, lot.price, lot.result_sha256, lot.awarded_at = first.org_id, first.price, lot.report_sha256, told.now
    assert lot.publicity_until is not None  # the table let nobody pass without it
    winner = str(lot.winner_org) if first is not None or lot.publicity_after else ""
    work.record(PublicityEnded(case=CaseId(project.number), lot=lot.no, until=lot.publicity_until, winner=winner))


def _ending(lot: Lot) -> LotAction:
    if not lot.separation:
        return LotAction.AWARD_FIRST
    return LotAction.CONFIRM_AWARD if lot.publicity_after else LotAction.END_PUBLICITY


def _first(work: Work, lot: Lot) -> Sequence[Candidate]:
    """Whoever has the first place: one, or several who share it."""
    return work.session.scalars(select(Candidate).where(Candidate.lot_id == lot.id, Candidate.rank == 1)).all()
