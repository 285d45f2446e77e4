"""Lots drawn among equal bids played again by the verifier, as they were and as whoever holds the platform's key would have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.verify.entries import Entry
from app.verify.replay import lots
from app.verify.replay.story import Story
from app.verify.replay.ties import Replay
from app.verify.verdict import Broken
from core.kernel import chain
from core.kernel.evidence import Placement, read_event
from core.kernel.signing import read_statement
from evaluation.domain.scoring_case import digest, full_result
from tests.builders.ties import TWO_EQUAL, Tied
from trading.domain.lots_drawn import PATIENCE

Edit = Callable[[list[Entry]], None]
pytestmark = [pytest.mark.begins(TWO_EQUAL), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@pytest.fixture
def tied(world: Tied, monkeypatch: pytest.MonkeyPatch) -> Tied:
    world.room.told(monkeypatch)
    return world


def entries_of(tied: Tied) -> list[Entry]:
    room = tied.room
    found = [_entry(one) for one in room.tender.door.read(lambda session: chain.events(session, room.case))]
    return [one for one in found if one.lot == room.tender.no]


def _entry(event: Any) -> Entry:
    logged = read_event(event.data)
    return Entry(f"events/{event.case_seq}", logged, read_statement(logged.envelope.payload), Placement(b"", 0, 0, ()))


def replayed(tied: Tied, edit: Edit | None = None) -> int:
    entries = entries_of(tied)
    if edit is not None:
        edit(entries)
    return Replay(tied.room.case, tied.room.tender.no, ranked=True).play(entries)


def refused(tied: Tied, edit: Edit) -> str:
    with pytest.raises(Broken) as broken:
        replayed(tied, edit)
    return broken.value.what


def place(entries: list[Entry], kind: str, nth: int = 0) -> int:
    return [number for number, one in enumerate(entries) if one.kind == kind][nth]


def said(kind: str, nth: int = 0, **changes: Any) -> Edit:
    """Other members in the body of the nth event of a kind, each a value or a function of the body."""

    def edit(entries: list[Entry]) -> None:
        number = place(entries, kind, nth)
        one = entries[number]
        made = {name: value(one.statement.body) if callable(value) else value for name, value in changes.items()}
        entries[number] = replace(one, statement=replace(one.statement, body={**one.statement.body, **made}))

    return edit


def dropped(*kinds: str, nth: int = 0) -> Edit:
    def edit(entries: list[Entry]) -> None:
        for kind in kinds:
            del entries[place(entries, kind, nth)]

    return edit


def moved(kind: str, before: str, nth: int = 0) -> Edit:
    def edit(entries: list[Entry]) -> None:
        one = entries.pop(place(entries, kind, nth))
        entries.insert(place(entries, before), one)

    return edit


def all_of(*edits: Edit) -> Edit:
    def edit(entries: list[Entry]) -> None:
        for one in edits:
            one(entries)

    return edit


def turned(body: Mapping[str, Any]) -> list[str]:
    return [*reversed(body["order"])]


def other_way_round(entries: list[Entry]) -> None:
    """The platform turns the order round, and ranks, hashes and says everything after it alike."""
    said("tie_draw.result", order=turned)(entries)
    document = dict(entries[place(entries, "tie_draw.ranking")].statement.body["document"])  # type: ignore[call-overload,arg-type]
    document["lots"] = [{**one, "order": [*reversed(one["order"])]} for one in document["lots"]]
    result = full_result(document)
    said("tie_draw.ranking", document=document, result=result, case_sha256=digest(document), result_sha256=digest(result))(entries)


def ranked_otherwise(entries: list[Entry]) -> None:
    """The lots as they were drawn, the ranking against them."""
    drawn = entries[place(entries, "tie_draw.result")]
    other_way_round(entries)
    entries[place(entries, "tie_draw.result")] = drawn


def as_if_never(entries: list[Entry]) -> None:
    """No draw at all: the report is drafted on the joint ranks."""
    entries[:] = [one for one in entries if not one.kind.startswith("tie_draw.")]


LIES: dict[str, tuple[str, Edit]] = {
    "another slip": ("slip_differs", said("tie_draw.reveal", value="ab" * 32)),
    "another order": ("draw_differs", other_way_round),
    "another seed": ("draw_differs", said("tie_draw.result", seed="ab" * 32)),
    "another ranking": ("lots_differ", ranked_otherwise),
    "a ranking with another digest": ("lots_differ", said("tie_draw.ranking", result_sha256="ab" * 32)),
    "no draw": ("lots_missing", as_if_never),
    "no ranking": ("lots_missing", dropped("tie_draw.ranking")),
    "a report before the draw": ("lots_missing", moved("report.draft", "tie_draw.request")),
    "a ranking before the draw": ("lots_missing", moved("tie_draw.ranking", "tie_draw.result")),
    "a slip opened too early": ("revealed_too_early", moved("tie_draw.reveal", "tie_draw.commit")),
    "a slip sealed twice": ("slip_twice", said("tie_draw.commit", 1, party="centre")),
    "a party left out": ("slip_missing", dropped("tie_draw.reveal", nth=2)),
    "another name": ("draw_differs", said("tie_draw.request", draw="tie-1-7")),
    "other parties": ("draw_differs", said("tie_draw.request", parties=["centre", "tenderer"])),
    "another pool": ("draw_differs", said("tie_draw.request", pool_hash="ab" * 32)),
    "other bids": ("lots_undue", said("tie_draw.request", request={"pool": [{"id": "T-01"}, {"id": "T-02"}]})),
    "no form": ("malformed", said("tie_draw.request", request={"pool": [{}]})),
    "an unknown draw": ("lots_undue", said("tie_draw.commit", draw="tie-1-7")),
    "a slip after the ranking": ("slip_missing", moved("tie_draw.reveal", "report.draft", nth=2)),
    "a draw before the summary": ("lots_undue", moved("tie_draw.request", "summary")),
}
ROLE = {"a slip sealed twice": "role_differs"}  # its speaker gives it away first
LIES = {name: (ROLE.get(name, what), edit) for name, (what, edit) in LIES.items()}


def test_a_draw_is_played_again_and_every_lie_about_it_is_found(tied: Tied) -> None:
    tied.drawn().room.draft_report()
    assert replayed(tied) == 1
    found = {name: refused(tied, edit) for name, (_, edit) in LIES.items()}
    assert found == {name: what for name, (what, _) in LIES.items()}


def test_a_silent_party_is_left_out_and_only_after_its_time(tied: Tied) -> None:
    centre, _, tenderer = tied.parties
    tied.commit(centre)
    tied.commit(tenderer)
    tied.room.tender.jump(tied.room.tender.now + PATIENCE)
    tied.redraw()
    tied.drawn(parties=(centre, tenderer)).room.draft_report()
    assert replayed(tied) == 1

    def too_early(entries: list[Entry]) -> None:
        number = place(entries, "tie_draw.redraw")
        one = entries[number]
        early = one.at - PATIENCE + timedelta(seconds=-1)
        entries[number] = replace(one, logged=replace(one.logged, received_at=early))

    assert refused(tied, too_early) == "too_early"
    assert refused(tied, dropped("tie_draw.redraw")) == "lots_undue"  # the same bids twice
    assert refused(tied, said("tie_draw.request", 1, parties=["centre", "supervisor", "tenderer"])) == "draw_differs"
    assert refused(tied, moved("tie_draw.request", "report.draft", nth=1)) == "draw_missing"

    def ends_there(entries: list[Entry]) -> None:
        del entries[place(entries, "tie_draw.redraw") + 1 :]

    assert refused(tied, ends_there) == "draw_missing"


def test_the_record_in_the_package_is_the_slips(tied: Tied) -> None:
    tied.drawn()
    entries = entries_of(tied)
    story = cast(Story, SimpleNamespace(case=tied.room.case, lot="1", entries=entries, everything=()))
    assert [*lots.records(story, "tie_draw")] == ["draw/1-tie-1-1.json"]
    dropped("tie_draw.request")(entries)
    with pytest.raises(Broken) as broken:
        lots.records(story, "tie_draw")
    assert broken.value.what == "draw_missing"
