"""Where somebody can be reached outside: addresses and numbers, and the code that shows that they are the person's own."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.identity.domain.message import Medium
from core.kernel.errors import RuleBroken

CODE_LIFE = timedelta(minutes=10)
MOST_TRIES = 5
PAUSE = timedelta(minutes=1)  # between two codes to one person by one way

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")  # 工业和信息化部: mobile numbers of mainland China


class Answer(Enum):
    """What became of a code that somebody typed."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    TOO_LATE = "too_late"  # or too often: a new one is needed


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was sent out: when, its digest, and how often it was tried."""

    at: datetime
    digest: bytes
    tries: int


def address(medium: Medium, written: str) -> str:
    """The one spelling of a mail address (RFC 5321, what browsers take) or of a mobile number; raises RuleBroken for any other."""
    if medium is Medium.MAIL:
        found = written.strip()
        if _MAIL.fullmatch(found) and len(found) <= 200:
            return found
        raise RuleBroken("contact.mail")
    number = re.sub(r"[\s-]", "", written).removeprefix("+86")
    if medium is Medium.SMS and _MOBILE.fullmatch(number):
        return number
    raise RuleBroken("contact.sms")


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**6):06d}"


def judge(asked: Asked | None, digest: bytes, now: datetime) -> Answer:
    """Whether the digest of what was typed is that of the code; five tries within ten minutes."""
    if asked is None or now - asked.at > CODE_LIFE or asked.tries >= MOST_TRIES:
        return Answer.TOO_LATE
    return Answer.CONFIRMED if secrets.compare_digest(asked.digest, digest) else Answer.WRONG


def may_ask_again(asked: Asked | None, now: datetime) -> None:
    """Raises RuleBroken when the last code left less than a minute ago."""
    if asked is not None and now - asked.at < PAUSE:
        raise RuleBroken("contact.too_soon")
