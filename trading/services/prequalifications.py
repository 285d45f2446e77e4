"""A round of prequalification up to its deadline: document, notice, committee; what an objection stops; how it fails."""

from __future__ import annotations

from typing import cast

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import uploads
from core.kernel.db import lock
from core.kernel.errors import NotFound, RuleBroken, WrongState
from core.kernel.ids import CaseId, LotId, OrgId, PersonId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import prequalification as rules
from trading.domain.draft import DraftKind
from trading.domain.failure import FailureReason
from trading.domain.lot import LotAction, roles_of
from trading.domain.lot_order import earliest_deadline
from trading.domain.notice import NoticeKind
from trading.domain.prequalification import Reviewers, RoundAction, RoundDocument, RoundFacts, RoundNotice, RoundState
from trading.domain.prequalification_review import ReviewCommittee, check_committee
from trading.events_prequalification import CommitteeNamed, RoundDocumentLaidDown, RoundGoesOn, RoundHalted, RoundPublished
from trading.models.lot import Lot
from trading.models.prequalification import Prequalification, RoundReviewer
from trading.models.project import Project
from trading.queries import prequalifications as queries
from trading.queries.lots import law_of, parties_of, split
from trading.services import drafts
from trading.services.lots import hold, move, move_as_system
from trading.services.notices import Announcement, announce, announce_failure

SYSTEM = frozenset({Role.SYSTEM})


def row_of(work: Work, lot: Lot) -> Prequalification:
    """The round of a held lot, locked; raises NotFound for a lot that has none."""
    if work.session.get(Prequalification, lot.id) is None:
        raise NotFound("prequalification.not_found")
    return lock(work.session, Prequalification, Prequalification.lot_id == lot.id)


def step(work: Work, held: tuple[Lot, Project, Prequalification], action: RoundAction, role: Role, facts: RoundFacts) -> None:
    """Moves a held round as somebody who acts in `role`; raises what its table finds."""
    lot, project, row = held
    roles = roles_of(work.actor, parties_of(lot, project)) & {role}
    row.state = rules.MOVES.choose(action, row.state, roles, facts)


def lay_down(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The agency lays down the prequalification document, or another one while the notice is not out. Its files have come in through the
    agency's own uploads. Raises NotFound for a file that has not, RuleBroken with the article (实施条例 art. 18)."""
    case, no = split(number)
    return once(work, request, Expect("prequalification.document", case, no, role=Role.AGENCY), lambda act: _lay_down(work, number, act))


def _lay_down(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    told = move(work, lot, project, LotAction.PREQUALIFY, act.role)
    said = RoundDocument.read(act.body)
    rules.check_document(said, act.body, law_of(project))
    row = work.session.get(Prequalification, lot.id)
    facts = RoundFacts(now=told.now, regime=lot.regime)
    rules.MOVES.choose(RoundAction.LAY_DOWN, RoundState.DRAFTED if row is None else row.state, frozenset({Role.AGENCY}), facts)
    for entry in said.files:
        if uploads.complete(work.session, act.person, entry.sha256).length != entry.size:
            raise RuleBroken("document.size_other", name=entry.name)
    if row is None:
        row = Prequalification(lot_id=lot.id, state=RoundState.DRAFTED, title="", notice="", drawn="", result_sha256="", unanswered=0)
        work.session.add(row)
        lot.awaits_round = True
    row.document, row.document_sha256, row.reviewers = cast(JSON, dict(act.body)), said.document_sha256, said.reviewers
    drafts.forget(work, LotId(lot.id), DraftKind.PREQUALIFICATION_DOCUMENT)
    drafts.forget(work, LotId(lot.id), DraftKind.PREQUALIFICATION_NOTICE)  # it names the document before
    named = said.document_sha256
    work.record(RoundDocumentLaidDown(case=CaseId(project.number), lot=lot.no, signed=act.envelope, subject=named, document_sha256=named))
    return {"lot": number, "document_sha256": named}


def publish(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer publishes the prequalification notice (资格预审公告). Raises RuleBroken with the article: T2B, T6."""
    case, no = split(number)
    expect = Expect("prequalification.publish", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _publish(work, number, act))


def _publish(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    row = row_of(work, lot)
    now, said = work.now(), RoundNotice.read(act.body)
    step(work, (lot, project, row), RoundAction.PUBLISH, act.role, queries.round_facts(row, lot.regime, now))
    rules.check_notice(said, row.document_sha256, now, law_of(project))
    row.title, row.noticed_at = said.title, now
    row.release_at, row.release_until, row.deadline = said.release_at, said.release_until, said.deadline
    drafts.forget(work, LotId(lot.id), DraftKind.PREQUALIFICATION_NOTICE)
    notice = announce(work, (lot, project), Announcement(NoticeKind.PREQUALIFICATION, said.title, act.body), act)
    row.notice = notice.number
    work.record(
        RoundPublished(
            case=CaseId(project.number),
            lot=lot.no,
            signed=act.envelope,
            number=notice.number,
            title=said.title,
            release_at=said.release_at,
            release_until=said.release_until,
            deadline=said.deadline,
        )
    )
    return {"lot": number, "notice": notice.number, "state": row.state.value}


def name_committee(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer names the committee that reviews (资格审查委员会): experts as the pool's draw gave them, and its own people.

    Raises RuleBroken for one that is not made as the law says, or for a member whose name or role is another than on file."""
    case, no = split(number)
    expect = Expect("prequalification.committee", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _name_committee(work, number, act))


def _name_committee(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    row = row_of(work, lot)
    said, now = ReviewCommittee.read(act.body), work.now()
    if row.reviewers is not Reviewers.COMMITTEE:
        raise WrongState("prequalification.no_committee")
    named = bool(queries.reviewers(work.session, LotId(lot.id)))
    facts = queries.round_facts(row, lot.regime, now)
    step(work, (lot, project, row), RoundAction.NAME_COMMITTEE, act.role, queries.with_committee(facts, named, 0))
    check_committee(said)
    known = _may_review(work, project)
    for one in said.members:
        if known.get((one.person, one.expert)) != one.name:
            raise RuleBroken("prequalification.member_unknown", name=one.name)
        work.session.add(
            RoundReviewer(
                id=new_id(now), lot_id=lot.id, person_id=one.person, name=one.name, expert=one.expert, sheet=None, sheet_sha256=""
            )
        )
    row.drawn = said.drawn
    work.record(CommitteeNamed(case=CaseId(project.number), lot=lot.no, signed=act.envelope, members=len(said.members)))
    return {"lot": number, "members": len(said.members)}


def _may_review(work: Work, project: Project) -> dict[tuple[PersonId, bool], str]:
    """Who may sit in a committee, by person and whether as an expert, with the name on file."""
    experts = {(one.id, True): one.name for one in people.holders(work.session, Role.EXPERT)}
    own = people.holders(work.session, Role.TENDERER, OrgId(project.tenderer_org))
    return experts | {(one.id, False): one.name for one in own}


def fail(work: Work, held: tuple[Lot, Project], reason: FailureReason) -> None:
    """A held lot has failed with its round; its failure is published, and it may be tendered again (实施条例 art. 19)."""
    lot, _ = held
    move_as_system(work, lot, LotAction.FAIL_PREQUALIFIED)
    lot.awaits_round = False
    announce_failure(work, held, reason)


def settle(work: Work, held: tuple[Lot, Project], number: str) -> None:
    """A round stands still while an objection to it is not answered; afterwards its applicants have the time that they had
    (实施条例 art. 22). `number`: of the objection."""
    lot, project = held
    row = work.session.get(Prequalification, lot.id)
    if row is None or not lot.awaits_round:
        return
    row = row_of(work, lot)
    row.unanswered, now, case = lot.unanswered, work.now(), CaseId(project.number)
    is_stopped = rules.stopped(queries.round_facts(row, lot.regime, now)) is not None
    if is_stopped and row.halted_at is None:
        row.halted_at = now
        work.record(RoundHalted(case=case, lot=lot.no, number=number))
    elif not is_stopped and row.halted_at is not None:
        if row.deadline is not None and row.halted_at < row.deadline:
            row.deadline = earliest_deadline(law_of(project), row.deadline, row.halted_at, now)
            work.record(RoundGoesOn(case=case, lot=lot.no, number=number, deadline=row.deadline))
        row.halted_at = None
