"""Requests for another account: all of opened lots for finance, each firm's own for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.identity.models.people import Organisation, Person
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.money import Money
from deposits.domain.deposit import KNOWN_TO_FINANCE
from deposits.domain.new_account import UNDECIDED, AccountState, Proof, RefundFacts, may_be_asked
from deposits.models.bank import Refund
from deposits.models.new_accounts import NewAccount, NewAccountProof
from deposits.models.requirement import Requirement

MOST = 500


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request with what it is about. `old_account`: the one that failed with `cause`; the people are names, "" for none."""

    sha256: str
    lot: str
    org_name: str
    amount: Money
    cause: str
    old_account: str
    state: AccountState
    name: str
    number: str
    bank: str
    reason: str
    proof: tuple[Proof, ...]
    asked_at: datetime
    first: str
    second: str
    answer: str
    refused_by: str
    decided_at: datetime | None
    is_mine: bool  # the caller approved it


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A firm's refund that failed: whether another account may be asked for, and what was asked so far."""

    lot: str
    refund: UUID
    amount: Money
    cause: str
    old_account: str
    may_ask: bool
    requests: tuple[RequestView, ...]


def is_asked(session: Session, refund: UUID) -> bool:
    """Whether a request waits for finance."""
    query = select(NewAccount.id).where(NewAccount.refund_id == refund, NewAccount.state.in_(UNDECIDED))
    return session.scalar(query.limit(1)) is not None


def facts_of(refund: Refund) -> RefundFacts:
    """A refund as the rules look at it."""
    return RefundFacts(refund.state, refund.reason, refund.cause, refund.replaced, refund.payee_name, refund.payee_account)


def listed(session: Session, person: UUID | None, sought: str = "", undecided: bool = False) -> tuple[RequestView, ...]:
    """For finance, the newest first; `sought`: part of a lot's number, a firm's name or an account."""
    query = (
        select(NewAccount, Refund, Requirement.number, Organisation.name)
        .join(Refund, Refund.id == NewAccount.refund_id)
        .join(Requirement, Requirement.lot_id == Refund.lot_id)
        .join(Organisation, Organisation.id == NewAccount.org_id)
        .where(Requirement.state.in_(KNOWN_TO_FINANCE))
        .order_by(NewAccount.asked_at.desc(), NewAccount.id.desc())
    )
    if undecided:
        query = query.where(NewAccount.state.in_(UNDECIDED))
    if part := sought.strip():
        seen = (Requirement.number, Organisation.name, NewAccount.number)
        query = query.where(or_(*(column.contains(part, autoescape=True) for column in seen)))
    return _views(session, [(row, refund, lot, name) for row, refund, lot, name in session.execute(query.limit(MOST))], person)


def own(session: Session, number: str, refund_id: UUID, org: OrgId) -> OwnPage:
    """One refund of this firm for this lot. Raises NotFound "refund.not_found", for another firm's too."""
    query = select(Refund, Requirement).join(Requirement, Requirement.lot_id == Refund.lot_id)
    found = session.execute(query.where(Refund.id == refund_id, Refund.org_id == org, Requirement.number == number)).one_or_none()
    if found is None:
        raise NotFound("refund.not_found")
    refund, asked = found
    name = session.get_one(Organisation, org).name
    rows = session.scalars(select(NewAccount).where(NewAccount.refund_id == refund.id).order_by(NewAccount.asked_at.desc()))
    views = _views(session, [(row, refund, number, name) for row in rows], None)
    waits = any(view.state in UNDECIDED for view in views)
    may_ask = not waits and asked.state in KNOWN_TO_FINANCE and may_be_asked(facts_of(refund))
    return OwnPage(number, refund.id, refund.principal, refund.cause, refund.payee_account, may_ask, views)


def proof(session: Session, number: str, sha256: str, org: OrgId | None) -> Proof:
    """A file of a request of this lot, for finance (`org` None) or the firm that sent it. Raises NotFound "new_account_proof.not_found"."""
    query = (
        select(NewAccountProof)
        .join(NewAccount, NewAccount.id == NewAccountProof.request_id)
        .join(Refund, Refund.id == NewAccount.refund_id)
        .join(Requirement, Requirement.lot_id == Refund.lot_id)
        .where(Requirement.number == number, Requirement.state.in_(KNOWN_TO_FINANCE), NewAccountProof.sha256 == sha256)
    )
    if org is not None:
        query = query.where(NewAccount.org_id == org)
    row = session.scalars(query.limit(1)).first()
    if row is None:
        raise NotFound("new_account_proof.not_found")
    return Proof(row.name, row.sha256, row.size)


def _views(session: Session, rows: Sequence[tuple[NewAccount, Refund, str, str]], person: UUID | None) -> tuple[RequestView, ...]:
    names, proofs = _names(session, [row for row, *_ in rows]), _proofs(session, [row.id for row, *_ in rows])
    return tuple(
        RequestView(
            sha256=row.sha256,
            lot=lot,
            org_name=org_name,
            amount=refund.principal,
            cause=refund.cause,
            old_account=refund.payee_account,
            state=row.state,
            name=row.name,
            number=row.number,
            bank=row.bank,
            reason=row.reason,
            proof=proofs.get(row.id, ()),
            asked_at=row.asked_at,
            first=names.get(row.first_by, ""),
            second=names.get(row.second_by, ""),
            answer=row.answer,
            refused_by=names.get(row.answered_by, ""),
            decided_at=row.decided_at,
            is_mine=person is not None and row.first_by == person,
        )
        for row, refund, lot, org_name in rows
    )


def _names(session: Session, rows: Sequence[NewAccount]) -> Mapping[UUID | None, str]:
    ids = {person for row in rows for person in (row.first_by, row.second_by, row.answered_by) if person is not None}
    return {person.id: person.name for person in session.scalars(select(Person).where(Person.id.in_(ids)))}


def _proofs(session: Session, requests: Sequence[UUID]) -> Mapping[UUID, tuple[Proof, ...]]:
    found: dict[UUID, tuple[Proof, ...]] = {}
    query = select(NewAccountProof).where(NewAccountProof.request_id.in_(requests)).order_by(NewAccountProof.name)
    for row in session.scalars(query):
        found[row.request_id] = (*found.get(row.request_id, ()), Proof(row.name, row.sha256, row.size))
    return found
