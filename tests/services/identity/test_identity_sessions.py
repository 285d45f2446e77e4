"""Logins: kept as digests, rotated, ended from afar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.identity.domain.grant import Office
from core.identity.models.sessions import LoginSession
from core.identity.queries import people as views
from core.identity.queries import sessions as queries
from core.identity.services import people as joining
from core.identity.services import sessions as services
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import SessionId
from core.kernel.roles import Role
from core.kernel.work import Door
from tests.builders.people import People, Person, people

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def someone(door: Door) -> Person:
    return people(door).join(Role.TENDERER, keys=False)


def log_in(who: Person, at: datetime = NOON, role: Role | None = None) -> str:
    return who.door.perform(who.actor, lambda work: services.open_session(work, who.person, "Firefox 152", at, role))


def found(who: Person, token: str, at: datetime = NOON) -> queries.SignedIn | None:
    return who.door.read(lambda session: queries.signed_in(session, token, at))


def test_a_token_stands_for_its_person_in_the_only_role(someone: Person) -> None:
    token = log_in(someone)
    view = found(someone, token)
    assert view is not None and view.actor == someone.actor
    assert (view.org_name, view.role, view.office, view.is_due_a_touch) == (someone.org_name, Role.TENDERER, Office.NONE, False)


def test_tokens_are_long_different_and_kept_as_digests_alone(someone: Person) -> None:
    tokens = {log_in(someone) for _ in range(3)}
    assert len(tokens) == 3 and all(len(token) >= 43 for token in tokens)
    rows = someone.door.read(lambda session: list(session.scalars(select(LoginSession.token_sha256))))
    assert set(rows) == {queries.token_digest(token) for token in tokens}
    assert not any(token.encode() in row for token in tokens for row in rows)


@pytest.mark.parametrize("token", ["", "x", "\udcff", "a" * 5000])
def test_a_token_that_was_never_given_is_nobodys(someone: Person, token: str) -> None:
    assert found(someone, token) is None


def test_a_login_rests_for_thirty_minutes_and_lasts_for_twelve_hours(someone: Person) -> None:
    token = log_in(someone)
    assert found(someone, token, NOON + 29 * MINUTE) is not None
    assert found(someone, token, NOON + 30 * MINUTE) is None
    for used in range(20, 720, 20):
        someone.door.perform(someone.actor, partial(services.touch, token=token, at=NOON + used * MINUTE))
    assert found(someone, token, NOON + 719 * MINUTE) is not None
    assert found(someone, token, NOON + 720 * MINUTE) is None


def test_a_late_touch_neither_revives_nor_sets_back(someone: Person) -> None:
    token = log_in(someone)
    someone.door.perform(someone.actor, lambda work: services.touch(work, token, NOON + 10 * MINUTE))
    someone.door.perform(someone.actor, lambda work: services.touch(work, token, NOON + 5 * MINUTE))
    assert found(someone, token, NOON + 39 * MINUTE) is not None
    someone.door.perform(someone.actor, lambda work: services.close_session(work, token, NOON + 11 * MINUTE))
    someone.door.perform(someone.actor, lambda work: services.touch(work, token, NOON + 12 * MINUTE))
    assert found(someone, token, NOON + 12 * MINUTE) is None


def test_a_change_of_role_gives_a_new_token_and_ends_the_old_one(someone: Person) -> None:
    door = someone.door
    door.perform(SYSTEM_ACTOR, lambda work: joining.grant(work, someone.person, someone.uscc, Role.AWARD_MEMBER))
    token = log_in(someone)
    first = found(someone, token)
    assert first is not None and first.actor.roles == frozenset() and first.actor.org is None and first.role is None
    grants = {grant.role: grant.id for grant in door.read(lambda session: views.person(session, someone.person)).grants}
    fresh = door.perform(someone.actor, lambda work: services.choose_role(work, token, grants[Role.AWARD_MEMBER], NOON + MINUTE))
    second = found(someone, fresh, NOON + MINUTE)
    assert fresh != token and found(someone, token, NOON + MINUTE) is None
    assert second is not None and second.actor.roles == {Role.AWARD_MEMBER} and second.session != first.session
    assert found(someone, fresh, NOON + 31 * MINUTE) is None
    door.perform(someone.actor, lambda work: services.touch(work, fresh, NOON + 719 * MINUTE))
    assert found(someone, fresh, NOON + 720 * MINUTE) is None  # the twelve hours ran on
    with pytest.raises(NotAllowed, match=r"web\.log_in"):
        door.perform(someone.actor, lambda work: services.choose_role(work, token, grants[Role.TENDERER], NOON + MINUTE))


def test_a_role_may_be_named_at_once(someone: Person) -> None:
    someone.door.perform(SYSTEM_ACTOR, lambda work: joining.grant(work, someone.person, someone.uscc, Role.AWARD_MEMBER))
    view = found(someone, log_in(someone, role=Role.AWARD_MEMBER))
    assert view is not None and view.role is Role.AWARD_MEMBER
    none = found(someone, log_in(someone, role=Role.ADMIN))
    assert none is not None and none.role is None


def test_another_persons_role_cannot_be_chosen(someone: Person) -> None:
    other = People(someone.door).join(Role.SUPERVISOR, login="other", keys=False)
    (theirs,) = someone.door.read(lambda session: views.person(session, other.person)).grants
    token = log_in(someone)
    for grant in (theirs.id, uuid4()):
        with pytest.raises(NotFound):
            someone.door.perform(someone.actor, partial(services.choose_role, token=token, grant=grant, at=NOON))
    assert found(someone, token) is not None


def test_ones_logins_are_listed_and_ended_from_any_of_them(someone: Person) -> None:
    door, tokens = someone.door, [log_in(someone, NOON + step * MINUTE) for step in range(3)]
    views = [found(someone, token, NOON + 3 * MINUTE) for token in tokens]
    ids = [view.session for view in views if view is not None]

    def listed() -> list[tuple[SessionId, bool]]:
        rows = door.read(lambda session: queries.logins(session, someone.person, str(ids[0]), NOON + 3 * MINUTE))
        return [(row.session, row.is_this) for row in rows]

    assert listed() == [(ids[2], False), (ids[1], False), (ids[0], True)]
    door.perform(someone.actor, lambda work: services.end_session(work, someone.person, ids[1], NOON))
    assert listed() == [(ids[2], False), (ids[0], True)]
    assert door.perform(someone.actor, lambda work: services.end_all(work, someone.person, NOON, but=ids[0])) == 1
    assert listed() == [(ids[0], True)]
    assert door.read(lambda session: queries.logins(session, someone.person, "", NOON + timedelta(hours=1))) == ()


def test_nobody_ends_another_persons_login(someone: Person) -> None:
    other = People(someone.door).join(Role.SUPERVISOR, login="other", keys=False)
    view = found(someone, log_in(someone))
    assert view is not None
    with pytest.raises(NotFound):
        someone.door.perform(other.actor, lambda work: services.end_session(work, other.person, view.session, NOON))


def test_a_challenge_is_answered_once_within_five_minutes(someone: Person) -> None:
    door, view = someone.door, found(someone, log_in(someone))
    assert view is not None
    key = str(view.session)
    with pytest.raises(NotAllowed, match=r"enrolment\.too_late"):
        door.read(lambda session: queries.challenge(session, key, NOON))
    first, second = (door.perform(someone.actor, lambda work: services.ask(work, view.session, NOON)) for _ in range(2))
    assert first != second == door.read(lambda session: queries.challenge(session, key, NOON + 4 * MINUTE))
    with pytest.raises(NotAllowed, match=r"enrolment\.too_late"):
        door.read(lambda session: queries.challenge(session, key, NOON + 5 * MINUTE))
