"""Batches: due refunds of opened lots are gathered, released by the clock or by two persons, promised, ordered together and answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from core.identity.services.acts import Act, Expect, SignedRequest, acting_person, once
from core.kernel.calendar import legal_day
from core.kernel.db import lock
from core.kernel.errors import Stale
from core.kernel.ids import PersonId, RefundId, new_id
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain import refund as refund_rules
from deposits.domain.batch import (
    CHAIN,
    FIRST,
    LARGEST,
    MOVES,
    BatchFacts,
    BatchState,
    Release,
    ReleaseBody,
    digest_of,
    is_released,
    next_action,
)
from deposits.domain.deposit import SYSTEM
from deposits.domain.messages import PaymentStatus
from deposits.domain.refund import NOT_SENT, RefundAction, may, meaning
from deposits.events_batches import BatchMade, BatchReleased
from deposits.models.bank import Refund
from deposits.models.batches import RefundBatch
from deposits.queries import due
from deposits.services import refunds, sending

ORDER = "deposits.batch_order"
"""The outbox topic by which the orders of a batch leave for the bank."""


def gather(work: Work, release: Release) -> int:
    """Gathers due refunds of opened lots, at most LARGEST, into a batch; the most urgent first. While nobody has signed a batch that waits
    for two persons, later ones join it. Returns how many were gathered. Records BatchMade with what the batch pays by now."""
    now, row = work.now(), None
    if release is Release.TWO_PERSONS:
        unsigned = select(RefundBatch).where(RefundBatch.state.in_((BatchState.WAITING,)), RefundBatch.count < LARGEST)
        row = work.session.scalars(unsigned.order_by(RefundBatch.number).limit(1).with_for_update(key_share=True)).first()
    room = LARGEST if row is None else LARGEST - row.count
    query = due.to_gather(room).with_for_update(key_share=True, of=Refund)
    found = list(work.session.scalars(query, execution_options={"populate_existing": True}))
    if not found:
        return 0
    if row is None:
        row = _new(work, release, now)
    work.session.execute(update(Refund).where(Refund.id.in_([refund.id for refund in found])).values(batch_id=row.id))
    _count(row, _unsent(work, row))
    facts = {"count": row.count, "principal_fen": row.principal, "refunds_sha256": row.refunds_sha256}
    work.record(BatchMade(case=CHAIN, batch=row.number, release=release.value, **facts))  # type: ignore[arg-type]
    return len(found)


def _new(work: Work, release: Release, now: datetime) -> RefundBatch:
    row = RefundBatch(
        id=new_id(now),
        number=_number(work, now),
        state=FIRST[release],
        made_at=now,
        due_at=now,
        count=0,
        principal=Money(0),
        refunds_sha256="",
        first_by=None,
        first_at=None,
        second_by=None,
        released_at=now if release is Release.AUTOMATIC else None,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _unsent(work: Work, row: RefundBatch) -> list[Refund]:
    return list(work.session.scalars(select(Refund).where(Refund.batch_id == row.id, Refund.state.in_(NOT_SENT))))


def _count(row: RefundBatch, found: Sequence[Refund]) -> None:
    row.count, row.principal = len(found), sum((refund.principal for refund in found), Money(0))
    row.refunds_sha256, row.due_at = _digest(found), min(refund.due_at for refund in found)


def _number(work: Work, now: datetime) -> str:
    day = f"TK{legal_day(now):%Y%m%d}-"
    known = work.session.scalar(select(func.count()).select_from(RefundBatch).where(RefundBatch.number.startswith(day))) or 0
    return f"{day}{known + 1:03d}"


def _digest(found: Sequence[Refund]) -> str:
    return digest_of((refund.id, refund.principal, refund.payee_account) for refund in found)


def release(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """One person of finance releases a batch that waits for two; the second one's signature lets it go. What was cancelled since it was
    made is no part of it any more: who signs names what is left. Raises Stale "batch.changed". Records BatchReleased."""
    expect = Expect("batch.release", CHAIN, role=Role.FINANCE, step_up=True)
    return once(work, request, expect, lambda act: _release(work, number, act))


def _release(work: Work, number: str, act: Act) -> dict[str, JSON]:
    said = ReleaseBody.read(act.body)
    row = lock(work.session, RefundBatch, RefundBatch.number == number)
    found = _unsent(work, row)
    sums = (number, len(found), sum((refund.principal for refund in found), Money(0)), _digest(found))
    if (said.batch, said.count, said.principal, said.refunds_sha256) != sums:
        raise Stale("batch.changed")
    now, first = work.now(), None if row.first_by is None else PersonId(row.first_by)
    action, facts = next_action(row.state), BatchFacts(acting_person(work), first)
    row.state = MOVES.choose(action, row.state, frozenset({act.role}), facts)
    _count(row, found)
    if first is None:
        row.first_by, row.first_at = act.person, now
    else:
        row.second_by, row.released_at = act.person, now
    work.record(BatchReleased(case=CHAIN, signed=act.envelope, subject=number))
    return {"batch": number, "state": row.state.value}


def send_some(work: Work, found: tuple[UUID, Sequence[RefundId]]) -> int:
    """Promises some refunds of a released batch in one short transaction, and has their orders go to the bank together."""
    batch, ids = found
    row = lock(work.session, RefundBatch, RefundBatch.id == batch, shared=True)
    if not is_released(row.state):
        return 0
    sent = sending.send_all(work, ids)
    if sent:
        names: list[JSON] = [str(refund) for refund in sent]
        work.send(ORDER, sent[0].hex, {"refunds": names})
    return len(sent)


def take_answers(work: Work, asked: Sequence[RefundId], answers: Mapping[str, PaymentStatus]) -> None:
    """What the bank said to some orders; of what it left out we know nothing, so that is in doubt and asked again."""
    query = select(Refund).where(Refund.id.in_(asked)).order_by(Refund.id).with_for_update(key_share=True)
    now = work.now()
    for refund in work.session.scalars(query, execution_options={"populate_existing": True}).all():
        answer = answers.get(refund.id.hex)
        action = RefundAction.DOUBT if answer is None else meaning(answer.status)
        if answer is not None and action is RefundAction.REJECT:
            refunds.take_answer(work, RefundId(refund.id), answer)
        elif may(action, refund.state):
            refund.state, refund.asked_at = refund_rules.MOVES.choose(action, refund.state, SYSTEM, None), now
