"""Questions about a tender document, asked without a name, and their answers, published by the agency to everybody at once."""

from __future__ import annotations

from sqlalchemy import func, select, update

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import clock
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.ids import CaseId, LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import clarification as rules
from trading.domain.amendment import extension
from trading.domain.bid import BidFacts, bidding_is_open, takes_bids
from trading.domain.clarification import Clarification
from trading.domain.draft import DraftKind
from trading.domain.lot import LotAction
from trading.domain.notice import NoticeKind
from trading.events_document import DocumentClarified
from trading.models.clarification import DocumentClarification, DocumentQuestion
from trading.models.lot import Lot
from trading.queries import clarifications as queries
from trading.queries import document_versions as versions
from trading.queries.lots import law_of, split
from trading.services import drafts, extensions, ocds
from trading.services.lots import hold, move
from trading.services.notices import Announcement, post


def ask(work: Work, number: str, text: str) -> dict[str, JSON]:
    """A firm asks about the tender document; the same words again change nothing. No event: the case's chain would name who asked.

    Raises WrongState from the deadline on, RuleBroken for an empty or too long text, or when too many of the firm's questions wait.
    """
    org = work.actor.org
    if org is None or Role.BIDDER not in work.actor.roles:
        raise NotAllowed("bid.no_organisation")
    said = rules.read_question(text)
    lot = lock(work.session, Lot, Lot.number == number, shared=True)
    at = work.now()
    if bidding_is_open(BidFacts(at, lot.deadline, takes_bids(lot.state))) is not None:
        raise WrongState("question.not_taken")
    waits = select(func.count()).where(DocumentQuestion.lot_id == lot.id, DocumentQuestion.org_id == org, DocumentQuestion.settled_by == 0)
    if (work.session.scalar(waits) or 0) >= rules.MOST_OPEN:
        raise RuleBroken("question.too_many", most=rules.MOST_OPEN)
    row = {"id": new_id(at), "lot_id": lot.id, "org_id": org, "text": said, "digest": rules.name_of(said), "asked_at": at, "settled_by": 0}
    insert_new(work.session.connection(), DocumentQuestion, [row])
    return {"lot": number, "digest": rules.name_of(said)}


def publish(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The agency answers to everybody at once. What may affect bids moves the deadline as an amendment does (招标投标法 art. 23)."""
    case, no = split(number)
    expect = Expect("clarification.publish", case, no, role=Role.AGENCY)
    return once(work, request, expect, lambda act: _publish(work, number, act))


def _publish(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    told = move(work, lot, project, LotAction.CLARIFY, act.role)
    said, lot_id = Clarification.read(act.body), LotId(lot.id)
    waiting = [question.digest for question in queries.waiting(work.session, lot_id)]
    rules.check(said, queries.count(work.session, lot_id) + 1, lot.document_sha256, waiting)
    assert lot.deadline is not None  # the table of moves lets nobody here before the notice
    moved = extension(law_of(project), told.now, lot.deadline, said.affects_bids)
    before, deadline = lot.deadline, lot.deadline if moved is None else moved.deadline
    shown: dict[str, JSON] = {"deadline_before": clock.text(before), "deadline": clock.text(deadline)}
    notice = post(work, (lot, project), Announcement.about(NoticeKind.CLARIFICATION, (lot, project), {**act.body, **shown}), act)
    row = DocumentClarification(
        id=new_id(told.now),
        lot_id=lot.id,
        number=said.number,
        answers=act.body["answers"],
        affects_bids=said.affects_bids,
        deadline_before=before,
        deadline=deadline,
        notice=notice.number,
        published_at=told.now,
    )
    work.session.add(row)
    _settle(work, lot, said)
    drafts.forget(work, lot_id, DraftKind.CLARIFICATION)
    bidders = versions.sealed_bidders(work.session, lot_id)
    work.record(
        DocumentClarified(
            case=CaseId(project.number),
            lot=lot.no,
            signed=act.envelope,
            subject=str(said.number),
            number=notice.number,
            answers=len(said.answers),
            deadline=deadline,
            bidders=bidders,
        )
    )
    extensions.extend(work, (lot, project), moved, act, bidders)
    ocds.publish_notice(work, lot, project, notice)
    return {"lot": number, "number": said.number, "notice": notice.number, "deadline": clock.text(deadline)}


def _settle(work: Work, lot: Lot, said: Clarification) -> None:
    settled = [digest for answer in said.answers for digest in answer.settles]
    asked = (DocumentQuestion.lot_id == lot.id) & DocumentQuestion.digest.in_(settled) & (DocumentQuestion.settled_by == 0)
    work.session.execute(update(DocumentQuestion).where(asked).values(settled_by=said.number))
    work.session.flush()
