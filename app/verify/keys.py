"""Keys and certificates: whose each key is, that it stood when it signed, and that its certificate was issued in the open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from app.verify.entries import Entry
from app.verify.layout import MANIFEST, MANIFEST_DSSE
from app.verify.package import Package
from app.verify.verdict import Broken, inside
from core.kernel import jcs
from core.kernel.certificates import Holder, fingerprint, holder, key_record, read_certificate, read_crl, verify_chain
from core.kernel.dsse import Envelope, Signature, payload_type, read_envelope
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature
from core.kernel.signing import KeyRecord, Statement, open_statement, verify
from core.kernel.trust import TrustPolicy
from core.kernel.webauthn import RelyingParty
from deposits.domain.guarantor import REGISTER

ISSUING, ROOT = "certs/issuing.pem", "policy/roots/ca.pem"
ABOUT_OTHERS = ("anchor.admit", "anchor.end", "cert.vouch", "cert.status", "cert.revoke")
"""Kinds of the platform's chain that speak of keys vouched for by other authorities; `authorities` checks them."""
PLATFORM_ACTOR = "urn:ztb:platform"


@dataclass(frozen=True)
class Certified:
    """A key of the package: its certificate, whom that names, and the key itself with its one kind of signature."""

    member: str
    certificate: x509.Certificate
    holder: Holder
    record: KeyRecord

    @property
    def subject(self) -> str:
        """How statements name the holder."""
        return f"urn:ztb:{self.holder.kind}:{self.holder.id}"

    @property
    def actor(self) -> str:
        """`actor.id` of what this key signs."""
        return PLATFORM_ACTOR if self.holder.kind == "platform" else self.subject


@dataclass
class Keyring:
    """All keys of a package, and the authority over them."""

    keys: dict[str, Certified]
    issuing: x509.Certificate
    root: x509.Certificate
    crls: Sequence[x509.CertificateRevocationList]
    relying_parties: Sequence[RelyingParty]
    issued: dict[str, datetime] = field(default_factory=dict)
    trusted: frozenset[str] = frozenset()  # the roots that the policy names

    def key(self, line: Signature, member: str) -> Certified:
        """The key under a signature line."""
        if line.keyid not in self.keys:
            raise Broken(member, "key_unknown", keyid=line.keyid)
        return self.keys[line.keyid]

    def stands(self, key: Certified, at: datetime) -> None:
        """Raises BadSignature unless the certificate stood at that moment."""
        verify_chain(key.certificate, [self.issuing], [self.root], at, self.crls)

    def check_standing(self, uses: Mapping[str, Sequence[datetime]]) -> None:
        """Every key stood at each of the moments when it was used; raises Broken naming its certificate.

        A certificate is good for one span of time and a revocation is for ever, so the first and the last use answer for all between.
        """
        for key_id, moments in uses.items():
            if (key := self.keys.get(key_id)) is not None:
                with inside(key.member):
                    self.stands(key, min(moments))
                    self.stands(key, max(moments))

    def check_signatures(self, entry: Entry) -> None:
        """Every signature under an event; the first is the actor's. Raises Broken."""
        envelope = entry.logged.envelope
        with inside(entry.member):
            for place, line in enumerate(envelope.signatures):
                key = self.key(line, entry.member)
                self._verify(envelope, key, is_actor=place == 0)
                if place == 0:
                    entry.require(key.actor == entry.actor, "actor_differs", actor=entry.actor)
            entry.require(bool(envelope.signatures), "unsigned")

    def open(self, envelope: Envelope, member: str, at: datetime) -> Statement:
        """The statement in an envelope that stands inside an event: one key of the package signed it, and stood then; raises Broken."""
        if len(envelope.signatures) != 1:
            raise Broken(member, "unsigned")
        key = self.key(envelope.signatures[0], member)
        with inside(member):
            self.stands(key, at)
            said = open_statement(envelope, key.record)
        if key.actor != said.actor.id or key.holder.kind != "person":
            raise Broken(member, "actor_differs", actor=said.actor.id)
        return said

    def _verify(self, envelope: Envelope, key: Certified, is_actor: bool) -> None:
        check = open_statement if is_actor else verify
        if key.record.kind != "webauthn-es256":
            check(envelope, key.record)
            return
        fault: BadSignature | None = BadSignature("webauthn.no_relying_party")
        for rp in self.relying_parties:
            try:
                check(envelope, key.record, rp)
                return
            except BadSignature as refusal:
                fault = refusal
        assert fault is not None
        raise fault

    def check_issues(self, entries: Iterable[Entry], uses: Mapping[str, Sequence[datetime]]) -> None:
        """Every key was certified in the log, as its certificate says, before it was used; raises Broken."""
        for entry in entries:
            if entry.kind in ABOUT_OTHERS or entry.kind == REGISTER:
                continue  # what it says is checked where it is leant on
            entry.require(entry.kind == "cert.issue" and entry.role == "system", "kind_unknown", kind=entry.kind)
            key = self.keys.get(entry.text("key_id"))
            if key is None:
                raise Broken(entry.member, "not_expected")
            body = {name: entry.text(name) for name in ("subject", "kind", "serial", "certificate_sha256", "recipient")}
            serial, recipient = f"{key.certificate.serial_number:x}", key.holder.recipient
            said = {"subject": key.subject, "kind": key.record.kind, "serial": serial, "certificate_sha256": fingerprint(key.certificate)}
            entry.require(body | {"recipient": ""} == said | {"recipient": ""}, "certificate_differs")
            entry.require(recipient in ("", body["recipient"]), "certificate_differs")
            self.issued[key.record.key_id] = entry.at
        for key_id, key in self.keys.items():
            if key_id not in self.issued:
                raise Broken(key.member, "issue_missing")
            if key_id in uses and self.issued[key_id] > min(uses[key_id]):
                raise Broken(key.member, "issued_after_use")


def keyring(package: Package, policy: TrustPolicy) -> Keyring:
    """The keys of a package under a root that the policy names; raises Broken."""
    issuing, root = _certificate(package, ISSUING), _certificate(package, ROOT)
    if fingerprint(root) not in policy.ca_roots:
        raise Broken(ROOT, "root_unknown")
    crls = []
    for name in package.names("crls/"):
        text = package.text(name)
        with inside(name):
            crls.append(read_crl(text))
    keys = {}
    for name in package.names("certs/"):
        if name == ISSUING:
            continue
        certificate = _certificate(package, name)
        with inside(name):
            found = Certified(name, certificate, holder(certificate), key_record(certificate))
        if name != f"certs/{found.record.key_id}.pem":
            raise Broken(name, "number_differs")
        keys[found.record.key_id] = found
    return Keyring(keys, issuing, root, crls, list(policy.relying_parties.values()), trusted=policy.ca_roots)


def check_manifest_signature(package: Package, ring: Keyring, at: datetime) -> None:
    """The platform signed the manifest's digest; raises Broken. `at`: the moment of the newest event."""
    content = package.read(MANIFEST_DSSE)
    with inside(MANIFEST_DSSE):
        envelope = read_envelope(content)
        if envelope.to_bytes() != content or len(envelope.signatures) != 1:
            raise Broken(MANIFEST_DSSE, "malformed")
        key = ring.key(envelope.signatures[0], MANIFEST_DSSE)
        if key.holder.kind != "platform" or envelope.payload_type != payload_type("manifest"):
            raise Broken(MANIFEST_DSSE, "actor_differs")
        ring.stands(key, at)
        verify(envelope, key.record)
        if envelope.payload != jcs.canonical({"type": "manifest", "sha256": sha256(package.read(MANIFEST)).hex()}):
            raise Broken(MANIFEST_DSSE, "manifest_differs")


def _certificate(package: Package, name: str) -> x509.Certificate:
    text = package.text(name)
    with inside(name):
        return read_certificate(text)
