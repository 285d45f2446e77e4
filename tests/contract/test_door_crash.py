"""The door under kill -9, lost backends, locked rows and other processes: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.kernel import waiting
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import insert_new, lock, open_engine
from core.kernel.work import Door, OutcomeUnknown
from tests.kernel.world import PROJECTIONS, Counter, Own, check_chains, step, totals

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)


@pytest.fixture
def projections():
    return PROJECTIONS


@pytest.fixture
def world(engine):
    """The counters, before any door is open."""
    Own.metadata.create_all(engine)
    with engine.begin() as connection:
        insert_new(connection, Counter, [{"name": f"c{n}", "value": 0} for n in range(8)])
    engine.dispose()
    return engine


def load(database: str, name: str, callers: int, seconds: float) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.contract.door_load", database, name, str(callers), str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def killed(process: subprocess.Popen, after: float) -> set[str]:
    """The whole lines that a process printed until it was killed, `after` seconds after its first."""
    first = process.stdout.readline()
    time.sleep(after)
    process.kill()
    rest, _ = process.communicate()
    lines = (first + rest).split(b"\n")
    return {line.decode() for line in lines[:-1] if line}


@pytest.mark.slow
def test_kill_minus_nine_under_load_loses_nothing_that_was_acknowledged(database, world, platform_key, request):
    acknowledged: set[str] = set()
    chance = random.Random(7)
    for n in range(4):
        acknowledged |= killed(load(database, f"r{n}", 32, 30), chance.uniform(0.05, 0.5))
    door = request.getfixturevalue("door")
    moved, told, left = door.read(totals)
    assert acknowledged and acknowledged <= left
    assert moved == told == len(left)
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 2 * told


@POSTGRES
@pytest.mark.slow
def test_two_processes_on_one_database_one_of_them_killed(database, world, platform_key, request):
    steady = load(database, "steady", 16, 3)
    victims: set[str] = set()
    for n in range(2):
        victims |= killed(load(database, f"victim{n}", 16, 30), 0.4)
    out, errors = steady.communicate()
    assert steady.returncode == 0 and not errors, errors.decode()
    acknowledged = victims | set(out.decode().split())
    door = request.getfixturevalue("door")
    moved, told, left = door.read(totals)
    assert acknowledged <= left and moved == told == len(left)
    assert {token for token in left if token.startswith("steady")} == {token for token in acknowledged if token.startswith("steady")}
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 2 * told


def test_a_second_process_writing_one_sqlite_is_refused(database, world, door):
    if not database.startswith("sqlite"):
        second = load(database, "x", 1, 0.1)
        assert second.wait(20) == 0
        return
    second = load(database, "x", 1, 0.1)
    _, errors = second.communicate()
    assert second.returncode != 0 and b"WriterTaken" in errors


@POSTGRES
def test_a_row_locked_from_outside_delays_its_own_use_case_alone(database, world, door):
    other = open_engine(database)
    done: dict[str, float] = {}

    def run(counter, token):
        door.perform(SYSTEM_ACTOR, lambda work: step(work, counter, token, case=counter))
        done[token] = time.monotonic()

    with other.connect() as connection, connection.begin():
        connection.execute(text("SELECT 1 FROM try_counter WHERE name = 'c1' FOR UPDATE"))
        began = time.monotonic()
        threads = [threading.Thread(target=run, args=("c1", "locked"))]
        threads += [threading.Thread(target=run, args=(f"c{2 + n % 6}", f"t{n}")) for n in range(12)]
        for thread in threads:
            thread.start()
        while len(done) < 12 and time.monotonic() - began < 2.5:
            time.sleep(0.01)
        time.sleep(max(0.0, began + 0.6 - time.monotonic()))
        assert "locked" not in done and len(done) == 12
    for thread in threads:
        thread.join()
    assert done["locked"] - began > 0.55
    other.dispose()


@POSTGRES
def test_a_row_that_stays_locked_is_told_after_three_seconds(database, world, door):
    other = open_engine(database)
    with other.connect() as connection, connection.begin():
        connection.execute(text("SELECT 1 FROM try_counter WHERE name = 'c1' FOR UPDATE"))
        began = time.monotonic()
        with pytest.raises(DBAPIError, match="lock timeout"):
            door.perform(SYSTEM_ACTOR, lambda work: step(work, "c1", "a"))
        assert 2.5 < time.monotonic() - began < 5
    other.dispose()


@POSTGRES
def test_a_use_case_that_kills_its_own_backend_harms_nobody_else(world, door, platform_key):
    def suicide(work):
        step(work, "c2", "s")
        work.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    outcomes: dict[int, object] = {}

    def run(n, use_case):
        try:
            outcomes[n] = door.perform(SYSTEM_ACTOR, use_case)
        except Exception as error:
            outcomes[n] = error

    cases = [suicide if n == 10 else lambda work, n=n: step(work, "c1", f"t{n}") for n in range(30)]
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(cases)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert isinstance(outcomes.pop(10), DBAPIError)
    assert sorted(outcomes.values()) == list(range(1, 30))
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 58


@POSTGRES
def test_backends_killed_under_load_leave_a_consistent_world(database, world, door, platform_key):
    other = open_engine(database)
    stop = threading.Event()
    known: list[str] = []
    unknown: list[str] = []
    failed: list[str] = []

    def caller(number):
        count = 0
        while not stop.is_set():
            token = f"{number}-{count}"
            count += 1
            try:
                door.perform(SYSTEM_ACTOR, lambda work, token=token: step(work, "c1", token))
                known.append(token)
            except OutcomeUnknown:
                unknown.append(token)
            except DBAPIError:
                failed.append(token)

    threads = [threading.Thread(target=caller, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    kill = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    for _ in range(8):
        time.sleep(0.15)
        with other.connect() as connection:
            connection.execute(kill)
    stop.set()
    for thread in threads:
        thread.join()
    moved, told, left = door.read(totals)  # on a connection that was killed meanwhile: it is made again
    assert set(known) <= left <= set(known) | set(unknown)
    assert moved == told == len(left)
    assert len(known) > len(failed)
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 2 * told
    other.dispose()


@POSTGRES
def test_a_reader_s_lost_connection_is_made_again_under_the_query(database, world, door):
    other = open_engine(database)
    for _ in range(4):
        door.read(totals)
    with other.connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )
    for _ in range(8):
        assert door.read(totals)[0] == 0
    assert door.perform(SYSTEM_ACTOR, lambda work: step(work, "c1", "a")) == 1
    other.dispose()


@POSTGRES
def test_use_cases_that_lock_crosswise_both_come_through(database, world, door, platform_key):
    """Two writers take two rows in opposite orders: the knot is cut by short waits, not by an error for somebody."""
    second = Door(open_engine(database), platform_key, projections=PROJECTIONS, group=4)

    def crosswise(door, first, then, name):
        for n in range(20):

            def use_case(work, n=n):
                lock(work.session, Counter, Counter.name == first)
                time.sleep(0.002)
                return step(work, then, f"{name}{n}")

            door.perform(SYSTEM_ACTOR, use_case)

    threads = [
        threading.Thread(target=crosswise, args=(door, "c1", "c2", "a")),
        threading.Thread(target=crosswise, args=(second, "c2", "c1", "b")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.close()
    assert door.read(totals)[:2] == (40, 40)
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 80


@POSTGRES
def test_an_old_use_case_does_not_starve_between_the_new_ones_of_another_process(database, world, door, platform_key, monkeypatch):
    """Who comes back first waits first and gives up first: without more patience for age it would lose every knot to the same neighbour."""
    monkeypatch.setattr(waiting, "GIVE_UP", 1.0)
    second, stop = Door(open_engine(database), platform_key, projections=PROJECTIONS, group=1), threading.Event()

    def held(first, then, token, s):
        def use_case(work):
            lock(work.session, Counter, Counter.name == first)
            time.sleep(s)
            return step(work, then, token)

        return use_case

    def neighbour():
        for n in range(1_000):
            if stop.is_set():
                return
            with suppress(DBAPIError):  # it is the younger, and lets go
                second.perform(SYSTEM_ACTOR, held("c2", "c1", f"b{n}", 0.06))

    thread = threading.Thread(target=neighbour)
    thread.start()
    try:
        for n in range(3):
            door.perform(SYSTEM_ACTOR, held("c1", "c2", f"a{n}", 0.01))
    finally:
        stop.set()
        thread.join()
        second.close()


def test_new_cases_from_two_writers_at_once_get_one_chain(database, world, door, platform_key):
    if database.startswith("sqlite"):
        for n in range(10):
            door.perform(SYSTEM_ACTOR, lambda work, n=n: step(work, "c1", f"a{n}", case=f"N-{n}"))
        return
    second = Door(open_engine(database), platform_key, projections=PROJECTIONS)
    gate = threading.Barrier(2)

    def run(door, name):
        for n in range(20):
            gate.wait()
            door.perform(SYSTEM_ACTOR, lambda work, n=n: step(work, name, f"{name}{n}", case=f"N-{n}"))

    threads = [threading.Thread(target=run, args=pair) for pair in ((door, "c1"), (second, "c2"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.close()
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 80
