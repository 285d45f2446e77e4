"""Bidders are told of holds, decisions and refunds of their deposits: each of its own, and before the opening inside the platform alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.identity.domain.message import Discretion, Notice, Telling
from core.identity.queries import people
from core.identity.services import messages
from core.kernel.ids import LotId, OrgId
from core.kernel.outbox import Payload
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import is_known_to_finance, is_public
from deposits.domain.order_letter import (
    OF_DECISIONS,
    OF_DEPOSITS,
    OF_HOLDS,
    OF_REFUNDS,
    OF_REQUESTS,
    TOLD,
    RefundTold,
    of_decision,
    of_refund,
    topic_of,
)
from deposits.models.bank import Refund
from deposits.models.holds import DepositHold, Forfeiture
from deposits.models.new_accounts import NewAccount
from deposits.models.requirement import Deposit, Requirement
from deposits.queries.terms import terms_of

TOPIC = "deposits.order_letter"
ANNOUNCED = dict.fromkeys(TOLD, TOPIC)  # by kind of event, for the door


@dataclass(frozen=True, slots=True)
class _Told:
    """As what it is told, to which firm, of which lot; `refund`: the one that came back, where its page is where to go on."""

    words: str
    org: UUID
    lot: UUID
    refund: UUID | None = None


def tell(work: Work, payload: Payload) -> None:
    """Tells of one event, whose subject is a hold, a decision, a deposit, a refund or a request; harmless when repeated."""
    kind, subject = str(payload["kind"]), str(payload["subject"])
    find = next(finder for kinds, finder in _FIND if kind in kinds)
    told = find(work, kind, subject)
    if told is None:
        return
    asked = work.session.get_one(Requirement, told.lot)
    title = terms_of(work.session, LotId(asked.lot_id)).title
    link = f"/lots/{asked.number}/deposit" + (f"/accounts/{told.refund}" if told.refund else "")
    notice = Notice(f"deposit.{told.words}", topic_of(told.words), asked.number, title, link)
    how = Discretion.UNCOUNTED if is_public(asked.state) else Discretion.INSIDE
    bidders = people.people_of(work.session, {OrgId(told.org)}, Role.BIDDER)
    messages.tell(work, UUID(str(payload["event"])), [(Telling(notice, how), bidders)])


def _of_hold(work: Work, kind: str, sha256: str) -> _Told:
    hold = work.session.scalars(select(DepositHold).where(DepositHold.sha256 == sha256)).one()
    return _of_one(work, OF_HOLDS[kind], hold.deposit_id)


def _of_decision(work: Work, kind: str, sha256: str) -> _Told:
    decision = work.session.scalars(select(Forfeiture).where(Forfeiture.sha256 == sha256)).one()
    return _of_one(work, of_decision(kind, decision.state), decision.deposit_id)


def _of_deposit(work: Work, kind: str, deposit: str) -> _Told:
    return _of_one(work, OF_DEPOSITS[kind], UUID(deposit))


def _of_one(work: Work, words: str, deposit_id: UUID) -> _Told:
    deposit = work.session.get_one(Deposit, deposit_id)
    return _Told(words, deposit.org_id, deposit.lot_id)


def _of_refund(work: Work, kind: str, refund_id: str) -> _Told | None:
    """Nobody's payment and a dormant deposit have no bidder here."""
    refund = work.session.get_one(Refund, UUID(refund_id))
    if refund.org_id is None or refund.lot_id is None:
        return None
    may_ask = is_known_to_finance(work.session.get_one(Requirement, refund.lot_id).state)
    words = of_refund(kind, RefundTold(refund.reason, refund.cause, may_ask))
    if words is None:
        return None
    return _Told(words, refund.org_id, refund.lot_id, refund.id if words == "refund_failed_account" else None)


def _of_request(work: Work, kind: str, sha256: str) -> _Told:
    request = work.session.scalars(select(NewAccount).where(NewAccount.sha256 == sha256)).one()
    refund = work.session.get_one(Refund, request.refund_id)
    assert refund.lot_id is not None  # a request is of a lot's refund
    return _Told(OF_REQUESTS[kind], request.org_id, refund.lot_id, refund.id)


_FIND: tuple[tuple[Mapping[str, str], Callable[[Work, str, str], _Told | None]], ...] = (
    (OF_HOLDS, _of_hold),
    (OF_DECISIONS, _of_decision),
    (OF_DEPOSITS, _of_deposit),
    (OF_REFUNDS, _of_refund),
    (OF_REQUESTS, _of_request),
)
