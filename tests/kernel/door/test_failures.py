"""The door when the disk is full or a COMMIT fails: nothing acknowledged is lost, and it goes on."""

from __future__ import annotations

import os
import socket

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.bulk import insert_many
from core.kernel.errors import RuleBroken
from core.kernel.streams import StreamHead
from core.kernel.work import OutcomeUnknown
from tests.kernel.world import Step, check_chains, step, together, totals


def test_a_failed_commit_is_unknown_to_its_callers_and_the_next_group_is_well(door, engine, held, commits, platform_key):
    armed = []

    def fail(connection):
        if armed:
            armed.clear()
            raise OperationalError("COMMIT", None, Exception("the disk is gone"))

    def arming(work):
        armed.append(1)
        return step(work, "c1", "b")

    sqlalchemy_event.listen(engine, "commit", fail)
    outcomes = together(door, held, lambda work: step(work, "c1", "a"), arming)
    assert [type(outcome) for outcome in outcomes] == [OutcomeUnknown, OutcomeUnknown]
    assert door.read(totals) == (0, 0, set()) and commits == []
    assert door.perform(SYSTEM_ACTOR, lambda work: step(work, "c1", "a")) == 1
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 2


def test_a_lone_caller_of_a_failed_commit_is_told_so(door, engine, commits):
    def fail(connection):
        raise OperationalError("COMMIT", None, Exception("the disk is gone"))

    sqlalchemy_event.listen(engine, "commit", fail)
    with pytest.raises(OutcomeUnknown):
        door.perform(SYSTEM_ACTOR, lambda work: step(work, "c1", "a"))
    sqlalchemy_event.remove(engine, "commit", fail)
    assert commits == []
    assert door.perform(SYSTEM_ACTOR, lambda work: step(work, "c1", "a")) == 1


@pytest.fixture
def disk(engine, perform):
    """`disk(n)`: the database may grow by n pages from now on, over whatever connection."""
    limit = [0]

    def leave(free):
        limit[0] = free + perform(lambda work: work.session.execute(text("PRAGMA page_count")).scalar_one())
        perform(lambda work: work.session.execute(text(f"PRAGMA max_page_count = {limit[0]}")))
        engine.dispose()  # none of the idle ones escapes

    sqlalchemy_event.listen(engine, "connect", lambda dbapi, _: limit[0] and dbapi.execute(f"PRAGMA max_page_count = {limit[0]}"))
    return leave


def test_a_full_disk_loses_no_acknowledged_use_case_and_writing_resumes(door, perform, disk, platform_key):
    disk(12)
    acknowledged, failures = set(), 0
    for n in range(300):
        try:
            perform(lambda work, n=n: step(work, "c1", f"{n}"))
            acknowledged.add(str(n))
        except DBAPIError as error:
            assert "full" in str(error)
            failures += 1
            if failures == 5:
                break
    assert failures == 5 and acknowledged
    assert door.read(totals) == (len(acknowledged), len(acknowledged), acknowledged)
    disk(100_000)
    perform(lambda work: step(work, "c1", "after"))
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 2 * (len(acknowledged) + 1)


def test_a_full_disk_in_a_group_harms_only_whom_it_must(door, disk, held, platform_key):
    disk(8)

    def greedy(work):
        work.session.add_all([Step(token="x" * 60 + str(n)) for n in range(1000)])
        work.session.flush()

    outcomes = together(door, held, lambda work: step(work, "c1", "a"), greedy, lambda work: step(work, "c1", "b"))
    assert outcomes[0] == 1 and isinstance(outcomes[1], DBAPIError) and outcomes[2] == 2
    assert door.read(totals) == (2, 2, {"a", "b"})
    disk(100_000)
    door.read(lambda session: check_chains(session, platform_key.key))


def test_a_use_case_that_swallows_the_death_of_its_transaction_cannot_write_on(door, perform, disk):
    disk(8)

    def stubborn(work):
        try:
            work.session.add_all([Step(token="x" * 60 + str(n)) for n in range(1000)])
            work.session.flush()
        except DBAPIError:
            pass
        work.session.execute(text("INSERT INTO try_step VALUES ('small')"))

    with pytest.raises(Exception):  # noqa: B017  (SQLAlchemy's words for it vary; that nothing is written does not)
        perform(stubborn)
    assert door.read(totals)[2] == set()


def seen(work, token):
    """A row that is sent and not waited for."""
    insert_many(work.session.connection(), StreamHead, [{"case_id": "C-9", "audience": token, "seq": 0}])


def test_what_the_database_refuses_of_a_statement_nobody_waited_for_is_the_refusal_of_its_own_use_case(door, held, platform_key):
    """Three come as one group; PostgreSQL says no to the second after it has ended, and to nobody else (libpq's pipeline mode)."""

    def twice(work):
        seen(work, "a")
        seen(work, "a")

    def twice_and_goes_on(work):
        seen(work, "b")
        seen(work, "b")
        return step(work, "c2", "b")

    first, second, third, fourth = together(
        door, held, lambda work: step(work, "c1", "a"), twice, twice_and_goes_on, lambda work: step(work, "c1", "c")
    )
    assert (first, fourth) == (1, 2)
    assert [type(refused) for refused in (second, third)] == [IntegrityError, IntegrityError]
    with pytest.raises(IntegrityError):
        door.perform(SYSTEM_ACTOR, twice)
    assert door.read(lambda session: session.scalars(select(StreamHead.audience).where(StreamHead.case_id == "C-9")).all()) == []
    assert door.perform(SYSTEM_ACTOR, lambda work: seen(work, "a")) is None
    assert door.perform(SYSTEM_ACTOR, lambda work: step(work, "c1", "d")) == 3
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 6


def test_a_use_case_that_changes_its_mind_leaves_nothing_of_what_it_sent(door, held):
    def regrets(work):
        seen(work, "a")
        seen(work, "a")
        raise RuleBroken("try.no")

    outcomes = together(door, held, lambda work: step(work, "c1", "a"), regrets, lambda work: step(work, "c1", "b"))
    assert (outcomes[0], outcomes[2]) == (1, 2) and isinstance(outcomes[1], RuleBroken | IntegrityError)
    for _ in range(2):
        with pytest.raises((RuleBroken, IntegrityError)):  # SQLite has said no by then
            door.perform(SYSTEM_ACTOR, regrets)
    assert door.read(lambda session: session.scalar(select(StreamHead.seq).where(StreamHead.case_id == "C-9"))) is None


def test_what_was_sent_is_there_for_whoever_asks_next(door):
    def asks(work):
        seen(work, "a")
        return work.session.scalar(select(StreamHead.seq).where(StreamHead.case_id == "C-9", StreamHead.audience == "a"))

    assert door.perform(SYSTEM_ACTOR, asks) == 0


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_what_is_sent_and_not_waited_for_has_room(engine):
    with engine.connect() as connection:
        line = socket.socket(fileno=os.dup(connection.connection.dbapi_connection.fileno()))  # type: ignore[union-attr]
        with line:
            assert line.family == socket.AF_UNIX and line.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) >= 400_000
