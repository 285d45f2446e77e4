"""An electronic business licence (电子营业执照): what its provider must say before somebody is let in, and who that is then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.identity.domain.organisation import normal_name, social_credit_code
from core.identity.domain.person import personal_name
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, RuleBroken

SKEW = timedelta(seconds=60)  # how far the provider's clock may stand from ours
CEREMONY = timedelta(minutes=10)  # from leaving for the provider until coming back


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser left with for the provider; it must come back with the same."""

    provider: str
    state: str
    nonce: str
    verifier: str  # PKCE (RFC 7636)
    onward: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Names:
    """Under which claims a provider names the code and the name of the organisation, and the one who acts for it."""

    code: str
    org: str
    handler: str


@dataclass(frozen=True, slots=True)
class Presented:
    """A licence that was shown: whose it is and who holds it. `issuer` and `subject` name the holder for ever."""

    issuer: str
    subject: str
    uscc: str
    org_name: str
    handler: str

    @property
    def login(self) -> str:
        """The login name of an account made at the first showing; it has no password."""
        return f"licence-{self.uscc.lower()}-{sha256(f'{self.issuer} {self.subject}'.encode()).hex()[:12]}"


def is_in_time(asked: Asked, now: datetime) -> bool:
    """Whether the browser is back soon enough."""
    return asked.at - SKEW <= now <= asked.at + CEREMONY


def check(claims: Mapping[str, Any], issuer: str, client: str, nonce: str, now: datetime) -> None:
    """Raises BadSignature unless an ID token is from this issuer, for us, of this login and of now (OpenID Connect Core 1.0, §3.1.3.7)."""
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    if claims.get("iss") != issuer:
        raise BadSignature("licence.issuer")
    if client not in audiences or (len(audiences) > 1 and claims.get("azp") != client) or claims.get("azp", client) != client:
        raise BadSignature("licence.audience")
    if not nonce or claims.get("nonce") != nonce:
        raise BadSignature("licence.nonce")
    issued, expires = _moment(claims.get("iat")), _moment(claims.get("exp"))
    not_before = _moment(claims["nbf"]) if "nbf" in claims else issued
    if not (max(issued, not_before) - SKEW <= now < expires + SKEW) or now - issued > CEREMONY:
        raise BadSignature("licence.time")


def present(claims: Mapping[str, Any], names: Names) -> Presented:
    """The licence in checked claims; raises RuleBroken for one without a valid code, name or handler."""
    said = [claims.get(name) for name in ("iss", "sub", names.code, names.org, names.handler)]
    if not all(isinstance(member, str) and 0 < len(member) <= 255 for member in said):
        raise RuleBroken("licence.incomplete")
    issuer, subject, code, org, handler = (str(member) for member in said)
    return Presented(issuer, subject, social_credit_code(code), normal_name(org), personal_name(handler))


def _moment(claim: object) -> datetime:
    if not isinstance(claim, int) or isinstance(claim, bool) or not 0 <= claim < 2**33:
        raise BadSignature("licence.time")
    return datetime.fromtimestamp(claim, UTC)
