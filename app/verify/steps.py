"""The whole check of an evidence package, step by step: from its bytes to what happened in the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.verify import actors, authorities, logs
from app.verify.entries import (
    ARCHIVED,
    BOOKS,
    DEPOSITS,
    EVENTS,
    PLATFORM,
    POOL,
    RATES,
    RECORDINGS,
    RELIEFS,
    SUSPENSE,
    Entry,
    chains,
    check_chain,
)
from app.verify.keys import Keyring, check_manifest_signature, keyring
from app.verify.layout import METADATA, is_expected
from app.verify.package import Package, check_manifest, open_package
from app.verify.replay import archived, booked, close, dormant, drill, forms, payouts, playing, recordings, sites
from app.verify.replay.invented import DrillStory
from app.verify.replay.story import Story
from app.verify.verdict import Broken, Verdict
from core.kernel.drills import is_drill
from core.kernel.money import Money
from core.kernel.trust import TrustPolicy
from deposits.domain import rate, reconciliation, relief
from deposits.domain.deposit import NO_LOT
from deposits.domain.guarantor import REGISTER
from evaluation.domain import recording
from evaluation.events_experts import POOL as POOL_CHAIN
from trading.domain.archive import chain_of


@dataclass(frozen=True)
class Genuine:
    """A package whose statements are what was signed and logged; what they say is still to be replayed."""

    package: Package
    read: dict[str, list[Entry]]
    ring: Keyring
    heads: logs.Heads


def verify(path: Path, policy: TrustPolicy, sees: Callable[[str], None] | None = None, catalogue: Path | None = None) -> Verdict:
    """Checks a package against a trust policy. `sees` hears of each check as it begins; `catalogue`: the package of the sites, against
    which the bookings that a case names are held. Raises OSError when a file cannot be read."""
    verdict = Verdict(sees=sees)
    package: Package | None = None
    with verdict.check("archive") as said:
        package = open_package(path)
        said.append(f"{len(package.members)}")
    if package is None:
        return verdict
    with verdict.check("manifest"):
        check_manifest(package)
        for name in package.members:
            if not is_expected(name):
                raise Broken(name, "not_expected")
    if verdict.holds:
        _check_statements(package, policy, verdict, catalogue)
    return verdict


def _check_statements(package: Package, policy: TrustPolicy, verdict: Verdict, catalogue: Path | None) -> None:
    """Everything behind the manifest; the case is replayed only where its statements are genuine."""
    read: dict[str, list[Entry]] = {}
    rings: list[Keyring] = []
    with verdict.check("events") as said:
        read = chains(package)
        verdict.case = read[EVENTS][0].logged.case
        for folder, entries in read.items():
            if not _belongs(folder, verdict.case):
                raise Broken(f"{folder}/", "not_expected")
            if folder != PLATFORM:
                check_chain(folder, entries, _chain_name(folder, verdict.case))
        said.append(" + ".join(str(len(entries)) for entries in read.values()))
    with verdict.check("certificates") as said:
        rings.append(keyring(package, policy))
        rings[0].check_issues(read.get(PLATFORM, []), _uses(read, PLATFORM))
        rings[0].check_standing(_uses(read))
        said.append(str(len(rings[0].keys)))
    if not verdict.holds:
        return
    ring = rings[0]
    with verdict.check("signatures") as said:
        everything = [entry for entries in read.values() for entry in entries]
        for entry in everything:
            ring.check_signatures(entry)
        newest = max(entry.at for entry in everything)
        check_manifest_signature(package, ring, newest)
        said.append(str(sum(len(entry.logged.envelope.signatures) for entry in everything) + 1))
    with verdict.check("speakers") as said:
        _check_speakers(read, ring)
        said.append(actors.strengths(read[EVENTS], policy.clock_demonstration))
    with verdict.check("authorities") as said:
        vouched = authorities.check_authorities(package, read.get(PLATFORM, []), ring, policy, _uses(read))
        said.append(str(len(vouched)))
        authorities.report(vouched, verdict)
    heads = _check_log(package, policy, read, verdict)
    if not verdict.holds:
        return
    _tell(Genuine(package, read, ring, heads), policy, verdict)
    if catalogue is not None and verdict.holds:
        _beside(read[EVENTS], catalogue, policy, verdict)


def _beside(entries: Sequence[Entry], catalogue: Path, policy: TrustPolicy, verdict: Verdict) -> None:
    """The bookings that a case names, in the package of the sites, which must hold itself."""
    with verdict.check("bookings") as said:
        other = verify(catalogue, policy)
        if not other.holds or not sites.is_of_sites(other.case):
            raise Broken("", "sites_package")
        read = chains(open_package(catalogue))
        drawn = [entry for entry in entries if entry.kind == "seats.drawn"]
        said.append(str(booked.check_bookings(drawn, read[EVENTS], read.get(POOL, ()))))


def _tell(genuine: Genuine, policy: TrustPolicy, verdict: Verdict) -> None:
    """What a package is of: an old ledger, the collecting account, or a case."""
    if dormant.is_of_old_ledger(verdict.case):
        _old_ledger(genuine, verdict)
    elif payouts.is_of_payouts(verdict.case):
        _payouts(genuine, verdict)
    elif sites.is_of_sites(verdict.case):
        _sites(genuine, verdict)
    elif is_drill(verdict.case):
        _drill(genuine, verdict)
    else:
        _replay(genuine, policy, verdict)


def _belongs(folder: str, case: str) -> bool:
    """Whether the package of what `case` names has a place for these events: nothing that was not replayed may seem to be vouched for."""
    if dormant.is_of_old_ledger(case):
        return folder in (EVENTS, PLATFORM)
    if payouts.is_of_payouts(case):
        return folder in (EVENTS, PLATFORM, BOOKS, SUSPENSE)
    if is_drill(case):
        return folder in (EVENTS, PLATFORM, RECORDINGS)
    return folder not in (BOOKS, SUSPENSE)


def _chain_name(folder: str, case: str) -> str:
    if folder == ARCHIVED:
        return chain_of(case)
    if folder == RECORDINGS:
        return recording.chain_of(case)
    if folder in _CHAINS:
        return _CHAINS[folder]
    return f"D-{case}-{folder.removeprefix(f'{DEPOSITS}/')}" if folder.startswith(DEPOSITS) else case


def _uses(read: dict[str, list[Entry]], *but: str) -> dict[str, list[datetime]]:
    """When each key signed."""
    found: dict[str, list[datetime]] = {}
    for folder, entries in read.items():
        for entry in entries if folder not in but else ():
            for line in entry.logged.envelope.signatures:
                found.setdefault(line.keyid, []).append(entry.at)
    return found


_CHAINS: Mapping[str, str] = {RATES: rate.CHAIN, RELIEFS: relief.CASE, BOOKS: reconciliation.CHAIN, SUSPENSE: NO_LOT, POOL: POOL_CHAIN}
_TABLES = {
    EVENTS: actors.CASE,
    ARCHIVED: actors.ARCHIVE,
    RECORDINGS: actors.RECORDINGS,
    RATES: actors.RATES,
    RELIEFS: actors.RELIEFS,
    BOOKS: actors.BOOKS,
    SUSPENSE: actors.SUSPENSE,
    POOL: actors.POOL,
}


def _table(folder: str, case: str) -> Mapping[str, actors.Speaker]:
    """Who may say what there; every chain that is not named is of a lot's deposits."""
    if dormant.is_of_old_ledger(case):
        return actors.OLD_LEDGER
    if sites.is_of_sites(case) and folder == EVENTS:
        return actors.SITES
    if is_drill(case) and folder == EVENTS:
        return actors.DRILL
    return actors.BATCHES if payouts.is_of_payouts(case) else _TABLES.get(folder, actors.MONEY)


def _check_speakers(read: dict[str, list[Entry]], ring: Keyring) -> None:
    for folder, entries in read.items():
        if folder != PLATFORM:
            actors.check_speakers(entries, ring, _table(folder, entries[0].logged.case))
            actors.check_lines(entries)
    actors.check_nonces([entry for entries in read.values() for entry in entries])


def _check_log(package: Package, policy: TrustPolicy, read: dict[str, list[Entry]], verdict: Verdict) -> logs.Heads:
    heads = logs.Heads()
    with verdict.check("checkpoints") as said:
        heads = logs.checkpoints(package, policy)
        witnesses = heads.witnessed[heads.final].cosigned
        said.append(f"{len(heads.witnessed)}; {', '.join(sorted(witnesses))}")
        logs.check_consistency(package, heads)
    if not verdict.holds:
        return heads
    with verdict.check("inclusion") as said:
        everything = [entry for entries in read.values() for entry in entries]
        said.append(str(logs.check_batches(package, everything, heads)))
        logs.check_times(everything, heads)
    if not policy.tsa_roots:
        verdict.note("no_stamps")
        return heads
    with verdict.check("stamps") as said:
        made = logs.check_stamps(package, logs.stamp_roots(package, policy), heads)
        said.append(f"{len(heads.stamped) + 1}; {made.isoformat()}")
    return heads


def _old_ledger(genuine: Genuine, verdict: Verdict) -> None:
    """An old ledger of deposits has no end that people sign: it is what was said of it until it was exported."""
    with verdict.check("dormant") as said:
        book = dormant.replay(genuine.package, genuine.read[EVENTS])
        said.append(dormant.figures(book))
        if left := book.outstanding:
            verdict.note("dormant_open", count=len(left), total=str(Money(sum(row.line.amount.fen for row in left))))
    verdict.note("organisations")


def _payouts(genuine: Genuine, verdict: Verdict) -> None:
    """The collecting account has no end either; what it paid for whom is on the chains of the lots."""
    with verdict.check("payouts") as said:
        found = payouts.replay(genuine.read)
        said.append(f"{len(found.batches)}; {len(found.closed)}; {len(found.nobody.noticed)}, {len(found.nobody.returned)}")
        if found.unsigned:
            verdict.note("batches_unsigned", count=len(found.unsigned))
    if SUSPENSE not in genuine.read:
        verdict.note("suspense_left_out")
    verdict.note("organisations")


def _sites(genuine: Genuine, verdict: Verdict) -> None:
    """The catalogue has no end; for which project a place was booked is on the chain of that project."""
    with verdict.check("sites") as said:
        found = sites.replay(genuine.read[EVENTS], genuine.read.get(POOL, ()))
        said.append(found.figures())
        if found.late:
            verdict.note("hand_overs_late", count=found.late)
    verdict.note("organisations")


def _drill(genuine: Genuine, verdict: Verdict) -> None:
    """A drill has no opening, no award and no close of a case: it is what was injected, what was done about it, and how invented bids were
    scored meanwhile."""
    verdict.note("drill")
    package, read = genuine.package, genuine.read
    story = DrillStory(package, verdict.case, drill.LOT, read[EVENTS], genuine.ring, genuine.heads)
    with verdict.check("drill") as said:
        said.append(drill.check_drill(story))
    if verdict.holds:
        playing.check_room(story, verdict)
    if verdict.holds and story.has("drill.bids"):
        playing.check_evaluation(story, verdict)
    if RECORDINGS in read:
        verdict.note("recordings_untied")
        _tapes(genuine, verdict, {})
    verdict.note("organisations")


def _replay(genuine: Genuine, policy: TrustPolicy, verdict: Verdict) -> None:
    read, ring = genuine.read, genuine.ring
    entries = read[EVENTS]
    with verdict.check("close") as said:
        said.append(str(close.check_close(entries, ring)))
        if not close.second_signer_is_supervisor(entries, ring):
            verdict.note("second_signer")
    with verdict.check("forms") as said:
        said.append(str(forms.check_forms(entries)))
    with verdict.check("clock") as said:
        jumps = close.check_clock(entries, policy.clock_demonstration)
        said.append(str(jumps))
        if jumps:
            verdict.note("demonstration", jumps=jumps)
    for lot in _lots(entries):
        mine = [entry for entry in entries if entry.lot in ("", lot)]
        money, registered = read.get(f"{DEPOSITS}/{lot}", []), [one for one in read.get(PLATFORM, []) if one.kind == REGISTER]
        story = Story(
            genuine.package,
            verdict.case,
            lot,
            mine,
            ring,
            genuine.heads,
            money,
            registered,
            read.get(RATES, []),
            read.get(RELIEFS, []),
            recorded=[one for one in read.get(RECORDINGS, []) if one.lot == lot],
        )
        playing.play(story, verdict)
    verdict.lot = ""
    _recordings(genuine, verdict)
    _archive(genuine, verdict)
    verdict.note("organisations")


def _recordings(genuine: Genuine, verdict: Verdict) -> None:
    """What cameras saw of the case, where any did."""
    events, recorded = genuine.read[EVENTS], genuine.read.get(RECORDINGS, [])
    with verdict.check("recordings_close") as said:
        said.append(str(len(recorded)))
        if not close.check_recordings(events, recorded):
            verdict.note("recordings_untied")
    if recorded:
        _tapes(genuine, verdict, {entry.lot: entry for entry in reversed(events) if entry.kind == "award.notice"})


def _tapes(genuine: Genuine, verdict: Verdict, decided: Mapping[str, Entry]) -> None:
    """The tapes and their chain. `decided`: the award notice of each lot that has one."""
    events, recorded = genuine.read[EVENTS], genuine.read[RECORDINGS]
    with verdict.check("recordings") as said:
        told = recordings.check_recordings(genuine.package, recorded, verdict.case, decided, recordings.visits_of(events))
        said.append(told.figures())
        if told.left_out:
            verdict.note("tapes_left_out", count=told.left_out)
        if told.disposed:
            verdict.note("tapes_disposed", count=told.disposed)


def _archive(genuine: Genuine, verdict: Verdict) -> None:
    """What the archive has made of the case, where it has come there."""
    package, read = genuine.package, genuine.read
    if METADATA in package.members:
        with verdict.check("archive_metadata") as said:
            said.append(archived.check_metadata(package, verdict.case))
        with verdict.check("archive_checks") as said:
            newest = max(entry.at for entries in read.values() for entry in entries)
            said.append(archived.check_report(package, genuine.ring, newest))
    if ARCHIVED in read:
        with verdict.check("archive_filing") as said:
            filed = archived.check_filing(package, read[ARCHIVED], read[EVENTS][-1])
            said.append(filed.number)
            until = "" if filed.kept_until is None else filed.kept_until.isoformat()
            verdict.note("archived" if until else "archived_for_ever", number=filed.number, until=until)
        with verdict.check("archive_holds") as said:
            said.append(str(holds := archived.standing(read[ARCHIVED])))
            if holds:
                verdict.note("archive_held", count=holds)


def _lots(entries: Sequence[Entry]) -> list[str]:
    return sorted({entry.lot for entry in entries if entry.lot})
