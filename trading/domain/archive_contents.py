"""What an archive package must hold for each lot by how it ended, and what is said of it as metadata (DA/T 103-2024)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.kernel import clock
from core.kernel.jcs import JSON
from trading.domain.archive import Description
from trading.domain.lot import LotState
from trading.domain.retention import kept_until

METADATA_FORMAT = "gongheng/archive-metadata/v1"

_REGISTERED = ("project.register", "project.countersign")
_PUBLISHED = ("award_plan.fix", "document.publish", "notice.publish")
_OPENED = ("close", "opening.start", "opening.record", "opening.record.sign", "opening.close")
_JUDGED = ("draw.result", "committee.form", "report.draft", "report.sign", "report.submit")
_AWARDED = ("candidates.publish", "award.notice", "contract.sign")

REQUIRED: Mapping[LotState, tuple[str, ...]] = {
    LotState.TERMINATED: (*_PUBLISHED, "lot.terminate"),
    LotState.FAILED: (*_PUBLISHED, "close", "failure.publish"),
    LotState.ALL_REJECTED: (*_PUBLISHED, *_OPENED, *_JUDGED, "failure.publish"),
    LotState.CLOSED: (*_PUBLISHED, *_OPENED, *_JUDGED, *_AWARDED),
}
"""By the state in which a closed case leaves a lot: the kinds of statement without which its file is not complete."""


def missing(lots: Mapping[str, LotState], said: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What a package lacks: `lot: kind`, for lots by their number in the case, and (kind, lot) of every statement in it."""
    there = set(said)
    found = [f"-: {kind}" for kind in (*_REGISTERED, "case.close") if (kind, "") not in there]
    for lot, state in sorted(lots.items()):
        found += [f"{lot}: {kind}" for kind in REQUIRED[state] if (kind, lot) not in there]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the package: its name in it, size in bytes, hex SHA-256, and format by its media type."""

    name: str
    size: int
    sha256: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the platform knows of the case that is archived."""

    case: str
    number: str
    project: str
    regime: str
    category: str
    region: str
    tenderer: str
    agency: str
    centre: str
    archivist: str
    registered_on: date
    closed_on: date
    lots: Sequence[tuple[str, str, str]]  # number, title, state


def metadata(said: Description, subject: Subject, files: Sequence[FileEntry], at: datetime) -> dict[str, JSON]:
    """The metadata record of the package; `at` is when it was made. The list of files leaves out the folder `archive/` and the manifest."""
    until = kept_until(said.retention, subject.closed_on)
    return {
        "format": METADATA_FORMAT,
        "identifier": {"number": subject.number, "fonds": said.fonds, "category": "ZB", "case": subject.case},
        "title": said.title,
        "project": subject.project,
        "creators": {
            "responsible": said.responsible,
            "tenderer": subject.tenderer,
            "agency": subject.agency,
            "keeper": subject.centre,
            "archivist": subject.archivist,
        },
        "dates": {
            "begun": subject.registered_on.isoformat(),
            "closed": subject.closed_on.isoformat(),
            "made": clock.text(at),
            "year": subject.closed_on.year,
        },
        "retention": {"class": said.retention.value, "until": "" if until is None else until.isoformat()},
        "secrecy": said.secrecy.value,
        "kind": {"regime": subject.regime, "category": subject.category, "region": subject.region},
        "lots": [{"number": number, "title": title, "state": state} for number, title, state in subject.lots],
        "formats": sorted({entry.format for entry in files}),
        "count": len(files),
        "size": sum(entry.size for entry in files),
        "files": [
            {"name": entry.name, "size": entry.size, "sha256": entry.sha256, "format": entry.format}
            for entry in sorted(files, key=lambda entry: entry.name.encode())
        ],
    }
