"""The four checks of an archive package (四性检测, DA/T 103-2024): authenticity, integrity, usability, safety, each with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.archives.documents import AGE, Read, read_all
from app.evidence.collect import Member
from app.verify.entries import EVENTS, chains
from app.verify.package import open_package
from app.verify.steps import verify
from app.verify.verdict import Finding, Verdict
from core.kernel.jcs import JSON
from core.kernel.trust import TrustPolicy
from trading.domain.archive import EXCUSABLE
from trading.domain.archive_contents import missing
from trading.domain.lot import LotState

FORMAT = "gongheng/archive-checks/v1"
SHOWN = 20  # names in a line of evidence

_AUTHENTIC = ("certificates", "signatures", "speakers", "events", "checkpoints", "inclusion", "stamps", "close", "forms", "clock")
_WHOLE = ("archive", "manifest")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its evidence, and where it fails for what somebody handed in, the reason for which it passes all the same."""

    name: str
    holds: bool
    evidence: str
    reason: str = ""

    @property
    def passes(self) -> bool:
        """Whether the package may be filed as far as this goes."""
        return self.holds or bool(self.reason)

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the report."""
        return {"name": self.name, "holds": self.holds, "evidence": self.evidence, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What is checked: the evidence package as a file and by its members, the metadata made for it, and what the platform knows."""

    path: Path
    members: Sequence[Member]
    metadata: Mapping[str, Any]
    lots: Mapping[str, LotState]  # by their number in the case
    policy: TrustPolicy
    reasons: Mapping[str, str]


def run(package: Package) -> list[tuple[str, list[Check]]]:
    """The four groups of checks. Blocking: seconds for a large case. Raises OSError when the file cannot be read."""
    verdict = verify(package.path, package.policy)
    read = read_all(package.members)
    groups = [
        ("authenticity", _authenticity(package, verdict)),
        ("integrity", _integrity(package, verdict)),
        ("usability", _usability(package, verdict, read)),
        ("safety", _safety(package, read)),
    ]
    return [(name, [_excused(check, package.reasons) for check in checks]) for name, checks in groups]


def _excused(check: Check, reasons: Mapping[str, str]) -> Check:
    """A failure of what was handed in and signed, which nobody can mend, with the archivist's reason for keeping it as it is."""
    reason = reasons.get(check.name, "") if check.name in EXCUSABLE and not check.holds else ""
    return Check(check.name, check.holds, check.evidence, reason)


def _of(verdict: Verdict, name: str) -> Check:
    """A check of the offline verifier's."""
    found = [finding for finding in verdict.findings if finding.check == name]
    if not found:
        return Check(name, False, "-")
    return Check(name, all(finding.holds for finding in found), "; ".join(_said(finding) for finding in found if _said(finding)) or "-")


def _said(finding: Finding) -> str:
    return finding.detail if finding.holds else f"{finding.member} {finding.code}".strip()


def _authenticity(package: Package, verdict: Verdict) -> list[Check]:
    """Who signed and when, by the offline verifier's own functions; and that the metadata say what the case says."""
    names = [name for name in _AUTHENTIC if name != "stamps" or package.policy.tsa_roots]
    replayed = [finding for finding in verdict.findings if finding.check not in (*_AUTHENTIC, *_WHOLE)]
    broken = [_said(finding) for finding in replayed if not finding.holds]
    replay = Check("replay", bool(replayed) and not broken, "; ".join(broken) or str(len(replayed)))
    return [*(_of(verdict, name) for name in names), replay, _metadata_source(package)]


def _metadata_source(package: Package) -> Check:
    """Project, parties and dates in the metadata are those of the signed registration and close."""
    events = chains(open_package(package.path))[EVENTS]
    first, said = events[0], package.metadata
    registered = first.text("title"), first.part("tenderer")["name"], first.part("agency")["name"], first.logged.case
    named = said["project"], said["creators"]["tenderer"], said["creators"]["agency"], said["identifier"]["case"]
    return Check("metadata_source", registered == named, first.member)


def _integrity(package: Package, verdict: Verdict) -> list[Check]:
    """Nothing is missing of what a case that ended like this must hold, and every file is listed."""
    events = chains(open_package(package.path))[EVENTS]
    lacking = missing(package.lots, [(entry.kind, entry.lot) for entry in events])
    names = {name for name, _ in package.members}
    contracts = [f"papers/{entry.text('contract_sha256')}" for entry in events if entry.kind == "contract.sign"]
    gone = [name for name in contracts if name not in names]
    listed = {str(entry["name"]) for entry in package.metadata["files"]}
    empty = [name for name in ("title", "secrecy", "lots", "files", "formats") if not package.metadata[name]]
    return [
        *(_of(verdict, name) for name in _WHOLE),
        Check("statements", not lacking, _some(lacking) or str(len(events))),
        Check("contracts", not gone, _some(gone) or str(len(contracts))),
        Check("files_listed", listed == names, _some(sorted(listed ^ names)) or str(len(names))),
        Check("metadata_complete", not empty, _some(empty) or str(len(package.metadata))),
    ]


def _usability(package: Package, verdict: Verdict, read: Read) -> list[Check]:
    """Every file opens in its format; sealed bids whose keys were released decrypt to what was read out."""
    counted = ", ".join(f"{kind} {count}" for kind, count in sorted(read.counted.items()))
    reopened = [finding for finding in verdict.findings if finding.check == "reopened"]
    sealed = read.counted.get(AGE, 0)
    opened = "; ".join(_said(finding) for finding in reopened)
    return [
        Check("records_open", not read.unreadable, _some(read.unreadable) or counted),
        Check("documents_open", not read.broken, _some(read.broken) or str(len(package.members))),
        Check("bids_open", all(finding.holds for finding in reopened), f"{sealed}; {opened}" if opened else str(sealed)),
    ]


def _safety(package: Package, read: Read) -> list[Check]:
    """Nothing in it acts when it is opened, nothing is locked but sealed bids, and the medium gives back what was written."""
    again = open_package(package.path)
    listed = {str(entry["name"]): entry["sha256"] for entry in package.metadata["files"]}
    changed = sorted(name for name, digest in listed.items() if again.digests.get(name) != digest)
    return [
        Check("active_content", not read.active, _some(read.active) or "0"),
        Check("documents_unlocked", not read.locked, _some(read.locked) or "0"),
        Check("read_back", not changed, _some(changed) or str(package.path.stat().st_size)),
    ]


def _some(names: Sequence[str]) -> str:
    more = f" … +{len(names) - SHOWN}" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
