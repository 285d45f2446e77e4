"""Makes the archive package (归档信息包) of a closed case: the evidence package with its metadata and the report of the four checks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sqlalchemy.orm import Session

from app.archives import checks
from app.archives.documents import format_of
from app.evidence.collect import Member
from app.evidence.package import gather, own_policy, write
from app.verify.layout import CHECKS, CHECKS_DSSE, METADATA
from core.identity.authority import Authority
from core.identity.queries import people
from core.kernel import clock, jcs
from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.encoding import sha256
from core.kernel.errors import NotAllowed
from core.kernel.files import digest_of
from core.kernel.jcs import JSON
from core.kernel.log import Log
from core.kernel.signing import sign
from core.web.platform import Platform
from trading.domain.archive import Description
from trading.domain.archive_contents import FileEntry, Subject, metadata
from trading.domain.lot import LotState
from trading.queries import archives, lots
from trading.queries.archives import ArchiveView
from trading.services import archives as services
from trading.services.archives import Made


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the case before its package is made."""

    view: ArchiveView
    subject: Subject
    lots: dict[str, LotState]


def prepare(platform: Platform, actor: Actor, case: str, content: dict[str, JSON]) -> None:
    """Describes the case, makes its archive package, checks it and keeps it for the archivist's signature. Blocking: seconds.

    Dying half way leaves a case that is described and a file that nothing names; doing it again makes it whole. Raises what
    `services.describe` and `package.build` raise.
    """
    number = platform.door.perform(actor, lambda work: services.describe(work, case, content))
    made = _make(platform, actor, case, Description.read(content))
    before = platform.door.perform(actor, lambda work: services.prepare(work, case, number, made))
    if before:
        platform.files.remove(before)


def _make(platform: Platform, actor: Actor, case: str, said: Description) -> Made:
    known = platform.door.read(lambda session: _known(session, actor, case))
    now = platform.door.read(platform.door.clock)
    members = gather(platform, case)
    described = metadata(said, known.subject, [_entry(name, source) for name, source in members], now)
    report = _report(platform, members, described, known, said)
    record, outcome = jcs.canonical(described), jcs.canonical(report)
    payload = jcs.canonical({"type": "archive.checks", "sha256": sha256(outcome).hex()})
    signed = sign(payload, platform.door.platform).to_bytes()
    members = [*members, (METADATA, record), (CHECKS, outcome), (CHECKS_DSSE, signed)]
    target = platform.files.path_for_making()
    try:
        write(platform, members, target)
        stored = platform.files.adopt(target)
    finally:
        with suppress(FileNotFoundError):
            target.unlink()
    for paper in (record, outcome):
        platform.files.put(paper)
    return Made(
        package_sha256=stored.sha256,
        package_size=stored.size,
        metadata_sha256=sha256(record).hex(),
        checks_sha256=sha256(outcome).hex(),
        checks=report,
        holds=bool(report["holds"]),
        files=len(members),
    )


def _report(platform: Platform, members: list[Member], described: dict[str, JSON], known: _Known, said: Description) -> dict[str, JSON]:
    """The report of the checks over the evidence package, which is written to a file of its own for them."""
    authority, log = cast(Authority, platform.parts["authority"]), cast(Log, platform.parts["log"])
    target = platform.files.path_for_making()
    try:
        write(platform, members, target)
        groups = checks.run(
            checks.Package(
                path=target,
                members=members,
                metadata=described,
                lots=known.lots,
                policy=own_policy(authority, log, platform.settings),
                reasons=said.reasons,
            )
        )
    finally:
        with suppress(FileNotFoundError):
            target.unlink()
    return {
        "format": checks.FORMAT,
        "case": known.subject.case,
        "number": known.subject.number,
        "archivist": known.subject.archivist,
        "checked_at": clock.text(platform.door.read(platform.door.clock)),
        "metadata_sha256": sha256(jcs.canonical(described)).hex(),
        "holds": all(check.passes for _, found in groups for check in found),
        "groups": [{"name": name, "checks": [check.to_json() for check in found]} for name, found in groups],
    }


def _entry(name: str, source: bytes | Path) -> FileEntry:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    digest = sha256(source).hex() if isinstance(source, bytes) else digest_of(source)
    return FileEntry(name, size, digest, format_of(name, source))


def _known(session: Session, actor: Actor, case: str) -> _Known:
    if actor.person is None or actor.org is None:
        raise NotAllowed("act.person")
    view, found = archives.by_case(session, case, actor), lots.by_case(session, case)
    first = found[0]
    subject = Subject(
        case=case,
        number=view.number,
        project=view.project_title,
        regime=view.regime.value,
        category=first.category.value,
        region=first.region,
        tenderer=view.tenderer_name,
        agency=view.agency_name,
        centre=people.organisation(session, actor.org).name,
        archivist=people.person(session, actor.person).name,
        registered_on=legal_day(view.registered_at),
        closed_on=legal_day(view.closed_at),
        lots=[(lot.number, lot.title, lot.state.value) for lot in found],
    )
    return _Known(view, subject, {lot.no: lot.state for lot in found})
