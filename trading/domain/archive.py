"""An archived case (归档): its life, what the archivist signs, its file number, and the orders that hold it (封存)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from trading.domain.retention import CODES, Retention


class ArchiveState(Enum):
    """From the closed case to the archive."""

    NONE = "none"  # no row yet
    DESCRIBED = "described"  # it has its file number; the package is being made, or its making broke off
    PREPARED = "prepared"  # the package is made and checked, and waits for its signature
    FILED = "filed"


class ArchiveAction(Enum):
    """What moves it along."""

    DESCRIBE = "describe"
    PREPARE = "prepare"
    FILE = "file"
    HOLD = "hold"
    LIFT = "lift"


class Secrecy(Enum):
    """Who may be given it to read; state secrets have no place on the platform."""

    OPEN = "open"
    INTERNAL = "internal"
    RESTRICTED = "restricted"  # trade secrets and personal data of others


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFacts:
    """What the rules look at. `stands`: the hold at hand stands; `by_supervisor`: a supervisor placed it; `is_supervisor`: one lifts it."""

    case_closed: bool = False
    checks_hold: bool = False
    is_same: bool = True  # what is signed is what was prepared
    stands: bool = True
    by_supervisor: bool = False
    is_supervisor: bool = False


def _closed(facts: ArchiveFacts) -> Refusal | None:
    return None if facts.case_closed else WrongState("archive.case_open")


def _checked(facts: ArchiveFacts) -> Refusal | None:
    if not facts.is_same:
        return RuleBroken("archive.package_other")
    return None if facts.checks_hold else RuleBroken("archive.checks_fail", "DA/T 103—2024")


def _own_hold(facts: ArchiveFacts) -> Refusal | None:
    if not facts.stands:
        return WrongState("archive.hold_over")
    if facts.by_supervisor and not facts.is_supervisor:
        return RuleBroken("archive.hold_of_supervisor")
    return None


_CENTRE = frozenset({Role.CENTRE})
_BOTH = frozenset({Role.CENTRE, Role.SUPERVISOR})
_S = ArchiveState
_UNFILED = at(_S.DESCRIBED, _S.PREPARED)

MOVES: Moves[ArchiveAction, ArchiveState, Role, ArchiveFacts] = Moves(
    "archive",
    (
        Move(ArchiveAction.DESCRIBE, at(_S.NONE) | _UNFILED, _S.DESCRIBED, _CENTRE, _closed),
        Move(ArchiveAction.PREPARE, _UNFILED, _S.PREPARED, _CENTRE, _closed),
        Move(ArchiveAction.FILE, at(_S.PREPARED), _S.FILED, _CENTRE, _checked),
        Move(ArchiveAction.HOLD, at(_S.FILED), _S.FILED, _BOTH),
        Move(ArchiveAction.LIFT, at(_S.FILED), _S.FILED, _BOTH, _own_hold),
    ),
)


def chain_of(case: str) -> CaseId:
    """The chain on which the archiving of a case is recorded: its own has its end with the close."""
    return CaseId(f"A-{case}")


def archive_number(fonds: str, year: int, retention: Retention, serial: int) -> str:
    """The file number (档号) after DA/T 13: fonds, category, year, retention, number."""
    return f"{fonds}-ZB·{year}-{CODES[retention]}-{serial:04d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the archivist says of a case: the number of the fonds (全宗号), title, responsible party, secrecy and retention. `reasons`: by
    the name of a check that may fail for what was handed in, why it is kept as it is."""

    fonds: str
    title: str
    responsible: str
    secrecy: Secrecy
    retention: Retention
    reasons: Mapping[str, str]

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Description:
        """Of a form's content; raises RuleBroken `body.malformed` naming the member."""
        body = Body(members)
        fonds = body.text("fonds", 8)
        if not fonds.isascii() or not fonds.isalnum() or fonds != fonds.upper():
            raise RuleBroken("archive.fonds_malformed")
        said = body.part("reasons")
        read = cls(
            fonds=fonds,
            title=body.text("title", 200),
            responsible=body.text("responsible", 200),
            secrecy=body.choice("secrecy", Secrecy),
            retention=body.choice("retention", Retention),
            reasons={name: said.text(name, 300) for name in EXCUSABLE if said.has(name)},
        )
        said.done()
        body.done()
        return read


EXCUSABLE = ("documents_open", "active_content", "documents_unlocked")
"""Checks of papers that somebody handed in and signed: nobody can mend these any more, so a named reason may let them pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """The signed body of `case.archive`: the numbers and digests of what goes into the archive. `kept_until` is None for ever."""

    number: str
    retention: Retention
    kept_until: date | None
    package_sha256: str
    metadata_sha256: str
    checks_sha256: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Filing:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        retention = body.choice("retention", Retention)
        forever = retention is Retention.PERMANENT
        read = cls(
            number=body.text("number", 60),
            retention=retention,
            kept_until=None if forever else body.day("kept_until"),
            package_sha256=body.digest("package_sha256"),
            metadata_sha256=body.digest("metadata_sha256"),
            checks_sha256=body.digest("checks_sha256"),
        )
        if forever:
            body.text("kept_until", 0, least=0)
        body.done()
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it is signed."""
        return {
            "number": self.number,
            "retention": self.retention.value,
            "kept_until": "" if self.kept_until is None else self.kept_until.isoformat(),
            "package_sha256": self.package_sha256,
            "metadata_sha256": self.metadata_sha256,
            "checks_sha256": self.checks_sha256,
        }


@dataclass(frozen=True, slots=True)
class Order:
    """The signed body of `archive.hold` and `archive.lift`: the number of the document that orders it, and why; `hold`: the digest of the
    statement that is lifted, "" for a new one."""

    document: str
    reason: str
    hold: str = ""

    @classmethod
    def read(cls, signed: Mapping[str, object], lifts: bool) -> Order:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(body.text("document", 100), body.text("reason", 500), body.digest("hold") if lifts else "")
        body.done()
        return read
