"""A guarantor (担保机构): how the centre registers one, and whether it takes new applications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from cryptography import x509

from core.kernel import certpath
from core.kernel.certificates import fingerprint, read_certificate
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role

REGISTER, SUSPEND, RESUME = "guarantor.register", "guarantor.suspend", "guarantor.resume"
CENTRE = frozenset({Role.CENTRE})


class GuarantorState(Enum):
    """Whether bidders may choose it."""

    ACTIVE = "active"
    SUSPENDED = "suspended"  # no new applications; what it has issued stands


class GuarantorAction(Enum):
    """What the centre may do about one."""

    SUSPEND = "suspend"
    RESUME = "resume"


MOVES: Moves[GuarantorAction, GuarantorState, Role, None] = Moves(
    "guarantor",
    (
        Move(GuarantorAction.SUSPEND, at(GuarantorState.ACTIVE), GuarantorState.SUSPENDED, CENTRE),
        Move(GuarantorAction.RESUME, at(GuarantorState.SUSPENDED), GuarantorState.ACTIVE, CENTRE),
    ),
)


def takes_applications(state: GuarantorState) -> bool:
    """Whether bidders may choose it now."""
    return state is GuarantorState.ACTIVE


@dataclass(frozen=True, slots=True)
class Registration:
    """The body of a `guarantor.register` statement: who, where its interface is, and the root that its signatures must lead to."""

    name: str
    url: str
    root: x509.Certificate
    reason: str

    @classmethod
    def read(cls, body: Mapping[str, JSON]) -> Registration:
        """Raises RuleBroken for members that are missing, extra or malformed, BadSignature for a root that is none."""
        if set(body) != {"name", "url", "root", "reason"}:
            raise RuleBroken("guarantor.malformed")
        name, reason = _text(body, "name", 120), _text(body, "reason", 500)
        root = read_certificate(_text(body, "root", 12_000).replace("\r\n", "\n") + "\n")
        if not certpath.is_issued(root, root):
            raise RuleBroken("guarantor.root")
        certpath.check_root(root, certpath.FAMILIES)
        return cls(name, _url(_text(body, "url", 300)), root, reason)

    @property
    def root_sha256(self) -> str:
        """The digest of the root, which everybody can compare with the guarantor's own word."""
        return fingerprint(self.root)


def read_reason(body: Mapping[str, JSON]) -> tuple[str, str]:
    """(root digest, reason) of a `guarantor.suspend` or `guarantor.resume` statement; raises RuleBroken."""
    if set(body) != {"root_sha256", "reason"}:
        raise RuleBroken("guarantor.malformed")
    return _text(body, "root_sha256", 64), _text(body, "reason", 500)


def _text(body: Mapping[str, JSON], name: str, most: int) -> str:
    value = body[name]
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= most:
        raise RuleBroken("guarantor.malformed")
    return value.strip()


def _url(written: str) -> str:
    try:
        parts = urlsplit(written)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.username or parts.query or parts.fragment)
        fits = fits and written.isascii() and written.isprintable() and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits:
        raise RuleBroken("guarantor.url")
    return written.rstrip("/")
