"""A second draw: why one may be made again, and what a supervisor is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from evaluation.domain.body import Body
from evaluation.domain.specialty import specialty_of

ARTICLE = "招标投标法实施条例 第四十六条"


class Reason(Enum):
    """Why a draw is made again; no other reason counts."""

    TOO_FEW = "too_few"
    UNREACHABLE = "unreachable"
    EXHAUSTED = "exhausted"
    FAULT = "fault"
    SUPERVISOR = "supervisor"


class Level(Enum):
    """How loud an alarm is: every redraw is amber, an attempt without a reason red."""

    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Again:
    """The reason of a draw that is not the first: its code and the words beside it."""

    code: str = ""
    text: str = ""

    @classmethod
    def read(cls, said: object) -> Again:
        """From the member `again` of a signed `draw.request`; empty for the first draw."""
        fields = Body(said, "code", "text", place="again")
        found = cls(fields.text("code", 20), fields.text("text", 500))
        if found != cls() and not found.is_reason:
            raise RuleBroken("draw.request.reason", ARTICLE)
        return found

    @property
    def is_reason(self) -> bool:
        """Whether both stand there and the code is a known one."""
        return self.code in {reason.value for reason in Reason} and len(self.text.strip()) > 1

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the statement."""
        return {"code": self.code, "text": self.text}


FIRST = Again()
NO_REASON = Again("no_reason")  # of an alarm, never of a draw


def may_be_asked_again(earlier: int, again: Again) -> Refusal | None:
    """A second draw for one lot needs a reason that is logged with it; the first has none (招标投标法实施条例 art. 46)."""
    if earlier:
        return None if again.is_reason else RuleBroken("draw.request.reason", ARTICLE)
    return None if again == FIRST else RuleBroken("draw.request.no_reason_due")


def keeps_conditions(drawn: Mapping[str, JSON], wanted: Mapping[str, JSON]) -> Refusal | None:
    """Specialties, numbers and the cap for employers stay what they were when somebody was drawn: whoever dislikes a list must not get
    another by asking otherwise (招标投标法实施条例 art. 46). Both are `request` objects."""
    same = all(drawn[name] == wanted[name] for name in ("strata", "org_cap"))
    return None if same else RuleBroken("draw.request.conditions", ARTICLE)


def leaves_out(request: Mapping[str, JSON], old: Iterable[str]) -> Refusal | None:
    """A new committee has nobody in it who was drawn or called for the lot before: each of these pseudonyms is gone from the pool or stands
    among those who must step back (rules of Linyi on remote evaluation, art. 21: the old members stay silent)."""
    may_sit = {one["id"] for one in _rows(request["pool"])} - set(_rows(request["recused"]))
    return RuleBroken("draw.request.old_member", ARTICLE) if may_sit & set(old) else None


def leaves_a_choice(request: Mapping[str, JSON]) -> Refusal | None:
    """A specialty in which everybody who fits would sit is no draw but a naming (招标投标法实施条例 art. 46)."""
    recused, strata = set(_rows(request["recused"])), {stratum["id"]: stratum["quota"] for stratum in _rows(request["strata"])}
    kin = {name: [one for one in strata if specialty_of(one) == name] for name in map(specialty_of, strata)}
    for name, together in [*((one, [one]) for one in strata), *sorted(kin.items())]:  # regions of a specialty draw on the same people
        fitting = [one for one in _rows(request["pool"]) if set(together) & set(one["strata"]) and one["id"] not in recused]
        if len(fitting) <= sum(strata[one] for one in together):
            return RuleBroken("draw.request.no_choice", ARTICLE, stratum=name)
    return None


def _rows(value: JSON) -> Sequence[Any]:
    assert isinstance(value, Sequence)
    return value
