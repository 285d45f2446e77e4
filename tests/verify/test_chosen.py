"""Who wins among several who share the first place, worked out by the verifier from what the tenderer signed, and no other way."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.verify.replay import first
from app.verify.replay.story import Story
from app.verify.verdict import Broken
from tests.builders.evaluation import Room
from tests.builders.golden import BEFORE
from tests.builders.ties import EQUAL, Tied, case_of
from tests.verify.test_tied import Edit, dropped, entries_of, said
from trading.queries import awards
from trading.services import awards as award_services

pytestmark = [pytest.mark.begins(BEFORE), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@pytest.fixture
def room(world: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Two are first and equal; the tenderer has chosen the second of them after the publicity."""
    world.tender.fix_plan("RANK_ONE")
    room = world.told(monkeypatch)
    Tied.played(room, case_of(EQUAL, ["lower_price"]))
    room.draft_report()
    for who in room.members:
        room.sign_report(who)
    room.tender.publish_candidates()
    room.tender.end_publicity()
    body = {"winner": orgs(room)[1], "report_sha256": room.tender.lot.report_sha256, "reason": "按招标文件，业绩较多者"}
    room.signed(room.tender.tenderer, "award.choose", body, award_services.choose_first, step_up=True)
    return room


def orgs(room: Room) -> list[str]:
    shown = room.tender.door.read(lambda session: awards.candidates(session, room.tender.lot_id))
    return [str(one.org) for one in shown]


def told(room: Room, edit: Edit | None = None) -> Story:
    entries = entries_of(cast(Any, SimpleNamespace(room=room)))
    if edit is not None:
        edit(entries)
    return Story(cast(Any, None), room.case, room.tender.no, entries, cast(Any, None), cast(Any, None))


def test_the_choice_is_the_tenderers_and_each_lie_about_it_is_found(room: Room) -> None:
    story, (one, two, third) = told(room), orgs(room)
    assert (first.winner(story), sorted(first.first(story))) == (two, sorted([one, two]))
    assert first.winner(told(room, said("award.choose", winner=one))) == one  # the rule holds; a signature over other words does not
    lies: dict[str, Edit] = {
        "event_missing": dropped("award.choose"),
        "award_choice.not_first": said("award.choose", winner=third),
        "award_choice.report_other": said("award.choose", report_sha256="ab" * 32),
        "too_early": dropped("publicity.end"),
        "body.malformed": said("award.choose", reason=""),
    }
    found = {}
    for what, lie in lies.items():
        with pytest.raises(Broken) as broken:
            first.winner(told(room, lie))
        found[what] = broken.value.what
    assert list(found.values()) == list(lies)
