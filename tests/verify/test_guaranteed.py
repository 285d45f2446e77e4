"""Guarantees replayed from what was signed: a chain that happened holds, and one in which anything was changed and signed anew does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.verify.entries import Entry
from app.verify.replay import guarantees as replay
from app.verify.replay.story import Story
from app.verify.verdict import Broken
from core.kernel import age, chain, clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.encoding import b64
from core.kernel.events import PLATFORM
from core.kernel.evidence import read_event
from core.kernel.ids import CaseId
from core.kernel.signing import read_statement
from core.kernel.work import Door
from deposits.models.guarantees import GuaranteeFile
from deposits.services import guarantees
from tests.builders.deposits import world as build
from tests.builders.guarantees import Surety
from tests.builders.guarantees import surety as built
from tests.verify.conftest import door_at

Said = dict[str, Any]


def entries(door: Door, case: str) -> list[Entry]:
    found = door.read(lambda session: chain.events(session, CaseId(case)))
    return [
        Entry(f"deposits/1/{one.case_seq:06d}.json", read_event(one.data), read_statement(one.envelope.payload), cast(Any, None))
        for one in found
    ]


def event(kind: str, at: datetime, **body: Any) -> Entry:
    """An event of the case's own chain, as far as the replay of guarantees looks at it."""
    logged, statement = SimpleNamespace(received_at=at, case_seq=0), SimpleNamespace(type=kind, body=body, round=0)
    return Entry(f"events/{kind}", cast(Any, logged), cast(Any, statement), cast(Any, None))


@pytest.fixture(scope="module")
def surety(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surety]:
    """One firm's guarantee is extended, opened, verified and given back; the other's is found faulty."""
    folder = tmp_path_factory.mktemp("guaranteed")
    with door_at(folder, sqlite_template) as (door, clock_file), build(door, clock_file, folder) as world, built(world, folder) as made:
        world.ask()
        first, second = world.join(2)
        made.registered()
        made.ask()
        made.issued(first)
        world.ask(days=20)
        made.ask()
        made.tick()
        made.sandboxes[1].books.set_fault("short_amount", 1)
        made.issued(second, 1)
        world.jump(timedelta(days=10))
        made.close(first, second)
        made.tick()
        door.perform(SYSTEM_ACTOR, lambda work: guarantees.end(work, world.lot, None, "contract_signed"))
        yield made


@pytest.fixture(scope="module")
def story(surety: Surety) -> Story:
    """As a package would hold it."""
    door = surety.world.door
    told = entries(door, "D-T2026-000001-1")
    by_kind = {entry.kind: entry for entry in told}
    start = told[0].at
    requirement = [event("notice.publish", start, deadline=_deadline(told, "guarantee.apply", 0), document_sha256="d")]
    moved = event("deadline.extend", by_kind["guarantee.extend"].at, deadline=_deadline(told, "guarantee.extend", 0))
    began = event("opening.start", next(one.at for one in told if one.kind == "guarantee.unseal"))
    signed = event("contract.sign", next(one.at for one in told if one.kind == "guarantee.release"))
    document = event("document.publish", start, document_sha256="d", deposit_fen=80_000_000, validity_days=90)
    papers = {entry.text("file_sha256"): _pdf(surety, entry) for entry in told if entry.kind == "guarantee.verify"}
    package = SimpleNamespace(paper=lambda digest: digest, read=lambda digest: papers[digest])
    ring = SimpleNamespace(key=lambda line, member: SimpleNamespace(holder=SimpleNamespace(kind="person")))
    registered = [entry for entry in entries(door, PLATFORM) if entry.kind == "guarantor.register"]
    mine = [*requirement, document, moved, began, signed]
    return Story(cast(Any, package), "T2026-000001", "1", mine, cast(Any, ring), cast(Any, None), told, registered)


def _deadline(told: list[Entry], kind: str, place: int) -> str:
    """The deadline behind the validity that was asked for: 90 days before the end of that day."""
    found = [entry for entry in told if entry.kind == kind][place]
    return clock.text(clock.moment(found.text("valid_to")) - timedelta(days=90, hours=1))


def _pdf(surety: Surety, entry: Entry) -> bytes:
    door, digest = surety.world.door, entry.text("file_sha256")
    found = door.read(lambda session: session.query(GuaranteeFile.pdf).filter_by(sha256=digest).one()[0])
    return bytes(found)


def changed(story: Story, kind: str, change: Callable[[Said], object], place: int = 0) -> Story:
    """The same with one statement said otherwise: whoever holds the platform's key can sign that anew."""
    told = list(story.deposits)
    at = [number for number, entry in enumerate(told) if entry.kind == kind][place]
    body = dict(told[at].body)
    change(body)
    told[at] = replace(told[at], statement=replace(told[at].statement, body=body))
    return replace(story, deposits=told)


def refused(story: Story) -> str:
    with pytest.raises(Broken) as broken:
        replay.check_guarantees(story)
    return str(broken.value.what)


def test_what_happened_holds(story: Story) -> None:
    assert replay.says_any(story)
    assert replay.check_guarantees(story) == "1/2"


OTHER = age.new_identity()


@pytest.mark.parametrize(
    ("kind", "change", "fault"),
    [
        ("guarantee.apply", {"amount_fen": 1}, "amount_differs"),
        ("guarantee.apply", {"valid_to": "2026-01-01T00:00:00.000Z"}, "validity_differs"),
        ("guarantee.apply", {"guarantor": "0" * 64}, "guarantor_unknown"),
        ("guarantee.apply", {"guarantee": "nobody"}, "guarantee_unknown"),
        ("guarantee.pay", {"premium_fen": 1}, "amount_differs"),
        ("guarantee.pay", {"bidder": "another"}, "guarantee_unknown"),
        ("guarantee.extend", {"ver": 1}, "version_differs"),
        ("guarantee.extend", {"valid_to": "2026-01-01T00:00:00.000Z"}, "validity_differs"),
        ("guarantee.extend", {"file_sha256": "0" * 64}, "file_differs"),
        ("guarantee.unseal", {"identity": OTHER.secret}, "key_differs"),
        ("guarantee.unseal", {"by": "centre"}, "malformed"),
        ("guarantee.verify", {"terms": b64(b"{}")}, "finding_differs"),
        ("guarantee.verify", {"signature": b64(b"nothing")}, "finding_differs"),
        ("guarantee.verify", {"wanted": {}}, "terms_differ"),
        ("guarantee.verify", {"faults": ["amount_short"]}, "finding_differs"),
        ("guarantee.release", {"reason": "lot_terminated"}, "reason_differs"),
    ],
)
def test_one_word_changed_and_signed_anew_is_refused(story: Story, kind: str, change: Said, fault: str) -> None:
    assert refused(changed(story, kind, lambda body: body.update(change))) == fault


def test_a_faulty_guarantee_called_good_is_refused(story: Story) -> None:
    assert refused(changed(story, "guarantee.verify", lambda body: body.update(faults=[]), place=1)) == "finding_differs"


def test_a_guarantee_opened_before_the_opening_is_refused(story: Story) -> None:
    early = replace(story, entries=[entry for entry in story.entries if entry.kind != "opening.start"])
    assert refused(early) == "opened_too_early"


def test_a_step_left_out_or_said_twice_is_refused(story: Story) -> None:
    for kind in ("guarantee.pay", "guarantee.issue", "guarantee.unseal"):
        left = [entry for entry in story.deposits if entry.kind != kind]
        assert refused(replace(story, deposits=left)) == "guarantee_out_of_order"
    twice = [*story.deposits, story.deposits[0]]
    assert refused(replace(story, deposits=twice)) == "said_twice"


def test_a_guarantor_registered_by_nobody_of_the_centre_is_refused(story: Story) -> None:
    assert refused(replace(story, registered=())) == "guarantor_unknown"
    (first, *rest) = story.registered
    by_another = replace(first, statement=replace(first.statement, actor=replace(first.statement.actor, role="bidder")))
    assert refused(replace(story, registered=[by_another, *rest])) == "role_differs"
    weak = replace(first, statement=replace(first.statement, step_up=""))
    assert refused(replace(story, registered=[weak, *rest])) == "step_up_missing"
