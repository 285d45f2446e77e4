"""The life of a sheet of experts: previewed, confirmed by a signature, taken over row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role


class ImportState(Enum):
    """The life of a sheet."""

    PREVIEWED = "previewed"  # nothing of it stands in the pool
    CONFIRMED = "confirmed"  # its rows are being taken over
    DONE = "done"
    DISCARDED = "discarded"


class ImportAction(Enum):
    """What is done about it; FINISH follows by itself from the last row."""

    CONFIRM = "confirm"
    DISCARD = "discard"
    FINISH = "finish"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFacts:
    """What the rules look at: rows that hold, rows that are out, and whether the keeper chose to leave these out."""

    good: int = 0
    bad: int = 0
    leaves_out: bool = False


def all_hold_or_are_left_out(facts: ImportFacts) -> Refusal | None:
    """Nothing comes in when a row is out, unless the keeper says so; a sheet without a good row is none."""
    if not facts.good:
        return RuleBroken("import.nothing")
    return RuleBroken("import.faults", count=facts.bad) if facts.bad and not facts.leaves_out else None


_KEEPER = frozenset({Role.CENTRE})

MOVES: Moves[ImportAction, ImportState, Role, ImportFacts] = Moves(
    "import",
    (
        Move(ImportAction.CONFIRM, at(ImportState.PREVIEWED), ImportState.CONFIRMED, _KEEPER, all_hold_or_are_left_out),
        Move(ImportAction.DISCARD, at(ImportState.PREVIEWED), ImportState.DISCARDED, _KEEPER),
        Move(ImportAction.FINISH, at(ImportState.CONFIRMED), ImportState.DONE, frozenset({Role.SYSTEM})),
    ),
)


@dataclass(frozen=True, slots=True)
class ImportBody:
    """The signed body of `pool.import`: which sheet by id and digest, how many rows come in and are left out, under which agreement."""

    id: UUID
    file_sha256: str
    origin: str
    rows: int
    left_out: int

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ImportBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(
            body.uuid("id"), body.digest("file_sha256"), body.text("origin", 20, least=0), body.count("rows"), body.count("left_out")
        )
        body.done()
        return read
