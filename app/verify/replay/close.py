"""The end of a case, which fixes how many events it has, and the jumps of a demonstration's clock."""

from __future__ import annotations

from collections.abc import Sequence

from app.verify.entries import Entry
from app.verify.keys import Keyring
from app.verify.replay.story import same
from app.verify.verdict import Broken, inside
from core.kernel import merkle
from trading.domain.closing import BEGUN, CloseBody, recordings_fault


def check_close(entries: Sequence[Entry], ring: Keyring) -> int:
    """The last event is the close: it counts those before it, and two people signed it; returns the count."""
    last = entries[-1]
    last.require(last.kind == "case.close", "close_missing")
    for entry in entries[:-1]:
        entry.require(entry.kind != "case.close", "event_twice", kind="case.close")
    same(last, last.count("events"), len(entries) - 1, "count_differs", events=len(entries) - 1)
    signers = {ring.key(line, last.member).subject for line in last.logged.envelope.signatures}
    last.require(len(signers) == 2, "signatures_differ")
    return len(entries)


def check_recordings(entries: Sequence[Entry], recorded: Sequence[Entry]) -> bool:
    """The chain of recordings is at least what the close fixed; whether it fixed it: a case that was closed before closes did says nothing,
    and then nobody can tell whether the chain has lost its end."""
    with inside(entries[-1].member):
        said = CloseBody.read(entries[-1].body).recordings
    told = [(entry.kind, merkle.commit(entry.placement.salt, entry.logged.data).hex()) for entry in recorded]
    if said is None and any(entry.kind == BEGUN for entry in recorded):
        return False
    fault = recordings_fault(said, told)
    entries[-1].require(not fault, fault, signed=0 if said is None else said.events, found=len(told))
    return True


def second_signer_is_supervisor(entries: Sequence[Entry], ring: Keyring) -> bool:
    """Whether the second signer of the close acted as the supervisor elsewhere in the case: a certificate does not say it."""
    second = ring.key(entries[-1].logged.envelope.signatures[1], entries[-1].member).subject
    return any(entry.role == "supervisor" and entry.actor == second for entry in entries)


def check_clock(entries: Sequence[Entry], demonstration: bool) -> int:
    """Jumps of the clock are told, go forward, and count in a demonstration alone; returns how many."""
    offset = 0
    jumps = [entry for entry in entries if entry.kind == "clock.advance"]
    for entry in jumps:
        if not demonstration:
            raise Broken(entry.member, "clock_jump")
        entry.require(entry.count("offset_ms") > offset, "clock_backwards")
        offset = entry.count("offset_ms")
    return len(jumps)
