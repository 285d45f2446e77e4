"""After a prequalification nobody but who must learns who or how many applied or passed: not by a page, a feed, an answer or a message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.builders import prequalification as made
from tests.builders.bids import applying
from tests.builders.reviews import Review, open_all
from tests.builders.trading_web import browser
from tests.web.secrecy_shown import differing, told
from tests.web.secrecy_world import World, world

APPLIED = (4, 10)
INSIDE = ("agency", "tenderer", "centre", "supervisor", "officer")
"""Who invites, who opens, who oversees: before the deadline of applications they learn nothing either, which other worlds compare."""


def play(one: World, count: int) -> None:
    """So many apply, all but one pass, the tender goes out to them, and its document is released."""
    lot, firms = one.room.tender, one.firms[:count]
    pool = made.experts(lot)
    made.name_committee(lot, pool)
    for firm in firms:
        one.room.seal(firm)
    one.look("applying")
    one.viewers["applicant"] = browser(one.app, firms[0])
    open_all(one.room, firms)
    one.tick()
    one.look("opened", "applying")
    review = Review(one.room, pool)
    review.sign_all({firms[-1].org: {"C1": "资质证书已过有效期"}})
    one.look("reviewed", "applying")
    review.conclude()
    one.tick()
    one.look("concluded", "applying")
    review.noticed()
    release = lot.lot.release_at
    assert release is not None
    lot.jump(release)
    one.tick()
    one.look("bidding")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[list[World]]:
    folder = tmp_path_factory.mktemp("prequalified")
    with ExitStack() as stack:
        found = [stack.enter_context(world(folder / str(count), sqlite_template, make=applying)) for count in APPLIED]
        for one, count in zip(found, APPLIED, strict=True):
            play(one, count)
        yield found


def test_no_page_answer_or_feed_tells_who_or_how_many_applied_or_passed(worlds: list[World]) -> None:
    few, many = worlds
    shown = {key for key in few.seen if key[1] not in INSIDE}
    assert len(shown) > 500 and few.seen.keys() == many.seen.keys()
    assert {key: differing(few.seen[key], many.seen[key]) for key in shown if few.seen[key] != many.seen[key]} == {}


def test_no_message_tells_it_to_the_public(worlds: list[World]) -> None:
    few, many = (one.said_to().get("public") for one in worlds)
    assert few == many


def test_an_applicants_own_pages_do_not_tell_of_the_others(worlds: list[World]) -> None:
    addresses = [f"/lots/{worlds[0].room.number}{end}" for end in ("", "/prequalification", "/invitation", "/bid", "/application")]
    addresses += ["/inbox", "/bids", "/"]
    shown = [[told(one.viewers["applicant"].get(address)) for address in addresses] for one in worlds]
    assert "资格预审结果通知书" in shown[0][1]
    assert [differing(left, right) for left, right in zip(*shown, strict=True) if left != right] == []


def test_who_failed_is_told_what_a_stranger_is_of_the_tender(worlds: list[World]) -> None:
    for one, count in zip(worlds, APPLIED, strict=True):
        number = one.room.number
        failed, stranger = one.of(one.firms[count - 1]), one.viewers["uninvolved bidder"]
        for address in (f"/lots/{number}", f"/lots/{number}/bid", f"/lots/{number}/invitation", f"/lots/{number}/prequalification"):
            answers = [client.get(address) for client in (failed, stranger)]
            assert [answer.status_code for answer in answers] == [403, 403]
