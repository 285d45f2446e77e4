"""A forger of the deposits' chain who holds every key: what was said is said otherwise, signed and linked anew, and the replay hears it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from app.verify.actors import MONEY
from app.verify.entries import Entry
from app.verify.replay.deposits import Books, check_deposits
from app.verify.replay.story import Story
from app.verify.verdict import Broken
from core.kernel import chain, clock, jcs
from core.kernel.encoding import sha256
from core.kernel.evidence import Placement, read_event
from core.kernel.ids import CaseId
from core.kernel.signing import read_statement
from core.kernel.work import Door
from deposits.domain.relief import CASE as RELIEFS

DIGEST = re.compile(r"[0-9a-f]{64}")
Said = dict[str, Any]
"""One event as a forger edits it: `payload`, `at`, and the digest `old` under which others name it."""


def story_of(door: Door, number: str, edit: Callable[[list[Said]], object] = lambda told: None) -> Story:
    """The lot's story, its deposits as `edit` retells them."""
    case, _, lot = number.rpartition("-")
    told = [_said(event) for event in door.read(lambda session: chain.events(session, CaseId(f"D-{number}")))]
    edit(told)
    entries = [entry for entry in map(_entry, door.read(lambda session: chain.events(session, CaseId(case)))) if entry.lot in ("", lot)]
    reliefs = [_entry(event) for event in door.read(lambda session: chain.events(session, CaseId(RELIEFS)))]
    nothing = cast("Any", None)
    return Story(nothing, case, lot, entries, nothing, nothing, _retold(told), reliefs=reliefs)


def replayed(door: Door, number: str, edit: Callable[[list[Said]], object] = lambda told: None) -> Books:
    """The books of that story, where every statement is said in a role that may say it; raises Broken."""
    story = story_of(door, number, edit)
    for entry in story.deposits:
        entry.require(entry.role in MONEY[entry.kind].roles, "role_differs")
    return check_deposits(story)


def fault(door: Door, number: str, edit: Callable[[list[Said]], object]) -> str:
    """What does not hold of the story so told, "" where all does."""
    try:
        replayed(door, number, edit)
    except Broken as broken:
        return broken.what
    return ""


def entries_of(door: Door, case: str, edit: Callable[[list[Said]], object]) -> list[Entry]:
    """The events of a chain as `edit` retells them."""
    told = [_said(event) for event in door.read(lambda session: chain.events(session, CaseId(case)))]
    edit(told)
    return _retold(told)


def of(told: list[Said], kind: str, nth: int = 0) -> Said:
    """An event of a kind."""
    return [said for said in told if said["payload"]["type"] == kind][nth]


def put(told: list[Said], kind: str, nth: int = 0, /, **changes: Any) -> None:
    """Other members in a body."""
    of(told, kind, nth)["payload"]["body"].update(changes)


def drop(told: list[Said], kind: str, nth: int = 0) -> None:
    """As if it had never been said."""
    told.remove(of(told, kind, nth))


def twice(told: list[Said], kind: str, nth: int = 0) -> None:
    """Said once more, right behind."""
    said = of(told, kind, nth)
    told.insert(told.index(said) + 1, {**said, "payload": said["payload"] | {"nonce": "f" * 32}, "old": "0" * 64})


def move(told: list[Said], kind: str, before: str, nth: int = 0) -> None:
    """Said before another statement, at its moment."""
    said = of(told, kind, nth)
    told.remove(said)
    there = of(told, before)
    told.insert(told.index(there), said | {"at": there["at"]})


def _said(event: chain.StoredEvent) -> Said:
    payload = event.envelope.payload
    return {"payload": json.loads(payload), "old": sha256(payload).hex(), "at": clock.text(event.at), "data": event.data}


def _entry(event: chain.StoredEvent) -> Entry:
    logged = read_event(event.data)
    return Entry(f"events/{event.case_seq:06d}.json", logged, read_statement(logged.envelope.payload), Placement(b"", 0, 0, ()))


def _retold(told: list[Said]) -> list[Entry]:
    renamed: dict[str, str] = {}
    entries = []
    for number, said in enumerate(told):
        text = DIGEST.sub(lambda found: renamed.get(found[0], found[0]), json.dumps(said["payload"], ensure_ascii=False))
        payload = jcs.canonical(json.loads(text))
        renamed[said["old"]] = sha256(payload).hex()
        logged = read_event(said["data"])
        logged = replace(logged, case_seq=number, received_at=clock.moment(said["at"]), envelope=replace(logged.envelope, payload=payload))
        entries.append(Entry(f"deposits/{number:06d}.json", logged, read_statement(payload), Placement(b"", 0, 0, ())))
    return entries
