"""What an expert says of themself: declared firms, consent by purpose and its withdrawal; numbers under seal, and their erasure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import delete, select

from core.identity.services.acts import Act, Expect, SignedRequest, acting_person, once
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import CaseId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.expert import ExpertAction, LifeFacts, Purpose
from evaluation.domain.expert_said import BondKind, Consent, Declaration, Withdrawal
from evaluation.domain.secret import PURPOSE_OF, SecretKind
from evaluation.events_experts import (
    ConsentGiven,
    ConsentWithdrawn,
    ExpertContactKept,
    ExpertDeclared,
    PersonalDataErased,
)
from evaluation.models.experts import Expert, ExpertConsent, ExpertSecret
from evaluation.services.pool import hold, move, today

Do = Callable[[Work, Expert, Act], None]


def declare(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`expert.declare`: where near relatives work, to whom money binds; the newest declaration stands."""
    return _own(work, request, "expert.declare", _declare)


def consent(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`expert.consent`: one purpose, for as long as its text says; given again it runs anew."""
    return _own(work, request, "expert.consent", _consent)


def withdraw(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`expert.withdraw`: nobody draws them any more, and what is kept for the purpose is erased; what they signed stands."""
    return _own(work, request, "expert.withdraw", _withdraw)


def keep(work: Work, number: str, sealed: Mapping[SecretKind, bytes]) -> None:
    """Keeps numbers that the caller has sealed, for the keeper of the pool or the expert. Records ExpertContactKept, without them.

    Raises WrongState for a kind whose purpose has no consent.
    """
    row = hold(work, number)
    by = _keeps_for(work, row)
    move(work, row, ExpertAction.CONTACT)
    for kind, content in sealed.items():
        purpose = PURPOSE_OF.get(kind)
        if purpose is not None and _standing(work, row, purpose) is None:
            raise NotAllowed("expert.secret_without_consent")
        work.session.execute(delete(ExpertSecret).where(ExpertSecret.expert_id == row.id, ExpertSecret.kind == kind))
        work.session.add(ExpertSecret(expert_id=row.id, kind=kind, sealed=content, kept_at=work.now()))
    work.session.flush()
    work.record(ExpertContactKept(case=CaseId(number), kinds=sorted(kind.value for kind in sealed), by=by))


def erase(work: Work, consent_id: UUID) -> None:
    """Erases what was kept under a consent that is over, unless a younger one stands for the purpose. Records PersonalDataErased."""
    given = lock(work.session, ExpertConsent, ExpertConsent.id == consent_id)
    day = today(work)
    if given.erased_at is not None or (given.withdrawn_at is None and given.until_day >= day):
        return
    row = lock(work.session, Expert, Expert.id == given.expert_id)
    given.erased_at = work.now()
    work.session.flush()
    if _standing(work, row, given.purpose) is not None:
        return
    kinds = [kind for kind, purpose in PURPOSE_OF.items() if purpose is given.purpose]
    held = select(ExpertSecret.kind).where(ExpertSecret.expert_id == row.id, ExpertSecret.kind.in_(kinds))
    gone = sorted(kind.value for kind in work.session.scalars(held))
    work.session.execute(delete(ExpertSecret).where(ExpertSecret.expert_id == row.id, ExpertSecret.kind.in_(kinds)))
    ground = "retention" if given.withdrawn_at is None else "withdrawn"
    work.record(PersonalDataErased(case=CaseId(row.number), purpose=given.purpose.value, ground=ground, kinds=gone))


def _own(work: Work, request: SignedRequest, kind: str, do: Do) -> dict[str, JSON]:
    number = own_number(work)
    expect = Expect(kind, CaseId(number), role=Role.EXPERT, step_up=True)

    def done(act: Act) -> dict[str, JSON]:
        row = hold(work, number)
        do(work, row, act)
        work.session.flush()
        return {"expert": number}

    return once(work, request, expect, done)


def own_number(work: Work) -> str:
    """The number of the caller's own entry; raises NotFound."""
    number = work.session.scalar(select(Expert.number).where(Expert.person_id == acting_person(work)))
    if number is None:
        raise NotFound("expert.not_found")
    return number


def _declare(work: Work, row: Expert, act: Act) -> None:
    move(work, row, ExpertAction.DECLARE)
    said = Declaration.read(act.body)
    row.relatives, row.ties = said.of(BondKind.RELATIVE), said.of(BondKind.TIE)
    row.declared_at = work.now()
    work.record(ExpertDeclared(case=CaseId(row.number), signed=act.envelope))


def _consent(work: Work, row: Expert, act: Act) -> None:
    move(work, row, ExpertAction.CONSENT)
    said = Consent.read(act.body, today(work))
    work.session.add(
        ExpertConsent(
            id=new_id(work.now()),
            expert_id=row.id,
            purpose=said.purpose,
            version=said.version,
            given_at=work.now(),
            until_day=said.until,
            withdrawn_at=None,
            erased_at=None,
        )
    )
    work.record(ConsentGiven(case=CaseId(row.number), signed=act.envelope, subject=said.purpose.value))


def _withdraw(work: Work, row: Expert, act: Act) -> None:
    said = Withdrawal.read(act.body)
    standing = _standing(work, row, said.purpose)
    move(work, row, ExpertAction.WITHDRAW, LifeFacts(has_consent=standing is not None))
    for one in _all_standing(work, row, said.purpose):
        one.withdrawn_at = work.now()
    work.record(ConsentWithdrawn(case=CaseId(row.number), signed=act.envelope, subject=said.purpose.value))


def _all_standing(work: Work, row: Expert, purpose: Purpose) -> list[ExpertConsent]:
    mine = select(ExpertConsent).where(ExpertConsent.expert_id == row.id, ExpertConsent.purpose == purpose)
    open_ones = mine.where(ExpertConsent.withdrawn_at.is_(None), ExpertConsent.erased_at.is_(None), ExpertConsent.until_day >= today(work))
    return list(work.session.scalars(open_ones.order_by(ExpertConsent.id)))


def _standing(work: Work, row: Expert, purpose: Purpose) -> ExpertConsent | None:
    return next(iter(_all_standing(work, row, purpose)), None)


def _keeps_for(work: Work, row: Expert) -> str:
    """Who hands the numbers in: the keeper of the pool, or the expert for themself; raises NotFound for everybody else."""
    if Role.CENTRE in work.actor.roles:
        return "keeper"
    if Role.EXPERT in work.actor.roles and row.person_id == work.actor.person:
        return "expert"
    raise NotFound("expert.not_found")
