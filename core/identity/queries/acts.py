"""What a client needs before it signs: the person's keys, the last digest, the newest checkpoint, and how strong the signature must be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.domain.certificate import OFFICER
from core.identity.domain.person import urn
from core.identity.models.acts import ActHead
from core.identity.queries import certificates, checkpoints, licences
from core.identity.queries.certificates import CertifiedKey
from core.kernel.ids import CaseId, PersonId
from core.kernel.roles import Role
from core.kernel.signing import Seen


@dataclass(frozen=True, slots=True)
class ActContext:
    """`actor` is how the payload names the person; `prev` is "" before the first act in the case."""

    actor: str
    role: Role
    keys: tuple[CertifiedKey, ...]
    prev: str
    seen: Seen
    now: datetime
    step_up: str


def context(session: Session, person: PersonId, role: Role, case: CaseId, *, now: datetime, demonstration: bool) -> ActContext:
    """For one person's next act in a case. Step-up is by authenticator; a demonstration takes the password of who has a password alone."""
    keys = tuple(key for key in certificates.keys_of(session, person, now) if key.purpose.startswith(OFFICER) == (role is Role.OFFICER))
    has_authenticator = any(key.record.kind == "webauthn-es256" for key in keys)
    by_password = demonstration and not has_authenticator and not licences.is_holder(session, person)
    step_up = "password+device" if by_password else "webauthn"
    return ActContext(urn(person, role), role, keys, prev(session, person, case), checkpoints.latest(session), now, step_up)


def prev(session: Session, person: PersonId, case: CaseId) -> str:
    """The hex digest of the person's last payload in the case, "" before the first."""
    mine = (ActHead.person_id == person) & (ActHead.case_id == case)
    return session.scalar(select(ActHead.payload_sha256).where(mine)) or ""
