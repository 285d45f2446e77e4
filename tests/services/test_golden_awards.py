"""Votes whose outcome is known beforehand, held in the award session: the domain's golden case, and a published vote by elimination."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from core.kernel.roles import Role
from evaluation.domain.award_session import State
from evaluation.queries import awards as queries
from tests.builders.evaluation import Room
from tests.builders.golden import BEFORE, Golden
from tests.builders.scoring import bid

Votes = Sequence[Mapping[str, int]]

G11: Votes = ({"X": 3, "Y": 3, "Z": 1}, {"X": 4, "Y": 3})
G11_TIED: Votes = ({"X": 3, "Y": 2, "Z": 2}, {"Y": 4, "Z": 3}, {"X": 4, "Y": 3})
SCALED: Votes = ({"A": 4, "B": 3, "C": 3, "D": 3, "E": 2}, {"C": 5, "A": 4, "B": 4, "D": 2}, {"A": 6, "B": 5, "C": 4}, {"A": 8, "B": 7})
"""Case 053 among fifteen: its body of 97 grew to 104, and an award committee has 99 members at most, the same in every round."""


def voting(room: Room, members: int, candidates: int) -> Room:
    """An award session by elimination in which everybody may vote, after an evaluation by the lowest price."""
    one = room.tender
    one.fix_plan("ELIMINATION_VOTE", members=members, quorum=members)
    bids = [bid(name, f"{100 + place}") for place, name in enumerate("ABCDE"[:candidates])]
    Golden({"method": "lowest_price", "candidates": candidates, "price": {"kind": "none"}, "bids": bids, "sheets": []}).played(room)
    room.draft_report()
    for who in room.members:
        room.sign_report(who)
    one.publish_candidates()
    one.end_publicity()
    room.award_members = [one.crowd.join(Role.AWARD_MEMBER, one.tenderer.org_name) for _ in range(members)]
    room.before_award()
    room.voting()
    return room


@pytest.mark.parametrize(
    ("members", "votes", "winner"),
    [(7, G11, "X"), (7, G11_TIED, "X"), (15, SCALED, "A")],
    ids=["G11", "G11 tied at the bottom", "053"],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.begins(BEFORE)
def test_the_session_ends_as_the_case_says(world: Room, monkeypatch: pytest.MonkeyPatch, members: int, votes: Votes, winner: str) -> None:
    room = voting(world.told(monkeypatch), members, len(votes[0]))
    named = dict(zip(votes[0], room.candidates, strict=True))
    for round_number, told in enumerate(votes, 1):
        view = _view(room)
        assert set(view.standing) == {named[name] for name in told}
        choices = [named[name] for name, count in told.items() for _ in range(count)]
        for who, choice in zip(room.award_members, choices, strict=True):
            room.ballot(who, choice, round_number)
    view = _view(room)
    assert view.state is State.DECIDED and view.result is not None and view.result["winner"] == named[winner]
    assert [one["votes"] for one in view.result["rounds"]] == [{named[name]: count for name, count in told.items()} for told in votes]


def test_the_scaled_vote_loses_its_candidates_in_the_published_order() -> None:
    published = json.loads((Path(__file__).parents[1] / "oracles/cases/053.json").read_text("utf-8"))
    for ours, theirs in zip(SCALED, published["rounds"], strict=True):
        assert ours.keys() == theirs.keys() and min(ours, key=ours.__getitem__) == min(theirs, key=theirs.__getitem__)
    assert published["expected"]["winner"] == max(SCALED[-1], key=SCALED[-1].__getitem__) == "A"


def _view(room: Room) -> Any:
    return room.tender.door.read(lambda session: queries.view(session, room.tender.tenderer.actor, room.number))
