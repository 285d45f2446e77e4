"""How often something may be tried: the one limiter, and the two things that people try by force."""

from __future__ import annotations

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)

BY_NAME: RateLimitItem = parse("10/minute")
BY_ADDRESS: RateLimitItem = parse("300/minute")  # a whole trading centre may sit behind one address


def throttle(what: str, name: str) -> None:
    """Counts an attempt at `what` for this name and this address; raises TooManyRequests for one too many of either."""
    counted = limiter.enabled and limiter.initialized
    if counted and not (limiter.limiter.hit(BY_NAME, what, name) and limiter.limiter.hit(BY_ADDRESS, what, request.remote_addr or "")):
        raise TooManyRequests
