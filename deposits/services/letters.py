"""Bidders are told of their payments: each of its own, and before the opening inside the platform alone, for mail can be counted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4, uuid5

from sqlalchemy import select

from core.identity.domain.message import Discretion, Notice, Telling
from core.identity.queries import people
from core.identity.services import messages
from core.kernel.ids import LotId, OrgId
from core.kernel.outbox import Payload
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.account import normal_name, plain_number
from deposits.domain.deposit import is_public
from deposits.domain.letter import STEPS, topic_of
from deposits.models.bank import BankEntryRow
from deposits.models.requirement import BasicAccountRow, Deposit, Requirement
from deposits.queries.terms import terms_of

TOPIC = "deposits.letter"
TOGETHER = 50  # entries of the bank in one message: telling of them must not keep others from writing


def send(work: Work, entries: Sequence[UUID]) -> None:
    """Has it told, after the commit, what became of these entries of the bank."""
    for start in range(0, len(entries), TOGETHER):
        key = str(uuid4())
        work.send(TOPIC, key, {"event": key, "entries": [str(entry) for entry in entries[start : start + TOGETHER]]})


def tell(work: Work, payload: Payload) -> None:
    """Tells of entries of the bank; harmless when repeated. What is nobody's is told to the firm from whose basic account it came in its
    name, if there is one; of what stays unknown nobody hears."""
    wanted = [UUID(entry) for entry in payload["entries"]]
    for entry in work.session.scalars(select(BankEntryRow).where(BankEntryRow.id.in_(wanted)).order_by(BankEntryRow.seq)):
        event = uuid5(UUID(payload["event"]), str(entry.id))  # an entry that is assigned later is told of once more
        if entry.deposit_id is None:
            _tell_payer(work, event, entry)
        elif entry.outcome in STEPS:
            _tell_bidder(work, event, entry)


def _tell_bidder(work: Work, event: UUID, entry: BankEntryRow) -> None:
    deposit = work.session.get_one(Deposit, entry.deposit_id)
    asked = work.session.get_one(Requirement, deposit.lot_id)
    title, link = terms_of(work.session, LotId(asked.lot_id)).title, f"/lots/{asked.number}/deposit/letters/{entry.ref}"
    notice = Notice(f"deposit.{entry.outcome.value}", topic_of(entry.outcome), asked.number, title, link)
    how = Discretion.UNCOUNTED if is_public(asked.state) else Discretion.INSIDE
    _send(work, event, Telling(notice, how), OrgId(deposit.org_id))


def _tell_payer(work: Work, event: UUID, entry: BankEntryRow) -> None:
    rows = work.session.scalars(select(BasicAccountRow).where(BasicAccountRow.number == plain_number(entry.party_account)))
    for row in rows:
        if normal_name(row.name) == normal_name(entry.party_name):
            notice = Notice("deposit.unknown", topic_of(entry.outcome), "", entry.ref, "/bids")
            _send(work, event, Telling(notice, Discretion.INSIDE), OrgId(row.org_id))


def _send(work: Work, event: UUID, telling: Telling, org: OrgId) -> None:
    messages.tell(work, event, [(telling, people.people_of(work.session, {org}, Role.BIDDER))])
