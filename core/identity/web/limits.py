"""How often something may be tried: the one limiter, and the two things that people try by force."""

from __future__ import annotations

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)

# One person's tries from one place; everybody's at one name, so that it cannot be guessed from many places, yet its owner is not
# locked out by one; and one place's at all names, where a whole trading centre may sit behind one address.
RULES: tuple[tuple[RateLimitItem, bool, bool], ...] = (
    (parse("10/minute"), True, True),
    (parse("60/minute"), True, False),
    (parse("300/minute"), False, True),
)


def throttle(what: str, name: str) -> None:
    """Counts an attempt at `what` for this name and this address; raises TooManyRequests for one too many of either."""
    if not (limiter.enabled and limiter.initialized):
        return
    address = request.remote_addr or ""
    for rule, by_name, by_address in RULES:
        if not limiter.limiter.hit(rule, what, name if by_name else "", address if by_address else ""):
            raise TooManyRequests


def throttle_place(what: str) -> None:
    """Counts an attempt from this address where no name is known yet; raises TooManyRequests for one too many."""
    rule, _, _ = RULES[-1]
    if limiter.enabled and limiter.initialized and not limiter.limiter.hit(rule, what, request.remote_addr or ""):
        raise TooManyRequests
