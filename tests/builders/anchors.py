"""Authorities recognised in a test's world, and people who enrol the keys that these have certified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from core.identity.domain.anchor import ADMIT, END, Said
from core.identity.services import anchors as services
from core.identity.services.certificates import EnrolmentRequest, enrol
from core.identity.services.vouching import Foreign
from core.kernel import certificates, clock, revocation
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from tests.builders.authorities import DAY, ForeignAuthority
from tests.builders.people import People, Person, authority

OIDS = {"organizationIdentifier": "2.5.4.97"}
CODE_AT = "subject:2.5.4.97"


def admission(of: ForeignAuthority, **override: JSON) -> dict[str, JSON]:
    """The body of an `anchor.admit` statement."""
    body: dict[str, JSON] = {
        "name_zh": f"{of.label}电子认证有限公司",
        "name_en": f"{of.label} Certification",
        "region": "湖北省",
        "root": of.root.pem,
        "ocsp_url": "http://ocsp.invalid/",
        "crl_urls": ["http://crl.invalid/list.crl"],
        "families": ["ecdsa", "rsa"],
        "policies": [],
        "code_at": CODE_AT,
        "until": clock.text(of.at + 1000 * DAY),
        "reason": "电子认证服务许可证在有效期内，两省互认协议第 3 条",
    }
    return body | override


def deciders(world: People) -> tuple[Person, Person]:
    """An administrator and a supervisor."""
    return world.join(Role.ADMIN, org="平台运维中心"), world.join(Role.SUPERVISOR, org="住房和城乡建设局")


def propose(admin: Person, of: ForeignAuthority, **override: JSON) -> tuple[UUID, Any]:
    """A proposal and the act that made it."""
    act = admin.act(ADMIT, "PLATFORM", body=admission(of, **override), step_up=True)
    answer = admin.door.perform(admin.actor, lambda work: services.propose(work, act))
    return UUID(str(answer["anchor"])), act


def recognise(who: tuple[Person, Person], of: ForeignAuthority, **override: JSON) -> UUID:
    """An authority that both have recognised."""
    admin, supervisor = who
    anchor, act = propose(admin, of, **override)
    admin.door.perform(supervisor.actor, lambda work: services.recognise(work, anchor, supervisor.cosign(act)))
    return anchor


def end(who: tuple[Person, Person], anchor: UUID, of: ForeignAuthority, reason: str = "许可证被吊销") -> None:
    """The end that both have signed."""
    admin, supervisor = who
    body: dict[str, JSON] = {"root_sha256": certificates.fingerprint(of.root.certificate), "reason": reason}
    act = admin.act(END, "PLATFORM", body=body, step_up=True)
    admin.door.perform(admin.actor, lambda work: services.propose_end(work, anchor, act))
    admin.door.perform(supervisor.actor, lambda work: services.end(work, anchor, supervisor.cosign(act)))


def said_of(of: ForeignAuthority, leaf: x509.Certificate, at: Any, *, own: bool = True, above: bool = True, hours: int = 24) -> list[Said]:
    """What the authority says at that moment: by OCSP of the leaf, by its root's list of the issuer."""
    found = []
    if own:
        answer = of.status(leaf, at, hours=hours)
        found.append(Said(0, "ocsp", answer, revocation.read_ocsp(answer, leaf, of.issuing.certificate)))
    if above:
        listed = of.crl(at, above=of.root)
        found.append(Said(1, "crl", listed, revocation.read_crl(revocation.load_crl(listed), of.issuing.certificate, of.root.certificate)))
    return found


def listed_of(of: ForeignAuthority, leaf: x509.Certificate, at: Any) -> list[Said]:
    """The same by lists alone, which hold at whatever moment the world's clock shows."""
    own = of.crl(at)
    said = Said(0, "crl", own, revocation.read_crl(revocation.load_crl(own), leaf, of.issuing.certificate))
    return [said, *said_of(of, leaf, at, own=False)]


def certify(person: Person, of: ForeignAuthority, **more: Any) -> x509.Certificate:
    """The authority's certificate of a person's device key, naming the person's firm."""
    return of.certify(person.signer.key.public, **({"uscc": person.uscc, "org": person.org_name, "person": person.name} | more))


def request(
    person: Person,
    of: ForeignAuthority,
    anchor: UUID,
    leaf: x509.Certificate,
    *,
    said: Sequence[Said] | None = None,
    path: tuple[x509.Certificate, ...] = (),
    **body: JSON,
) -> EnrolmentRequest:
    """The enrolment of a key with the chain that vouches for it."""
    told = said_of(of, leaf, person.now()) if said is None else list(said)
    names: dict[str, JSON] = {"certificate_sha256": certificates.fingerprint(leaf)} | body
    whole = path or (leaf, of.issuing.certificate, of.root.certificate)
    return replace(person.enrolment("device", body=names), foreign=Foreign(anchor, whole, tuple(told)))


def join_vouched(world: People, of: ForeignAuthority, anchor: UUID, org: str = "乙方建设集团有限公司", **more: Any) -> Person:
    """A bidder whose device key the authority has certified, and who has an authenticator of ours beside it."""
    person = world.join(Role.BIDDER, org=org, keys=False)
    leaf = certify(person, of, **more)
    wish = request(person, of, anchor, leaf)
    person.door.perform(person.actor, lambda work: enrol(work, authority(), wish))
    return person.enrol("step-up")


def pem(certificate: x509.Certificate) -> str:
    """A certificate as a person hands it in."""
    return certificate.public_bytes(Encoding.PEM).decode()


HOUR = timedelta(hours=1)
