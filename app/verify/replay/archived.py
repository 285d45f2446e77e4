"""A case in the archive: the archive package's metadata and report of checks, and what was signed over it, held and let go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.verify.entries import Entry
from app.verify.keys import Keyring
from app.verify.layout import CHECKS, CHECKS_DSSE, METADATA, UNLISTED
from app.verify.package import Package
from app.verify.replay.story import same
from app.verify.verdict import Broken, inside
from core.kernel import jcs
from core.kernel.dsse import payload_type, read_envelope
from core.kernel.signing import verify
from trading.domain.archive import Filing, Order
from trading.domain.archive_contents import METADATA_FORMAT

OWN = frozenset({METADATA, CHECKS, CHECKS_DSSE})


def check_metadata(package: Package, case: str) -> str:
    """The metadata of an archive package are of this case, and list every file of it with its digest; returns how many."""
    said = package.json(METADATA)
    with inside(METADATA):
        if said["format"] != METADATA_FORMAT or said["identifier"]["case"] != case:
            raise Broken(METADATA, "case_differs", case=said["identifier"]["case"])
        listed = {str(entry["name"]): (entry["sha256"], entry["size"]) for entry in said["files"]}
    there = {name: (package.digests[name], member.size) for name, member in package.members.items() if name not in OWN | UNLISTED}
    for name in sorted(listed.keys() | there.keys()):
        if listed.get(name) != there.get(name):
            raise Broken(name, "not_as_listed")
    return f"{said['identifier']['number']}; {len(listed)}"


def check_report(package: Package, ring: Keyring, at: datetime) -> str:
    """The report of the four checks is the platform's, over these metadata, and none of them failed; returns how many."""
    report, content = package.json(CHECKS), package.read(CHECKS_DSSE)
    with inside(CHECKS_DSSE):
        envelope = read_envelope(content)
        key = ring.key(envelope.signatures[0], CHECKS_DSSE)
        if key.holder.kind != "platform" or envelope.payload_type != payload_type("archive.checks"):
            raise Broken(CHECKS_DSSE, "actor_differs")
        ring.stands(key, at)
        verify(envelope, key.record)
        if envelope.payload != jcs.canonical({"type": "archive.checks", "sha256": package.digests[CHECKS]}):
            raise Broken(CHECKS_DSSE, "digest_differs")
    return _report(report, CHECKS, package.json(METADATA), package.digests[METADATA])


def _report(report: Mapping[str, Any], place: str, metadata: Mapping[str, Any], metadata_sha256: str) -> str:
    with inside(place):
        said = report["case"], report["number"], report["metadata_sha256"]
        known = metadata["identifier"]["case"], metadata["identifier"]["number"], metadata_sha256
        checks = [check for group in report["groups"] for check in group["checks"]]
        failed = [str(check["name"]) for check in checks if not check["holds"] and not check["reason"]]
        groups = [group["name"] for group in report["groups"]]
    if said != known:
        raise Broken(place, "digest_differs")
    if failed or groups != ["authenticity", "integrity", "usability", "safety"]:
        raise Broken(place, "checks_failed", check=", ".join(failed))
    return str(len(checks))


def check_filing(package: Package, entries: Sequence[Entry], close: Entry) -> Filing:
    """The archivist filed the closed case once, over metadata and a report that are here; every hold was lifted by who may."""
    first, *later = entries
    first.require(first.kind == "case.archive", "event_missing", kind="case.archive")
    first.require(first.at >= close.at, "too_early")
    with inside(first.member):
        said = Filing.read(first.body)
    metadata = package.json(package.paper(said.metadata_sha256))
    report = package.paper(said.checks_sha256)
    _report(package.json(report), report, metadata, said.metadata_sha256)
    with inside(first.member):
        filed = metadata["identifier"]["number"], metadata["retention"]["class"], metadata["retention"]["until"]
        until = "" if said.kept_until is None else said.kept_until.isoformat()
    same(first, (said.number, said.retention.value, until), filed, "digest_differs", field="metadata_sha256")
    for entry in later:
        entry.require(entry.kind != "case.archive", "event_twice", kind="case.archive")
    return said


def standing(entries: Sequence[Entry]) -> int:
    """How many holds stand at the end; raises Broken for one that was lifted twice or by who may not."""
    holds: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind == "archive.hold":
            with inside(entry.member):
                Order.read(entry.body, lifts=False)
            holds[entry.digest] = entry
        elif entry.kind == "archive.lift":
            with inside(entry.member):
                said = Order.read(entry.body, lifts=True)
            placed = holds.pop(said.hold, None)
            entry.require(placed is not None, "hold_unknown")
            assert placed is not None
            entry.require(placed.role != "supervisor" or entry.role == "supervisor", "role_differs", role=entry.role)
    return len(holds)
