"""People of a test's world: each has joined, holds a role, and has a certified device key and a step-up key."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, Self

from argon2 import PasswordHasher

from core.identity.authority import ISSUING, ROOT, Authority
from core.identity.domain.grant import Office, duty_of
from core.identity.domain.organisation import with_check_character
from core.identity.domain.person import urn
from core.identity.events import PLATFORM
from core.identity.queries import acts as act_queries
from core.identity.services.acts import SignedRequest
from core.identity.services.certificates import ENROL, EnrolmentRequest, NewCredential, enrol
from core.identity.services.people import Newcomer, Place, add_person, found_organisation, give_role, organisation_by_code
from core.kernel import age, certificates, clock, signing
from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.encoding import b64
from core.kernel.ids import CaseId, OrgId, PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.signing import Signer, SoftwareAuthenticator, SoftwareP256Signer
from core.kernel.webauthn import RelyingParty
from core.kernel.work import Door, Work

RP = RelyingParty("localhost", "http://localhost:8000")
PASSWORD = "correct horse 电池"
NAMES = [
    "周敏",
    "李建国",
    "王秀兰",
    "张伟",
    "刘洋",
    "陈静",
    "杨帆",
    "赵磊",
    "黄丽",
    "吴刚",
    "徐慧",
    "孙涛",
    "马超",
    "朱琳",
    "胡军",
    "林峰",
    "郭敏",
    "何平",
    "高翔",
    "罗艳",
]


@cache
def password_hash() -> str:
    """The hash of PASSWORD, which costs next to nothing to compare with: the platform's own are slow on purpose."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@cache
def authority() -> Authority:
    """The certificate authority of all test worlds."""
    root = certificates.make_root(ROOT, clock.now())
    return Authority(root, certificates.make_issuing(root, ISSUING, clock.now()))


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody who can act: `signer` is the device, `authenticator` the step-up key (officers have none), `identity` the age secret."""

    door: Door
    person: PersonId
    org: OrgId
    role: Role
    login: str
    name: str
    org_name: str
    uscc: str
    office: str = ""
    password: str = PASSWORD
    signer: SoftwareP256Signer = field(default_factory=SoftwareP256Signer.generate)
    authenticator: SoftwareAuthenticator = field(default_factory=lambda: SoftwareAuthenticator.generate(RP))
    identity: age.Identity = field(default_factory=age.new_identity)

    @property
    def actor(self) -> Actor:
        """Whom the door is opened for."""
        return Actor(self.person, self.org, frozenset({self.role}), self.name)

    @property
    def urn(self) -> str:
        """How payloads name this person."""
        return urn(self.person, self.role)

    def prev(self, case: str) -> str:
        """The digest of this person's last payload in the case."""
        return self.door.read(lambda session: act_queries.prev(session, self.person, CaseId(case)))

    def payload(
        self,
        kind: str,
        case: str,
        lot: str = "",
        round: int = 0,  # noqa: A002 - the member's name in the payload
        body: Mapping[str, JSON] | None = None,
        *,
        signer: Signer | None = None,
        step_up: str = "",
        **override: Any,
    ) -> bytes:
        """The canonical payload that this person would sign; `override` puts other members in."""
        key_id = (signer or self.signer).key.key_id
        fields: dict[str, Any] = {
            "actor": signing.Actor(self.urn, self.role.value, key_id),
            "nonce": secrets.token_hex(16),
            "iat": self.now(),
            "ckpt": signing.NOTHING_SEEN,
        }
        if "prev" not in override:
            fields["prev"] = self.prev(case)
        fields |= override
        return signing.statement(type=kind, case=case, lot=lot, round=round, body=body or {}, step_up=step_up, **fields)

    def act(  # noqa: PLR0917 - in the order of an act's own fields
        self,
        kind: str,
        case: str,
        lot: str = "",
        round: int = 0,  # noqa: A002 - the member's name in the payload
        body: Mapping[str, JSON] | None = None,
        step_up: bool = False,
        **override: Any,
    ) -> SignedRequest:
        """A signed act with the next `prev`; `step_up` signs with the authenticator."""
        signer: Signer = self.authenticator if step_up else self.signer
        payload = self.payload(kind, case, lot, round, body, signer=signer, step_up="webauthn" if step_up else "", **override)
        return SignedRequest(signing.sign(payload, signer))

    def act_with_password(
        self,
        kind: str,
        case: str,
        lot: str = "",
        round: int = 0,  # noqa: A002 - the member's name in the payload
        body: Mapping[str, JSON] | None = None,
        **override: Any,
    ) -> SignedRequest:
        """A signed act stepped up by device key and password, as a demonstration allows."""
        payload = self.payload(kind, case, lot, round, body, step_up="password+device", **override)
        return SignedRequest(signing.sign(payload, self.signer), password_ok=True)

    def cosign(self, first: SignedRequest, step_up: bool = True) -> SignedRequest:
        """This person's signature over the payload of another's act."""
        return SignedRequest(signing.sign(first.envelope.payload, self.authenticator if step_up else self.signer))

    def now(self) -> datetime:
        """The platform's clock."""
        return self.door.read(self.door.clock)

    def enrolment(self, purpose: str, label: str = "台式机", **override: Any) -> EnrolmentRequest:
        """The request to certify this person's key for a purpose."""
        step_up = purpose == "step-up"
        signer: Signer = self.authenticator if step_up else self.signer
        recipient = "" if step_up else self.identity.recipient
        body: dict[str, JSON] = {"purpose": purpose, "spki": b64(signer.key.spki), "recipient": recipient, "label": label}
        body |= override.pop("body", {})
        said = self.payload(ENROL, PLATFORM, body=body, signer=signer, step_up="webauthn" if step_up else "", prev="", **override)
        credential = NewCredential(self.authenticator.credential_id, signer.key, RP) if step_up else None
        return EnrolmentRequest(signing.sign(said, signer), password_ok=True, credential=credential)

    def enrol(self, purpose: str) -> Self:
        """Has the key of that purpose certified."""
        request = self.enrolment(purpose)
        self.door.perform(self.actor, lambda work: enrol(work, authority(), request))
        return self

    def as_role(self, role: Role) -> Person:
        """The same person, speaking in another role."""
        return replace(self, role=role)


class People:
    """Those who have joined a test's world."""

    def __init__(self, door: Door) -> None:
        self.door, self.count = door, 0

    def join(  # noqa: PLR0917 - a builder's own conveniences
        self,
        role: Role,
        org: str = "甲方建设集团有限公司",
        name: str | None = None,
        office: str = "",
        login: str | None = None,
        keys: bool = True,
    ) -> Person:
        """A new person in that role, in the organisation of that name; `keys=False` leaves their keys uncertified."""
        self.count += 1
        who = Newcomer(login or f"{role.value}{self.count:02d}", name or NAMES[self.count % len(NAMES)], password_hash())
        place = Place(uscc_of(org), org)
        person, home = self.door.perform(SYSTEM_ACTOR, lambda work: _join(work, who, place, role, Office(office)))
        joined = Person(self.door, person, home, role, who.login, who.name, org, place.uscc, office)
        if keys:
            for purpose in (f"officer:{office}",) if role is Role.OFFICER else ("device", "step-up"):
                joined.enrol(purpose)
        return joined


def people(door: Door) -> People:
    """Nobody yet."""
    return People(door)


def uscc_of(name: str) -> str:
    """A valid code that belongs to that name alone."""
    number = int.from_bytes(name.encode("utf-8"), "big") % 10**9
    return with_check_character(f"91420100{number:09d}")


def _join(work: Work, who: Newcomer, place: Place, role: Role, office: Office) -> tuple[PersonId, OrgId]:
    org = organisation_by_code(work, place.uscc) or found_organisation(work, place)
    person = add_person(work, who, duty_of(role))
    give_role(work, person, org, role, office)
    return person, org
