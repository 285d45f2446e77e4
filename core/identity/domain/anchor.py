"""Authorities that are not ours (CA 互认): how one is recognised and ended, what its certificates must be, when their status is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import urlsplit
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.identity.domain.organisation import normal_name
from core.kernel import certpath, clock, revocation
from core.kernel.certificates import fingerprint, names_code, read_certificate
from core.kernel.certpath import FAMILIES, Demands, Path
from core.kernel.errors import BadSignature, Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.revocation import Source, State, Status
from core.kernel.roles import Role
from core.kernel.signing import KeyRecord

ADMIT, END = "anchor.admit", "anchor.end"
LONGEST_REASON, LONGEST_URL = 500, 300
MOST_LISTS, MOST_POLICIES = 5, 10
LONGEST = timedelta(days=3660)  # of one recognition


class AnchorState(Enum):
    """ENDING: one person has signed the end, and until the second has too, nothing changes."""

    PROPOSED = "proposed"
    RECOGNISED = "recognised"
    ENDING = "ending"
    ENDED = "ended"
    DROPPED = "dropped"


class Action(Enum):
    """What somebody may do about an authority that was proposed."""

    RECOGNISE = "recognise"
    PROPOSE_END = "propose_end"
    END = "end"
    DROP = "drop"
    KEEP = "keep"


ADMIN, SUPERVISOR = frozenset({Role.ADMIN}), frozenset({Role.SUPERVISOR})

# Two persons of two duties: who runs the system proposes, who oversees the trade decides; nobody can hold both (see `grant.py`).
MOVES: Moves[Action, AnchorState, Role, None] = Moves(
    "anchor",
    (
        #    action              from                            to                who
        Move(Action.RECOGNISE, at(AnchorState.PROPOSED), AnchorState.RECOGNISED, SUPERVISOR),
        Move(Action.DROP, at(AnchorState.PROPOSED), AnchorState.DROPPED, ADMIN | SUPERVISOR),
        Move(Action.PROPOSE_END, at(AnchorState.RECOGNISED), AnchorState.ENDING, ADMIN),
        Move(Action.END, at(AnchorState.ENDING), AnchorState.ENDED, SUPERVISOR),
        Move(Action.KEEP, at(AnchorState.ENDING), AnchorState.RECOGNISED, ADMIN | SUPERVISOR),
    ),
)
LIVE = (AnchorState.PROPOSED, AnchorState.RECOGNISED, AnchorState.ENDING)
VOUCHING = (AnchorState.RECOGNISED, AnchorState.ENDING)


@dataclass(frozen=True, slots=True)
class Admission:
    """The body of an `anchor.admit` statement: the root, until when it is recognised, where its revocation is asked and where its
    certificates name a firm. `code_at` is `subject:` or `extension:` with an object identifier."""

    name_zh: str
    name_en: str
    region: str
    root: x509.Certificate
    ocsp_url: str
    crl_urls: tuple[str, ...]
    families: tuple[str, ...]
    policies: tuple[str, ...]
    code_at: str
    until: datetime
    reason: str

    @classmethod
    def read(cls, body: Mapping[str, JSON]) -> Admission:
        """Raises RuleBroken naming the first member that is missing, extra or nothing that it could be."""
        members = dict(body)
        made = cls(
            name_zh=normal_name(_text(members, "name_zh", 120), "anchor.name"),
            name_en=normal_name(_text(members, "name_en", 120), "anchor.name"),
            region=_text(members, "region", 60),
            root=_root(_text(members, "root", 12_000)),
            ocsp_url=_url(_text(members, "ocsp_url", LONGEST_URL, least=0)),
            crl_urls=tuple(_url(one) for one in _texts(members, "crl_urls", MOST_LISTS)),
            families=tuple(_texts(members, "families", len(FAMILIES))),
            policies=tuple(_texts(members, "policies", MOST_POLICIES)),
            code_at=_text(members, "code_at", 80),
            until=_moment(members, "until"),
            reason=_text(members, "reason", LONGEST_REASON),
        )
        if members:
            raise RuleBroken("anchor.malformed", member=min(members))
        if not made.families or not set(made.families) <= set(FAMILIES):
            raise RuleBroken("anchor.families")
        if not _OID_PLACE.fullmatch(made.code_at) or not all(_OID.fullmatch(one) for one in made.policies):
            raise RuleBroken("anchor.oid")
        if not made.ocsp_url and not any(made.crl_urls):
            raise RuleBroken("anchor.no_status")
        return made

    @property
    def root_sha256(self) -> str:
        """The digest under which a trust policy names the root."""
        return fingerprint(self.root)

    @property
    def demands(self) -> Demands:
        """What this authority's certificates must be."""
        return Demands(self.families, self.policies)


def accept_admission(admission: Admission, now: datetime) -> None:
    """Raises a refusal unless the root is an authority that signs itself, of a strength that counts, for as long as it is recognised."""
    root, until = admission.root, admission.until
    if certpath.is_sm2(root):
        raise BadSignature("certificate.sm2")
    if not certpath.is_issued(root, root):
        raise RuleBroken("anchor.root")
    certpath.check_root(root, admission.families)
    if not now < until <= now + LONGEST or until > root.not_valid_after_utc:
        raise RuleBroken("anchor.until", until=clock.text(root.not_valid_after_utc)[:10])


def refuse_anchor(state: AnchorState, until: datetime | None, now: datetime) -> Refusal | None:
    """Why an authority may not vouch for a key at this moment, or None."""
    if state not in VOUCHING:
        return WrongState("anchor.not_recognised")
    return WrongState("anchor.over") if until is not None and now >= until else None


@dataclass(frozen=True, slots=True)
class End:
    """The body of an `anchor.end` statement."""

    root_sha256: str
    reason: str

    @classmethod
    def read(cls, body: Mapping[str, JSON]) -> End:
        """Raises RuleBroken for members that are missing, extra or malformed."""
        members = dict(body)
        made = cls(_text(members, "root_sha256", 64, least=64), _text(members, "reason", LONGEST_REASON))
        if members:
            raise RuleBroken("anchor.malformed", member=min(members))
        return made


@dataclass(frozen=True, slots=True)
class Anchor:
    """A recognised authority as chains are held against it."""

    id: UUID
    state: AnchorState
    until: datetime
    admission: Admission

    @property
    def root(self) -> x509.Certificate:
        """Its root certificate."""
        return self.admission.root

    @property
    def demands(self) -> Demands:
        """What its certificates must be."""
        return self.admission.demands

    @property
    def code_at(self) -> str:
        """Where they name a firm."""
        return self.admission.code_at


# Certificates of its holders

MOST_CERTIFICATES = 8


def read_chain(written: Sequence[str]) -> tuple[x509.Certificate, ...]:
    """The certificates that somebody handed in, their own first; raises BadSignature."""
    if not 0 < len(written) <= MOST_CERTIFICATES:
        raise BadSignature("foreign.chain", most=MOST_CERTIFICATES)
    return tuple(read_certificate(pem) for pem in written)


def pem_chain(path: Sequence[x509.Certificate]) -> list[str]:
    """The same in words again."""
    return [one.public_bytes(Encoding.PEM).decode("ascii") for one in path]


def choose(given: Sequence[x509.Certificate], anchors: Sequence[Anchor], now: datetime) -> tuple[Anchor, Path]:
    """The recognised authority to which a chain leads, and the path there; raises BadSignature with what the nearest one lacks."""
    leaf, between = given[0], [one for one in given[1:] if not certpath.is_issued(one, one)]
    fault: Refusal = BadSignature("certificate.chain")
    for anchor in anchors:
        try:
            return anchor, certpath.find_path(leaf, between, [anchor.root], now, anchor.demands)
        except BadSignature as refusal:
            fault = refusal if fault.code == "certificate.chain" else fault
    raise fault if anchors or not certpath.is_sm2(leaf) else BadSignature("certificate.sm2")


def accept_foreign(anchor: Anchor, path: Path, said: Sequence[Said], holder: tuple[bytes, str], now: datetime) -> datetime:
    """Until when a path vouches for a key at most; `holder`: the key (SPKI) and the code of the firm that asks.

    Raises a refusal for a certificate of another key or firm, one that is revoked, and one whose status nobody has told.
    """
    spki, uscc = holder
    if (refusal := refuse_anchor(anchor.state, anchor.until, now)) is not None:
        raise refusal
    if spki_of(path[0]) != spki:
        raise BadSignature("foreign.key_differs")
    if not names_code(path[0], anchor.code_at, uscc):
        raise RuleBroken("foreign.other_firm", uscc=uscc)
    states = states_of(path, said, now)
    if "revoked" in states:
        raise BadSignature("certificate.revoked", serial=f"{path[0].serial_number:x}")
    if "unknown" in states:
        raise WrongState("foreign.no_status")
    return min(anchor.until, *(one.not_valid_after_utc for one in path))


def states_of(path: Path, said: Sequence[Said], now: datetime) -> list[State]:
    """What all that was said comes to now, of every certificate but the root."""
    return [revocation.judge((one.status for one in said if one.place == place), now) for place in range(len(path) - 1)]


def spki_of(certificate: x509.Certificate) -> bytes:
    """The DER of a certificate's key; raises BadSignature for one that cannot sign here."""
    with certpath.refusing("foreign.key_kind"):
        spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    try:
        return KeyRecord.from_spki(spki, "es256").spki
    except BadSignature:
        raise BadSignature("foreign.key_kind") from None


# Asking for their status


@dataclass(frozen=True, slots=True)
class Said:
    """An answer about the certificate at `place` of a path (0: the holder's), byte for byte, and what it says."""

    place: int
    source: Source
    content: bytes
    status: Status


SOONEST, LATEST, AGAIN = timedelta(minutes=5), timedelta(hours=12), timedelta(minutes=5)
PATIENCE = timedelta(days=7)  # how long a key that has ended is still asked about


def next_asking(now: datetime, told: Status | None, ended_at: datetime | None) -> datetime | None:
    """When a certificate's status is asked the next time; None when all that will ever matter is known.

    By the clock alone, half way to the next answer: never because somebody signs, since whoever is asked would then learn who seals a
    bid and when. `told`: the answer just received, None for none. `ended_at`: since when the key signs nothing more here.
    """
    if ended_at is not None and ((told is not None and told.speaks_for(ended_at)) or now > ended_at + PATIENCE):
        return None
    if told is None or told.next_update is None:
        return now + AGAIN if told is None else now + LATEST
    half = told.this_update + (told.next_update - told.this_update) / 2
    return min(max(half, now + SOONEST), now + LATEST)


# Members of signed bodies

_OID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d{0,38})){1,20}")
_OID_PLACE = re.compile(rf"(?:subject|extension):{_OID.pattern}")


def _text(members: dict[str, JSON], name: str, most: int, least: int = 1) -> str:
    value = members.pop(name, None)
    plain = isinstance(value, str) and least <= len(value) <= most and value == value.strip("\t\r ")
    if not plain or not isinstance(value, str) or any(ord(one) < 0x20 and one != "\n" for one in value):
        raise RuleBroken("anchor.malformed", member=name)
    return value


def _texts(members: dict[str, JSON], name: str, most: int) -> list[str]:
    value = members.pop(name, None)
    if not isinstance(value, list) or len(value) > most or len(set(map(str, value))) != len(value):
        raise RuleBroken("anchor.malformed", member=name)
    return [_text({name: one}, name, LONGEST_URL) for one in value]


def _moment(members: dict[str, JSON], name: str) -> datetime:
    try:
        moment: datetime = clock.moment(_text(members, name, 24))
    except ValueError:
        raise RuleBroken("anchor.malformed", member=name) from None
    return moment


def _root(pem: str) -> x509.Certificate:
    try:
        return read_certificate(pem.strip() + "\n")
    except BadSignature:
        raise RuleBroken("anchor.root") from None


def _url(written: str) -> str:
    if not written:
        return ""
    try:
        parts = urlsplit(written)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.username or parts.password or parts.fragment)
        fits = fits and written.isascii() and written.isprintable() and " " not in written and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits:
        raise RuleBroken("anchor.url")
    return written
