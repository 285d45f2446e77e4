"""A signed sheet reopened: its member asks with a reason, two others decide, the old sheet stays in evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from core.kernel.errors import Refusal, RuleBroken, WrongState
from evaluation.domain.body import Body

if TYPE_CHECKING:
    from evaluation.domain.room import Facts

HOST = "centre"
"""The host's name among those who decide; members go by the code of their seat."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ARTICLE = "招标投标法 第四十四条"


class State(Enum):
    """How far a request has come."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"

    @property
    def is_granted(self) -> bool:
        """Whether the sheet is written again."""
        return self is State.GRANTED


@dataclass(frozen=True, slots=True)
class UnlockBody:
    """The signed request: digest of the statement to be reopened, and the reason.

    Those who decide read the reason before the lock, so it may hold no figure: nobody learns a score from it.
    """

    sheet_sha256: str
    reason: str

    @classmethod
    def read(cls, body: object) -> UnlockBody:
        """From the body of `sheet.unlock.ask`; raises RuleBroken for no digest, no reason, or a figure in it."""
        fields = Body(body, "sheet_sha256", "reason")
        said = cls(fields.text("sheet_sha256", 64, 64), fields.text("reason", 500, 2).strip())
        if not _DIGEST.fullmatch(said.sheet_sha256):
            raise RuleBroken("unlock.ask.other_sheet")
        if any(char.isnumeric() and not char.isalpha() for char in said.reason):
            raise RuleBroken("unlock.ask.figures", _ARTICLE)
        return said


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """The signed decision on a request, with a sentence where it is refused."""

    request_sha256: str
    granted: bool
    reason: str

    @classmethod
    def read(cls, body: object) -> DecisionBody:
        """From the body of `sheet.unlock.decide`; raises RuleBroken for a refusal without a sentence."""
        fields = Body(body, "request_sha256", "granted", "reason")
        said = cls(fields.text("request_sha256", 64, 64), fields.flag("granted"), fields.text("reason", 500).strip())
        if not said.granted and not said.reason:
            raise RuleBroken("unlock.decide.reason")
        return said


def deciders(asker: str, chair: str, seats: Iterable[str]) -> frozenset[str]:
    """Who decides on a request of the member at `asker`: the host and the chair; where the chair asks, the host and the two other members
    of the lowest seats. So nobody decides on their own sheet, and nobody chooses who decides."""
    others = sorted((one for one in seats if one != asker), key=int)
    return frozenset({HOST, *([chair] if chair in others else others[:2])})


def outcome(wanted: frozenset[str], granted: Iterable[str], refused: Iterable[str]) -> State:
    """Refused by the first who refuses, granted when all who decide have granted."""
    if wanted & set(refused):
        return State.REFUSED
    return State.GRANTED if wanted <= set(granted) else State.OPEN


def asks_to_unlock(facts: Facts) -> Refusal | None:
    """Only who has signed a sheet that others still wait with, and has no request open."""
    if not facts.unlockable:
        return WrongState("unlock.ask.nothing_signed")
    return WrongState("unlock.ask.twice") if facts.seat in facts.unlocks_open else None


def decides_on_an_unlock(facts: Facts) -> Refusal | None:
    """Each who decides, once on each request."""
    return None if facts.unlocks_due else WrongState("unlock.decide.not_due")


def nothing_to_unlock(facts: Facts) -> Refusal | None:
    """Scores are not locked while it is open whether one of them is written again."""
    return WrongState("unlock.open", count=len(facts.unlocks_open)) if facts.unlocks_open else None
