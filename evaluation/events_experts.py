"""What happens to the experts of the pool, each on a chain of their own (`E2026-000001`), and to the pool, on the chain `POOL`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON

POOL = CaseId("POOL")  # agreements and imports


@dataclass(frozen=True, kw_only=True)
class ExpertAdmitted(Event):
    """The keeper admitted an expert: event 0 of the chain."""

    KIND: ClassVar[str] = "expert.admit"


@dataclass(frozen=True, kw_only=True)
class ExpertAmended(Event):
    """The keeper changed the profile."""

    KIND: ClassVar[str] = "expert.amend"


@dataclass(frozen=True, kw_only=True)
class ExpertLinked(Event):
    """An account was bound to the entry: from now on this person can be drawn. `person` is its URN."""

    KIND: ClassVar[str] = "expert.link"
    person: str


@dataclass(frozen=True, kw_only=True)
class ExpertContactKept(Event):
    """Numbers of these kinds were taken under seal; what they are stands in no statement."""

    KIND: ClassVar[str] = "expert.contact"
    kinds: Sequence[str]
    by: str


@dataclass(frozen=True, kw_only=True)
class ExpertTrained(Event):
    """The keeper noted a training."""

    KIND: ClassVar[str] = "expert.train"


@dataclass(frozen=True, kw_only=True)
class ExpertRated(Event):
    """The keeper noted the conduct in an evaluation."""

    KIND: ClassVar[str] = "expert.rate"


@dataclass(frozen=True, kw_only=True)
class ExpertSuspended(Event):
    """The keeper suspended an expert, as ordered."""

    KIND: ClassVar[str] = "expert.suspend"


@dataclass(frozen=True, kw_only=True)
class SuspensionLifted(Event):
    """The keeper lifted the suspension that stood."""

    KIND: ClassVar[str] = "expert.lift"


@dataclass(frozen=True, kw_only=True)
class ExpertRemoved(Event):
    """The keeper took an expert out of the pool."""

    KIND: ClassVar[str] = "expert.remove"


@dataclass(frozen=True, kw_only=True)
class ExpertReadmitted(Event):
    """The keeper took an expert into the pool again."""

    KIND: ClassVar[str] = "expert.readmit"


@dataclass(frozen=True, kw_only=True)
class ExpertDeclared(Event):
    """The expert declared where near relatives work and to whom money binds them."""

    KIND: ClassVar[str] = "expert.declare"


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """The expert agreed to one purpose."""

    KIND: ClassVar[str] = "expert.consent"


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """The expert withdrew that; what was signed before stands."""

    KIND: ClassVar[str] = "expert.withdraw"


@dataclass(frozen=True, kw_only=True)
class PersonalDataErased(Event):
    """What was kept for a purpose ("": for all) is gone; `ground`: `withdrawn`, `retention`, `removed`; `kinds`: what was there."""

    KIND: ClassVar[str] = "expert.erase"
    purpose: str
    ground: str
    kinds: Sequence[str]


# The pool


@dataclass(frozen=True, kw_only=True)
class AgreementConcluded(Event):
    """The keeper noted an agreement with the pool of another city."""

    KIND: ClassVar[str] = "pool.agreement"


@dataclass(frozen=True, kw_only=True)
class AgreementEnded(Event):
    """The keeper ended one."""

    KIND: ClassVar[str] = "pool.agreement_end"


@dataclass(frozen=True, kw_only=True)
class ExpertsImported(Event):
    """The keeper answered for a file of experts; each of them follows on a chain of their own."""

    KIND: ClassVar[str] = "pool.import"


@dataclass(frozen=True, kw_only=True)
class ExpertTakenOver(Event):
    """An expert came in by an import: `statement_sha256` of it, `row` of its sheet profile and training; event 0 of the chain."""

    KIND: ClassVar[str] = "expert.import"
    statement_sha256: str
    row: int
    profile: Mapping[str, JSON]
    training: Mapping[str, JSON] | None
