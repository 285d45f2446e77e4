"""Guarantees: the bidder's own, a lot's after its opening, what anybody may verify, and what guarantors are to be asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import GuaranteeId, LotId, OrgId
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain.claim import OPEN
from deposits.domain.deposit import READS, RequirementState, See, takes_requests
from deposits.domain.guarantee import MET, OPENED, SPARE, STANDING, TASKED, GuaranteeState, Standing, Task, Wanted, next_task
from deposits.domain.guarantee_messages import Application
from deposits.domain.guarantor import GuarantorState
from deposits.domain.performance import asked_id
from deposits.domain.terms import Form
from deposits.models.claims import GuaranteeClaim
from deposits.models.guarantees import Guarantee, GuaranteeFile, GuaranteeTerms, Guarantor
from deposits.models.requirement import Requirement
from deposits.queries.terms import terms_of
from deposits.queries.waivers import asked_of

AT_ONCE = 100
PATIENCE = timedelta(seconds=4)  # before a guarantor is asked again


@dataclass(frozen=True, slots=True)
class GuarantorView:
    """A registered guarantor, for anybody to see."""

    id: UUID
    name: str
    url: str
    root_sha256: str
    root: str
    state: str
    registered_at: datetime
    suspend_reason: str


def guarantors(session: Session, only_active: bool = False) -> tuple[GuarantorView, ...]:
    """All that are registered, by name; none stands out, for whom to choose is the bidder's own affair (N27)."""
    query = select(Guarantor).order_by(Guarantor.name)
    if only_active:
        query = query.where(Guarantor.state == GuarantorState.ACTIVE)
    return tuple(
        GuarantorView(row.id, row.name, row.url, row.root_sha256, row.root, row.state.value, row.registered_at, row.suspend_reason)
        for row in session.scalars(query)
    )


@dataclass(frozen=True, slots=True)
class GuaranteeView:
    """A guarantee as its bidder sees it, and after the opening those who may see the list; `has_file`: it is open."""

    id: GuaranteeId
    lot: str
    org: OrgId
    org_name: str
    product: str
    state: str
    guarantor: str
    amount: Money
    premium: Money | None
    wanted_to: datetime
    valid_to: datetime | None
    ver: int
    guarantee_no: str
    file_sha256: str
    faults: tuple[str, ...]
    cause: str
    reason: str
    applied_at: datetime
    issued_at: datetime | None
    opened: bool
    has_file: bool


@dataclass(frozen=True, slots=True)
class OwnGuarantees:
    """A bidder's guarantees for a lot, the newest first; `may_apply`: a new application would be taken now."""

    lot: str
    org_name: str
    amount: Money
    deadline: datetime
    guarantees: tuple[GuaranteeView, ...]
    may_apply: bool


def own(session: Session, number: str, org: OrgId, name: str, now: datetime) -> OwnGuarantees:
    """The guarantees of this bidder for this lot. Raises NotFound "deposit.not_asked"."""
    asked = session.scalar(select(Requirement).where(Requirement.number == number))
    if asked is None or asked.amount.fen == 0 or session.get(GuaranteeTerms, asked.lot_id) is None:
        raise NotFound("deposit.not_asked")
    found = views_where(session, Guarantee.lot_id == asked.lot_id, Guarantee.org_id == org)[::-1]
    is_taken = Form.E_GUARANTEE in terms_of(session, LotId(asked.lot_id)).terms.forms
    is_open = is_taken and takes_requests(asked.state) and now < asked.deadline - SPARE
    standing = any(GuaranteeState(one.state) not in _OVER for one in found)
    left = asked_of(session, asked, org)
    return OwnGuarantees(number, name, left, asked.deadline, found, is_open and not standing and bool(left.fen))


_OVER = set(GuaranteeState) - STANDING


def own_one(session: Session, guarantee: GuaranteeId, org: OrgId) -> GuaranteeView:
    """One of this organisation's. Raises NotFound."""
    found = views_where(session, Guarantee.id == guarantee, Guarantee.org_id == org)
    if not found:
        raise NotFound("guarantee.not_found")
    return found[0]


def listed(session: Session, number: str, roles: frozenset[Role]) -> tuple[GuaranteeView, ...]:
    """All that were issued for a lot, its winner's security last, for those of `roles` (computed for this lot) who may see them. Raises
    NotAllowed until then."""
    asked = session.scalar(select(Requirement).where(Requirement.number == number))
    if asked is None or not READS.may(See.LIST, asked.state, roles):
        raise NotAllowed("deposit.sealed")
    found = views_where(session, Guarantee.lot_id.in_((asked.lot_id, asked_id(LotId(asked.lot_id)))), Guarantee.ver > 0)
    return tuple(sorted(found, key=lambda one: one.lot))


def views_where(session: Session, *where: object) -> tuple[GuaranteeView, ...]:
    """Guarantees under these conditions, as their bidder sees them; who may see them the caller has decided."""
    query = (
        select(Guarantee, Guarantor.name, Requirement.number, Requirement.state, GuaranteeFile.guarantee_id)
        .join(Guarantor, Guarantor.id == Guarantee.guarantor_id)
        .join(Requirement, Requirement.lot_id == Guarantee.lot_id)
        .outerjoin(GuaranteeFile, GuaranteeFile.guarantee_id == Guarantee.id)
        .where(*where)  # type: ignore[arg-type]  # column expressions
        .order_by(Guarantee.org_name, Guarantee.no)
    )
    return tuple(
        GuaranteeView(
            id=GuaranteeId(row.id),
            lot=number,
            org=OrgId(row.org_id),
            org_name=row.org_name,
            product=row.product.value,
            state=row.state.value,
            guarantor=guarantor,
            amount=row.amount,
            premium=row.premium,
            wanted_to=row.wanted_to,
            valid_to=row.valid_to,
            ver=row.ver,
            guarantee_no=row.guarantee_no,
            file_sha256=row.file_sha256,
            faults=tuple(row.faults),  # type: ignore[arg-type]  # a list of codes
            cause=row.cause,
            reason=row.reason,
            applied_at=row.applied_at,
            issued_at=row.issued_at,
            opened=state is RequirementState.OPENED,
            has_file=file is not None,
        )
        for row, guarantor, number, state, file in session.execute(query)
    )


def met(session: Session, lot: LotId) -> dict[OrgId, bool]:
    """Bidder → whether a guarantee of its stands in place of its deposit, holding as long as it must; for callers that may know."""
    query = select(Guarantee).where(Guarantee.lot_id == lot, Guarantee.state.in_(MET))
    return {OrgId(row.org_id): row.valid_to is not None and row.valid_to >= row.wanted_to for row in session.scalars(query)}


def file(session: Session, guarantee: GuaranteeId) -> tuple[str, bytes]:
    """(its number, the PDF) of an opened guarantee; who may have it the caller has decided. Raises NotFound."""
    found = session.get(GuaranteeFile, guarantee)
    if found is None:
        raise NotFound("guarantee.not_open")
    return session.get_one(Guarantee, guarantee).guarantee_no, found.pdf


# What anybody may verify


def public_by_number(session: Session, guarantee_no: str) -> GuaranteeView | None:
    """An opened guarantee by its number; None for every other, be there one or not."""
    found = views_where(session, Guarantee.guarantee_no == guarantee_no, *_PUBLIC)
    return found[-1] if found else None


def public_by_file(session: Session, file_sha256: str) -> GuaranteeView | None:
    """An opened guarantee by the digest of its file; None for every other."""
    found = views_where(session, GuaranteeFile.sha256 == file_sha256, *_PUBLIC)
    return found[-1] if found else None


_PUBLIC = (Requirement.state == RequirementState.OPENED, GuaranteeFile.guarantee_id.is_not(None))


# What guarantors are asked


@dataclass(frozen=True, slots=True)
class Question:
    """What a guarantor is to be asked next about one of its guarantees, with all that the question needs."""

    guarantee: GuaranteeId
    task: Task
    url: str
    root: str
    application: Application
    premium: Money | None
    reason: str
    ver: int
    recipient: str
    ciphertext: bytes | None
    file_sha256: str
    issued_at: datetime | None
    wanted: Wanted


def due(session: Session, now: datetime) -> Sequence[GuaranteeId]:
    """Guarantees about which something may be to be asked, those that have waited longest first."""
    waited = func.coalesce(Guarantee.asked_at, Guarantee.applied_at)
    patient = or_(Guarantee.asked_at.is_(None), Guarantee.asked_at < now - PATIENCE)
    sealed = (Guarantee.state != GuaranteeState.ISSUED_SEALED) | (Requirement.state == RequirementState.OPENED)
    wants = sealed | (Guarantee.valid_to < Guarantee.wanted_to)
    query = (
        select(Guarantee.id)
        .join(Requirement, Requirement.lot_id == Guarantee.lot_id)
        .where(Guarantee.state.in_(TASKED), Guarantee.told.is_(False), patient, wants)
        .order_by(waited, Guarantee.id)
        .limit(AT_ONCE)
    )
    return [GuaranteeId(found) for found in session.scalars(query)]


def question(session: Session, guarantee: GuaranteeId) -> Question | None:
    """What is to be asked about it now; None: nothing."""
    row = session.get_one(Guarantee, guarantee)
    asked = session.get_one(Requirement, row.lot_id)
    is_open = asked.state is RequirementState.OPENED
    task = next_task(Standing(row.state, is_open, row.valid_to, row.wanted_to, row.told))
    return None if task is None else _question(session, row, asked.number, task)


def opening(session: Session, guarantee: GuaranteeId, org: OrgId) -> Question:
    """What a bidder needs to open its own guarantee when its guarantor does not. Raises NotFound for another's and before the opening."""
    row = session.get(Guarantee, guarantee)
    if row is None or row.org_id != org:
        raise NotFound("guarantee.not_found")
    asked = session.get_one(Requirement, row.lot_id)
    if asked.state is not RequirementState.OPENED or row.state is not GuaranteeState.ISSUED_SEALED:
        raise NotFound("guarantee.nothing_to_open")
    return _question(session, row, asked.number, Task.KEY)


def _question(session: Session, row: Guarantee, number: str, task: Task) -> Question:
    terms, issuer = session.get_one(GuaranteeTerms, row.lot_id), session.get_one(Guarantor, row.guarantor_id)
    application = Application(
        application=str(row.id),
        product=row.product.value,
        applicant=row.org_name,
        applicant_uscc=row.org_uscc,
        project_number=terms.project_number,
        project=terms.project,
        lot=number,
        title=terms.title,
        beneficiary=terms.beneficiary,
        amount=row.amount,
        valid_from=row.valid_from,
        valid_to=row.wanted_to,
        opening_at=row.opening_at,
    )
    wanted = Wanted(row.product.value, number, row.org_name, row.org_uscc, terms.beneficiary, row.amount.fen, row.wanted_to)
    return Question(
        guarantee=GuaranteeId(row.id),
        task=task,
        url=issuer.url,
        root=issuer.root,
        application=application,
        premium=row.premium,
        reason=row.reason,
        ver=row.ver,
        recipient=row.recipient,
        ciphertext=row.ciphertext,
        file_sha256=row.file_sha256,
        issued_at=row.issued_at,
        wanted=wanted,
    )


def expired(session: Session, now: datetime) -> Sequence[GuaranteeId]:
    """Guarantees whose validity is over, that nobody has given back, and under which no claim is open."""
    alive: Collection[GuaranteeState] = OPENED | {GuaranteeState.ISSUED_SEALED}
    claimed = exists().where(GuaranteeClaim.guarantee_id == Guarantee.id, GuaranteeClaim.state.in_(OPEN))
    query = select(Guarantee.id).where(Guarantee.state.in_(alive), Guarantee.valid_to < now, ~claimed).limit(AT_ONCE)
    return [GuaranteeId(found) for found in session.scalars(query)]
