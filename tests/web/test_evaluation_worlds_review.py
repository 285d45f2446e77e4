"""Two worlds with one past, in which the chair asks another bidder and members fail and vote out another bid: others see the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from evaluation.queries import blind
from evaluation.queries.rooms import evaluation_id
from tests.builders.beginnings import Beginnings
from tests.builders.stages import REVIEWING
from tests.web.test_evaluation_worlds import DAY, World, running

OUTSIDE = ("host", "tenderer", "agency", "bidder", "award", "public")
BEFORE_THE_PRICES = ("supervisor",)  # who is shown questions and votes from then on
SECRET_PAGES = ("evaluation/questions", "evaluation/votes", "evaluation/effects", "evaluation/own-points", "evaluation/result")


@dataclass(frozen=True)
class Reviewed:
    """Whom the chair asks what, by place among the bids that are nobody's who watches, and how many members would keep the failed bid."""

    place: int
    text: str
    keeping: int


ONE = Reviewed(0, "请说明第12页工期的起算日。", 0)
OTHER = Reviewed(1, "第三章与第五章的人员名单不一致，请书面说明以哪一份为准。", 3)


class Reviewing(World):
    """A committee at its preliminary review."""

    def others(self) -> list[str]:
        """The code names of bids that are not the watching bidder's."""
        door = self.room.tender.door
        row = door.read(lambda session: evaluation_id(session, self.room.tender.lot_id))
        assert isinstance(row, UUID)
        held = door.read(lambda session: blind.codes_of(session, row))
        return [code for code, org in held.items() if org != self.room.tender.bidders[0].org]

    def ask(self, how: Reviewed) -> dict[tuple[str, str], str]:
        """A question is asked and answered; nobody has reviewed yet."""
        self.at(timedelta(0))
        code = self.others()[how.place]
        asked = self.room.ask(code, text=how.text)
        door, row = self.room.tender.door, None
        row = door.read(lambda session: evaluation_id(session, self.room.tender.lot_id))
        assert isinstance(row, UUID)
        org = door.read(lambda session: blind.codes_of(session, row))[code]
        self.room.answer_question(self.room.bidder_of(org), asked, text=f"{how.text}答复如下。")
        self.at(DAY)
        return self.shown()

    def vote(self, how: Reviewed) -> dict[tuple[str, str], str]:
        """Everybody fails the bid; all but the last vote on it."""
        code = self.others()[how.place]
        for who in self.room.members:
            self.room.review(who, [(code, "formality.signature")])
        for place, who in enumerate(self.room.members[:-1]):
            self.room.vote_rejection(who, {code: "stays" if place < how.keeping else "not_responsive"})
        self.at(2 * DAY)
        return self.shown()


def seen_by(shown: dict[tuple[str, str], str], names: Iterable[str]) -> dict[tuple[str, str], str]:
    """What these are shown and told."""
    return {key: text for key, text in shown.items() if key[0] in names}


@pytest.mark.timeout(240)
def test_whom_the_chair_asks_and_how_members_vote_shows_nobody_outside(
    beginnings: Beginnings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = beginnings.of("sqlite", REVIEWING)
    asked: list[Any] = []
    voted: list[Any] = []
    for name, how in (("one", ONE), ("other", OTHER)):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(past.template, folder / "gongheng.db")
        past.set_clock(folder / "clock")
        with running(folder) as app:
            room = past.copied(app.extensions["gongheng"].door, folder / "clock").told(monkeypatch)
            world = Reviewing(app, room, folder / "clock")
            asked.append(world.ask(how))
            voted.append(world.vote(how))
    for worlds, names in ((asked, (*OUTSIDE, *BEFORE_THE_PRICES)), (voted, OUTSIDE)):
        one, other = (seen_by(shown, names) for shown in worlds)
        assert one.keys() == other.keys() and len(one) > 100
        assert {key: (one[key], other[key]) for key in one if one[key] != other[key]} == {}
        assert all(any(path.endswith(page) for _, path in one) for page in SECRET_PAGES)
    assert seen_by(asked[0], ["another expert"]) != seen_by(asked[1], ["another expert"])  # the committee does know
