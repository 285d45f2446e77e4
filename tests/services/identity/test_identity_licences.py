"""Somebody comes in by an electronic business licence: the first time makes organisation and person, later times find them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.identity import passwords
from core.identity.domain.licence import Presented
from core.identity.queries import people as queries
from core.identity.queries import sessions
from core.identity.queries.licences import is_holder
from core.identity.services import licences, people
from core.identity.services.sessions import open_session
from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.errors import BadSignature, NotAllowed
from core.kernel.roles import Role
from core.kernel.work import Door
from tests.builders.people import People, uscc_of

FIRST, SECOND = "第一建筑工程有限公司", "第二建筑工程有限公司"


def shown(subject: str = "zhang", org: str = FIRST, name: str = "张伟", issuer: str = "https://licence.example.cn") -> Presented:
    return Presented(issuer, subject, uscc_of(org), org, name)


def come(door: Door, licence: Presented, nonce: str) -> Actor:
    token = door.perform(SYSTEM_ACTOR, lambda work: licences.log_in(work, licence, nonce, "Chromium", clock.now()))
    found = door.read(lambda session: sessions.signed_in(session, token, clock.now()))
    assert found is not None
    return found.actor


def test_the_first_time_makes_organisation_and_bidder_and_the_next_time_finds_them(door: Door) -> None:
    first, again = come(door, shown(), "one"), come(door, shown(), "two")
    assert first == again and first.roles == {Role.BIDDER} and first.name == "张伟"
    assert first.org is not None and first.person is not None
    person, org = first.person, first.org
    assert door.read(lambda session: queries.organisation(session, org)).uscc == uscc_of(FIRST)
    account = door.read(lambda session: sessions.account_of(session, person))
    assert account is not None and not passwords.fits("!", account.password_hash)


def test_a_licence_confirms_for_ten_minutes_whoever_showed_it(door: Door) -> None:
    at = clock.now()
    token = door.perform(SYSTEM_ACTOR, lambda work: licences.log_in(work, shown(), "one", "Chromium", at))
    found = door.read(lambda session: sessions.signed_in(session, token, at))
    assert found is not None
    key = str(found.session)

    def is_fresh(after: timedelta) -> bool:
        return door.read(lambda session: sessions.has_fresh_licence(session, key, at + after))

    assert is_fresh(timedelta(0)) and is_fresh(timedelta(minutes=9, seconds=59)) and not is_fresh(timedelta(minutes=10))
    assert found.actor.person is not None and door.read(lambda session: is_holder(session, found.actor.person))


def test_a_password_is_no_licence(door: Door) -> None:
    known, at = People(door).join(Role.BIDDER, FIRST, keys=False), clock.now()
    token = door.perform(SYSTEM_ACTOR, lambda work: open_session(work, known.person, "Chromium", at))
    found = door.read(lambda session: sessions.signed_in(session, token, at))
    assert found is not None
    assert not door.read(lambda session: sessions.has_fresh_licence(session, str(found.session), at))
    assert not door.read(lambda session: is_holder(session, known.person))


def test_an_organisation_that_joined_before_gains_a_member(door: Door) -> None:
    known = People(door).join(Role.BIDDER, FIRST, keys=False)
    assert come(door, shown(), "one").org == known.org
    assert come(door, shown("li", name="李明"), "two").person not in (None, known.person)


def test_another_provider_s_name_for_somebody_is_somebody_else(door: Door) -> None:
    assert come(door, shown(), "one").person != come(door, shown(issuer="https://other.example.cn"), "two").person


def test_an_answer_is_good_once(door: Door) -> None:
    come(door, shown(), "one")
    with pytest.raises(BadSignature, match="used"):
        come(door, shown(), "one")


def test_a_holder_of_another_organisation_is_refused_and_so_is_one_who_was_barred(door: Door) -> None:
    actor = come(door, shown(), "one")
    with pytest.raises(NotAllowed, match="other_organisation"):
        come(door, shown(org=SECOND), "two")
    assert actor.person is not None
    person = actor.person
    door.perform(SYSTEM_ACTOR, lambda work: people.end_roles(work, person, clock.now()))
    with pytest.raises(NotAllowed, match="barred"):
        come(door, shown(), "three")
