"""`LOT.json`: what a lot's page offers to those who seal offline, and the check of the office keys in it (docs/formats/lot.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar, cast

from cryptography import x509

from core.kernel import certificates, clock
from core.kernel.age import read_recipient
from core.kernel.blind import FLAGS, BlindRules
from core.kernel.checkpoint import LOG, WITNESS, Vkey, read_vkey
from core.kernel.document import DocumentFault, Fields, Node
from core.kernel.errors import BadSignature
from core.kernel.evidence import EventProof, read_event_proof
from core.kernel.jcs import JSON
from core.kernel.sealing import ROLES, Purpose
from core.kernel.signing import open_statement
from core.kernel.trust import Group, TrustPolicy

FORMAT = "gongheng/lot/v1"
PRICE = "price"

T = TypeVar("T")


class LotFault(DocumentFault):
    """The file is no lot file."""


class Escrow(StrEnum):
    """Whether a bid's key is shared out among three offices for rescue."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of `bid.json`: `price` is its member `price` (yuan, two decimals), any other name a text in its `items`."""

    name: str
    title: str
    required: bool


@dataclass(frozen=True, slots=True)
class LotEnvelope:
    """An envelope of the bid, in the order of opening; `blind`: what is allowed in it where it is a blind bid."""

    env: str
    title: str
    fields: tuple[Field, ...]
    blind: BlindRules | None = None

    def to_json(self) -> dict[str, JSON]:
        """Its entry in the file."""
        fields: list[JSON] = [{"name": f.name, "title": f.title, "required": f.required} for f in self.fields]
        said: dict[str, JSON] = {"env": self.env, "title": self.title, "fields": fields}
        return said if self.blind is None else said | {"blind": self.blind.to_json()}


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """A key of an opening office: the age recipient, its certificate, and the proof that the certificate's issue was logged."""

    recipient: str
    key_id: str
    certificate: x509.Certificate
    issue: EventProof

    def to_json(self) -> dict[str, JSON]:
        """Its entry in the file."""
        pem = certificates.to_pem(self.certificate)
        return {"recipient": self.recipient, "key_id": self.key_id, "certificate": pem, "issue": self.issue.to_json()}


@dataclass(frozen=True, slots=True)
class Bidder:
    """Who downloaded the file, where somebody did: organisation id, version to be sealed, the device's `age1…` recipients, the words by
    which the firm would be recognised in a blind bid, and the members of the consortium that it leads, itself first."""

    id: str
    ver: int
    recipients: tuple[str, ...]
    words: tuple[str, ...] = ()
    consortium: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFile:
    """The whole file. `authorities` are the issuing and root certificates, `platform` the certificate that signs the platform's events.

    `purpose`: what is sealed with it, a bid or an application; envelopes and deadline are that purpose's.
    """

    case: str
    lot: str
    title: str
    regime: str
    deadline: datetime
    envelopes: tuple[LotEnvelope, ...]
    escrow: Escrow
    offices: Mapping[str, tuple[OfficeKey, ...]]
    authorities: tuple[x509.Certificate, ...]
    platform: x509.Certificate
    log: Vkey
    witnesses: tuple[Vkey, ...]
    checkpoint: str
    bidder: Bidder | None = field(default=None)
    purpose: Purpose = Purpose.BID

    def to_json(self) -> dict[str, JSON]:
        """The file as a JSON object."""
        members: dict[str, JSON] = {
            "format": FORMAT,
            "case": self.case,
            "lot": self.lot,
            "title": self.title,
            "regime": self.regime,
            "deadline": clock.text(self.deadline),
            "envelopes": [envelope.to_json() for envelope in self.envelopes],
            "escrow": self.escrow.value,
            "offices": {role: [key.to_json() for key in keys] for role, keys in self.offices.items()},
            "authorities": [certificates.to_pem(certificate) for certificate in self.authorities],
            "platform": certificates.to_pem(self.platform),
            "log": {"vkey": str(self.log), "witnesses": [str(key) for key in self.witnesses]},
            "checkpoint": self.checkpoint,
        }
        if self.purpose is not Purpose.BID:
            members["purpose"] = self.purpose.value
        if self.bidder:
            members["bidder"] = {
                **{"id": self.bidder.id, "ver": self.bidder.ver},
                **{"recipients": list(self.bidder.recipients), "words": list(self.bidder.words)},
                **({"consortium": list(self.bidder.consortium)} if self.bidder.consortium else {}),
            }
        return members

    def envelope(self, env: str) -> LotEnvelope | None:
        """The envelope of that name."""
        return next((envelope for envelope in self.envelopes if envelope.env == env), None)

    @property
    def own_policy(self) -> TrustPolicy:
        """What the file itself claims to be trustworthy: enough to see that it is whole, no protection against who made it."""
        names = {f"w{place}": key for place, key in enumerate(self.witnesses, 1)}
        majority = Group(len(names) // 2 + 1, tuple(names))
        roots = frozenset(certificates.fingerprint(c) for c in self.authorities if c.issuer == c.subject)
        groups = {"witnesses": majority} if names else {}
        return TrustPolicy((self.log,), names, groups, "witnesses" if names else "none", ca_roots=roots)


# Reading


def read_lot(value: object) -> LotFile:
    """The lot file in a JSON value; raises LotFault naming the place of the first fault."""
    known = {"format", "case", "lot", "title", "regime", "deadline", "envelopes", "escrow", "offices", "authorities", "platform"}
    fields = Node(value, LotFault).fields(known | {"log", "checkpoint", "bidder", "purpose"})
    if fields.need("format").text() != FORMAT:
        raise fields.fault("format", "format_unknown")
    log = fields.need("log").fields({"vkey", "witnesses"})
    return LotFile(
        case=fields.need("case").id(),
        lot=fields.need("lot").id(),
        title=fields.need("title").text(),
        regime=fields.need("regime").text(),
        deadline=_held(fields.need("deadline"), lambda text: clock.moment(str(text))),
        envelopes=_envelopes(fields),
        escrow=fields.need("escrow").choice(Escrow),
        offices={role: tuple(_office_key(key) for key in keys.items()) for role, keys in fields.need("offices").members()},
        authorities=tuple(_held(pem, certificates.read_certificate) for pem in fields.need("authorities").items()),
        platform=_held(fields.need("platform"), certificates.read_certificate),
        log=_vkey(log.need("vkey"), LOG),
        witnesses=tuple(_vkey(key, WITNESS) for key in log.need("witnesses").items()),
        checkpoint=fields.need("checkpoint").text(),
        bidder=fields.read("bidder", _bidder, None),
        purpose=fields.read("purpose", lambda node: node.choice(Purpose), Purpose.BID),
    )


def _envelopes(fields: Fields) -> tuple[LotEnvelope, ...]:
    envelopes = tuple(_envelope(node.fields({"env", "title", "fields", "blind"})) for node in fields.need("envelopes").items())
    if not envelopes:
        raise fields.fault("envelopes", "no_envelope")
    if len({envelope.env for envelope in envelopes}) != len(envelopes):
        raise fields.fault("envelopes", "envelope_twice")
    return envelopes


def _envelope(fields: Fields) -> LotEnvelope:
    read = [node.fields({"name", "title", "required"}) for node in fields.need("fields").items()]
    entries = tuple(Field(entry.need("name").id(), entry.need("title").text(), entry.need("required").flag()) for entry in read)
    env = fields.need("env").id()
    if not env.isascii() or not env.replace("-", "").isalnum():  # it becomes a file name
        raise fields.fault("env", "envelope_name")
    return LotEnvelope(env, fields.need("title").text(), entries, fields.read("blind", _blind, None))


def _blind(node: Node) -> BlindRules:
    fields = node.fields({"fonts", *FLAGS})
    fonts = tuple(font.text() for font in fields.need("fonts").items())
    return BlindRules(fonts, **{name: fields.need(name).flag() for name in FLAGS})


def _office_key(node: Node) -> OfficeKey:
    fields = node.fields({"recipient", "key_id", "certificate", "issue"})
    return OfficeKey(
        recipient=_recipient(fields.need("recipient")),
        key_id=fields.need("key_id").id(),
        certificate=_held(fields.need("certificate"), certificates.read_certificate),
        issue=_held(fields.need("issue"), lambda value: read_event_proof(cast(JSON, value))),
    )


def _bidder(node: Node) -> Bidder:
    fields = node.fields({"id", "ver", "recipients", "words", "consortium"})
    recipients = tuple(_recipient(recipient) for recipient in fields.need("recipients").items())
    words = tuple(word.text() for word in fields.need("words").items()) if fields.has("words") else ()
    members = tuple(member.id() for member in fields.need("consortium").items()) if fields.has("consortium") else ()
    return Bidder(fields.need("id").id(), fields.need("ver").count(), recipients, words, members)


def _recipient(node: Node) -> str:
    _held(node, read_recipient)
    return node.text()


def _vkey(node: Node, algorithm: int) -> Vkey:
    key = _held(node, lambda value: read_vkey(str(value)))
    if key.algorithm != algorithm:
        raise node.fault("malformed", why="note.vkey")
    return key


def _held(node: Node, read: Callable[[object], T]) -> T:
    """A value in a form of its own; its refusal becomes a fault at this place."""
    try:
        return read(node.value)
    except BadSignature as refusal:
        raise node.fault("malformed", why=refusal.code) from None
    except ValueError:
        raise node.fault("malformed", why="clock.moment") from None


# Whether the office keys may be used


def trusted_offices(lot: LotFile, policy: TrustPolicy, at: datetime) -> dict[str, list[str]]:
    """Role → `age1…` recipients, in the order in which shares are dealt (a canonical file lost it); raises BadSignature for the first key
    that does not hold under `policy`.

    A key holds when its certificate leads to a trusted root, names the office and the recipient, and stands in a `cert.issue` event that
    the platform signed and a witnessed checkpoint includes: a twin certificate issued in secret has no such proof.
    """
    roots = [certificate for certificate in lot.authorities if certificates.fingerprint(certificate) in policy.ca_roots]
    certificates.verify_chain(lot.platform, lot.authorities, roots, at, None)
    if certificates.holder(lot.platform).kind != "platform":
        raise BadSignature("lot.platform_unfit")
    for role, keys in lot.offices.items():
        for key in keys:
            certificates.verify_chain(key.certificate, lot.authorities, roots, at, None)
            _check_office_key(lot, role, key, policy)
    in_order = sorted(lot.offices, key=lambda role: (*ROLES, role).index(role))
    return {role: [key.recipient for key in lot.offices[role]] for role in in_order}


def _check_office_key(lot: LotFile, role: str, key: OfficeKey, policy: TrustPolicy) -> None:
    named = certificates.holder(key.certificate)
    record = certificates.key_record(key.certificate)
    if (named.kind, named.role, named.recipient, record.key_id) != ("officer", role, key.recipient, key.key_id):
        raise BadSignature("lot.office_key_differs", role=role, key_id=key.key_id)
    event, _ = key.issue.accept(policy)
    said = open_statement(event.envelope, certificates.key_record(lot.platform))
    wanted = {"key_id": key.key_id, "recipient": key.recipient, "certificate_sha256": certificates.fingerprint(key.certificate)}
    if said.type != "cert.issue" or {name: said.body.get(name) for name in wanted} != wanted:
        raise BadSignature("lot.office_key_not_logged", role=role, key_id=key.key_id)
