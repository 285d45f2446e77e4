"""Whom an event concerns: told in words that exist, and before the opening so that nobody can be counted or known by them."""

from __future__ import annotations

import pytest

from core.identity.domain.message import Discretion, Topic
from trading.domain.concern import CONCERNS, DISCRETION, REMEDIES, REMINDERS, Circle, Place, link
from trading.web.texts_messages import SENTENCES

NAMES_BIDDERS = {Circle.BIDDERS, Circle.WINNER, Circle.LOSERS}
AFTER_THE_START = {
    *("opening.start", "opening.identity", "opening.request", "opening.record"),
    *("candidates.publish", "award.notice", "contract.sign"),
    *("contract.ahead", "contract.last_day", "contract.overdue"),
}
CHANGES = {
    *("document.amend", "clarification.publish", "deadline.extend", "lot.suspend", "lot.resume", "lot.terminate"),
    *("bidding.halt", "bidding.go_on", "failure.publish", "complaint.suspend", "complaint.lift", "complaint.lapse"),
}
ROWS = [(kind, concern) for kind, concerns in CONCERNS.items() for concern in concerns]
ROWS += [(f"contract.{reminder.name.lower()}", concern) for reminder, concerns in REMINDERS.items() for concern in concerns]


@pytest.mark.parametrize("kind", sorted(CHANGES))
def test_a_change_reaches_everybody_concerned_by_law(kind: str) -> None:
    assert {row.circle for row in CONCERNS[kind]} == {*(Circle.FOLLOWERS, Circle.INVITEES, Circle.TAKERS, Circle.TENDERER, Circle.AGENCY)}
    assert {row.topic for row in CONCERNS[kind]} == {Topic.CHANGE}


@pytest.mark.parametrize(("kind", "concern"), ROWS, ids=lambda one: getattr(one, "words", one))
def test_every_message_has_its_words_and_says_what_to_do(kind: str, concern) -> None:
    assert {f"message.{concern.words}", f"message.{concern.words}.todo"} <= SENTENCES.keys()


def test_every_word_is_said_to_somebody() -> None:
    said = {f"message.{concern.words}{end}" for _, concern in ROWS for end in ("", ".todo")}
    assert said == SENTENCES.keys()


def test_who_has_a_bid_is_told_inside_alone_and_followers_are_never_counted() -> None:
    assert DISCRETION[Circle.TAKERS] is Discretion.INSIDE
    assert DISCRETION[Circle.FOLLOWERS] is Discretion.UNCOUNTED
    assert DISCRETION.keys() == set(Circle)


@pytest.mark.parametrize(
    ("kind", "concern"), [row for row in ROWS if row[1].circle in NAMES_BIDDERS], ids=lambda one: getattr(one, "words", one)
)
def test_circles_that_name_bidders_belong_to_events_after_the_start_of_the_opening(kind: str, concern) -> None:
    assert kind in AFTER_THE_START


@pytest.mark.parametrize("kind", [kind for kind, rows in CONCERNS.items() if any(row.circle is Circle.TAKERS for row in rows)])
def test_takers_hear_in_the_words_of_followers(kind: str) -> None:
    said = {row.circle: (row.words, row.topic, row.place) for row in CONCERNS[kind]}
    assert said[Circle.TAKERS] == said[Circle.FOLLOWERS]


def test_winner_and_losers_are_told_by_the_same_event_and_by_law() -> None:
    circles = {row.circle: row for row in CONCERNS["award.notice"]}
    assert circles[Circle.WINNER].topic is circles[Circle.LOSERS].topic is Topic.RESULT


@pytest.mark.parametrize("place", Place)
def test_a_link_stays_on_this_site(place: Place) -> None:
    led = link(place, "T2026-000001", "T2026-000001-1", "TS-3F2A9C01B7DE")
    assert led.startswith(("/lots/T2026-000001-1", "/projects/T2026-000001", "/objections/TS-", "/complaints/TS-"))


def test_who_objects_or_complains_hears_of_it_inside_alone_and_nobody_else_hears_that_it_was_them() -> None:
    assert DISCRETION[Circle.FILER] is Discretion.INSIDE
    said_to_filers = {row.words for rows in REMEDIES.values() for row in rows if row.circle is Circle.FILER}
    others = {row.words for rows in REMEDIES.values() for row in rows if row.circle not in (Circle.FILER, Circle.TENDERER, Circle.AGENCY)}
    assert said_to_filers & others == set()
