"""A member leaves the committee and is replaced: who may say so and why, and what the replacement voids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.kernel.errors import RuleBroken
from core.kernel.roles import Role
from evaluation.domain.body import Body
from evaluation.domain.calling import Cause

OWN = (Cause.RECUSAL, Cause.HEALTH, Cause.DEVICE, Cause.OTHER)
NOTED: Mapping[Role, tuple[Cause, ...]] = {
    Role.CENTRE: (Cause.LATE, Cause.ABSENT, Cause.HEALTH, Cause.RECUSAL, Cause.DEVICE, Cause.CONDUCT),
    Role.SUPERVISOR: (Cause.RECUSAL,),
}
"""Why an office notes that a member is replaced (招标投标法实施条例 art. 48); the supervisor where a recusal is found later."""

VOIDED = frozenset(
    {
        *("preliminary.open", "preliminary.result", "rejection.open", "rejection.vote", "competition.vote", "competition.result"),
        *("technical.lock", "blind.open", "blind.opened"),
        *("low_price.flag", "price_check.close", "price_matter.vote", "price_matter.result", "price.result", "summary"),
        *("finding.answer", "tie_draw.ranking"),
        *("doubt.raise", "doubt.vote", "doubt.result", "doubt.answer", "doubt.silence", "doubt.replace"),
        *("weighing.propose", "weighing.vote", "weighing.result"),
        *("consistency.result", "report.draft", "report.sign", "report.deadline", "report.refusal"),
    }
)
"""What a later replacement voids: the votes of all, what was concluded from work of which a part is void, signatures under its report.

The reviews and sheets of those who stay are theirs alone and stand.
"""


@dataclass(frozen=True, slots=True)
class LeaveBody:
    """The signed body of `room.leave`: why a member goes."""

    cause: Cause
    reason: str

    @classmethod
    def read(cls, body: object) -> LeaveBody:
        """A member's own word; raises RuleBroken."""
        fields = Body(body, "cause", "reason")
        return cls(_cause(fields, OWN), fields.text("reason", 500, 2))


@dataclass(frozen=True, slots=True)
class ReplaceBody:
    """The signed body of `room.replace`: whose seat is handed on, and why."""

    seat: str
    cause: Cause
    reason: str

    @classmethod
    def read(cls, body: object, role: Role) -> ReplaceBody:
        """An office's note; raises RuleBroken for a cause that is not for this office."""
        fields = Body(body, "seat", "cause", "reason")
        return cls(fields.text("seat", 4, 1), _cause(fields, NOTED[role]), fields.text("reason", 500, 2))


def _cause(fields: Body, known: Iterable[Cause]) -> Cause:
    said = fields.text("cause", 20, 1)
    found = next((one for one in known if one.value == said), None)
    if found is None:
        raise RuleBroken("evaluation.body", field="body.cause")
    return found
