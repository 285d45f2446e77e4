"""The life of a certificate, what each kind is for, and the statement by which a device asks for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.identity.domain.grant import Office
from core.identity.domain.organisation import normal_name
from core.kernel.dsse import Kind
from core.kernel.encoding import unb64, unhex
from core.kernel.errors import BadSignature, Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from core.kernel.signing import KeyRecord
from core.kernel.webauthn import RelyingParty

DAYS = 365
MOST_KEYS = 12  # live keys of one person

DEVICE, STEP_UP, OFFICER = "device", "step-up", "officer:"


class Life(Enum):
    """ISSUED covers the expired ones too: time alone ends those."""

    ISSUED = "issued"
    REVOKED = "revoked"


class Action(Enum):
    """What somebody may do to a certificate."""

    REVOKE = "revoke"


class Standing(Enum):
    """What somebody is to a certificate."""

    OWNER = "owner"
    ADMIN = "admin"


MOVES: Moves[Action, Life, Standing, None] = Moves(
    "certificate",
    (
        #    action         from             to            who
        Move(Action.REVOKE, at(Life.ISSUED), Life.REVOKED, frozenset({Standing.OWNER, Standing.ADMIN})),
    ),
)

REASONS = ("lost", "compromised", "replaced", "left")
OF_AUTHORITY, OF_ANCHOR = "authority", "anchor"
"""Reasons that nobody chooses: the authority elsewhere has revoked its certificate, or is itself no longer recognised."""


def standings(is_owner: bool, roles: frozenset[Role]) -> frozenset[Standing]:
    """What a person with `roles` is to a certificate."""
    found = {Standing.OWNER} if is_owner else set()
    return frozenset(found | ({Standing.ADMIN} if Role.ADMIN in roles else set()))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The body of a `device.enrol` statement: signed by the very key that it introduces, so it proves possession.

    `recipient` is the age X25519 recipient of the same device, "" for a step-up key, which cannot decrypt. `certificate_sha256` names the
    certificate by which another authority vouches for the key, "" (and then no member) where none does.
    """

    purpose: str
    spki: bytes
    recipient: str
    label: str
    certificate_sha256: str = ""

    @classmethod
    def read(cls, body: Mapping[str, JSON]) -> Enrolment:
        """Raises BadSignature for missing, extra or mistyped members, RuleBroken for a label nobody could read."""
        if set(body) - {"certificate_sha256"} != {"purpose", "spki", "recipient", "label"}:
            raise BadSignature("enrolment.malformed")
        vouched = unhex(body["certificate_sha256"], 32).hex() if "certificate_sha256" in body else ""
        purpose, recipient, label = body["purpose"], body["recipient"], body["label"]
        if not isinstance(purpose, str) or not isinstance(recipient, str) or not isinstance(label, str):
            raise BadSignature("enrolment.malformed")
        return cls(purpose, unb64(body["spki"]), recipient, normal_name(label, "enrolment.label"), vouched)

    @property
    def kind(self) -> Kind:
        """The one kind of signature that a key of this purpose makes."""
        return "webauthn-es256" if self.purpose == STEP_UP else "es256"


@dataclass(frozen=True, slots=True)
class NewCredential:
    """What a verified WebAuthn registration told: the credential's name, its key, and the site that it answers."""

    credential_id: bytes
    key: KeyRecord
    rp: RelyingParty


def accept_enrolment(wish: Enrolment, role: Role, office: Office, live: int) -> None:
    """Raises RuleBroken unless a person in `role` (and office), who has `live` keys already, may have this key certified."""
    if wish.purpose not in purposes(role, office):
        raise RuleBroken("enrolment.purpose", purpose=wish.purpose)
    if (wish.purpose == STEP_UP) != (wish.recipient == ""):
        raise RuleBroken("enrolment.recipient")
    if wish.certificate_sha256 and wish.purpose != DEVICE:
        raise RuleBroken("foreign.purpose")
    if live >= MOST_KEYS:
        raise RuleBroken("enrolment.too_many", most=MOST_KEYS)


def purposes(role: Role, office: Office) -> tuple[str, ...]:
    """What a person in this role may have keys certified for. An officer's tool is kept apart from any browser key: an officer has
    no others, so nothing that a page could do can release a share."""
    return (OFFICER + office.value,) if role is Role.OFFICER else (DEVICE, STEP_UP)


@dataclass(frozen=True, slots=True)
class Revocation:
    """A line of the revocation list; the serial number in lower-case hex."""

    serial: str
    revoked_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Standby:
    """What an act's key must be: its certificate's times and purpose."""

    purpose: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None


def refuse_key(key: Standby, role: Role, now: datetime) -> Refusal | None:
    """Why a key may not sign for somebody in `role` at this moment, or None."""
    if key.revoked_at is not None:
        return BadSignature("act.key_revoked")
    if not key.not_before <= now < key.not_after:
        return BadSignature("act.key_expired")
    if key.purpose.startswith(OFFICER) != (role is Role.OFFICER):
        return BadSignature("act.key_purpose")
    return None
