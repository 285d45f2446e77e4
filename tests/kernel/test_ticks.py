"""The clockwork: one process holds it, ticks take one use case a row, and the outbox is delivered when somebody rings."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from core.kernel import ticks
from core.kernel.db import database_clock
from core.kernel.errors import WrongState
from core.kernel.outbox import Outside
from core.kernel.ticks import Clockwork, Lease, Tick, each, holder_until


def wait_for(condition, seconds=5.0):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    assert condition()


def test_each_does_what_is_due_one_by_one_and_goes_on_after_a_refusal(door, caplog):
    done = []

    def do(work, key):
        if key == 2:
            raise WrongState("lot.open.wrong_state")
        if key == 3:
            raise ZeroDivisionError
        done.append((key, work.actor.name))

    moments = []
    run = each(lambda session, now: moments.append(now) or [1, 2, 3, 4], do)
    assert run(door) == 2
    assert done == [(1, "system"), (4, "system")] and moments[0].tzinfo is not None
    assert "failed for 3" in caplog.text


def test_ticks_run_and_a_failing_one_is_run_again(door):
    good, bad = [], []

    def failing(_door):
        bad.append(1)
        raise ZeroDivisionError

    clockwork = Clockwork(door, [Tick("good", 0.05, lambda _door: good.append(1)), Tick("bad", 0.05, failing)], {})
    clockwork.start()
    wait_for(lambda: len(good) > 2 and len(bad) > 2)
    clockwork.stop()
    clockwork.stop()
    count = len(good)
    time.sleep(0.15)
    assert len(good) == count and not clockwork.holds


def test_the_outbox_is_delivered_when_it_rings_and_without_a_ring_a_second_later(door, perform, monkeypatch):
    got = []
    clockwork = Clockwork(door, [], {"a": lambda work, payload: got.append(payload["n"])})
    monkeypatch.setattr(ticks, "IDLE", 0.2)
    clockwork.start()
    perform(lambda work: work.send("a", "1", {"n": 1}))
    clockwork.wake()
    wait_for(lambda: got == [1])
    perform(lambda work: work.send("a", "2", {"n": 2}))
    wait_for(lambda: got == [1, 2])
    clockwork.stop()


def test_a_delivery_that_breaks_down_does_not_end_the_postman(door, perform, monkeypatch):
    broken = [1]
    real = ticks.outbox.deliver

    def deliver(*arguments):
        if broken:
            broken.clear()
            raise ZeroDivisionError
        return real(*arguments)

    monkeypatch.setattr(ticks.outbox, "deliver", deliver)
    monkeypatch.setattr(ticks, "IDLE", 0.02)
    got = []
    clockwork = Clockwork(door, [], {"a": lambda work, payload: got.append(1)})
    clockwork.start()
    perform(lambda work: work.send("a", "1", {}))
    wait_for(lambda: got == [1])
    clockwork.stop()


POSTGRES = pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)


@POSTGRES
def test_one_holds_the_clock_and_another_takes_it_when_the_first_leaves_or_dies(door, perform):
    ran = []
    first = Clockwork(door, [], {})
    second = Clockwork(door, [Tick("x", 0.02, lambda _door: ran.append(1))], {})
    assert door.read(holder_until) is None
    first._beat()
    second.start()
    assert first.holds and not second.holds and door.read(holder_until) is not None
    time.sleep(0.1)
    assert ran == []
    perform(lambda work: work.session.execute(update(Lease).values(until=database_clock(work.session) - timedelta(seconds=1))))
    second._beat()  # the first has died silently: its lease is over
    assert second.holds
    wait_for(lambda: ran)
    second.stop()
    first._beat()
    assert first.holds


def test_a_clock_that_cannot_renew_its_lease_lets_go(door, monkeypatch):
    clockwork = Clockwork(door, [], {})
    monkeypatch.setattr(ticks, "HOLD", timedelta(seconds=0.5))
    clockwork._beat()
    assert clockwork.holds
    monkeypatch.setattr(door, "perform", lambda *arguments: 1 // 0)
    clockwork._beat()
    time.sleep(0.6)
    assert not clockwork.holds


def test_a_tick_can_be_run_by_hand(door, perform):
    clockwork = Clockwork(door, [Tick("x", 60, lambda _door: "ran")], {"a": lambda work, payload: None})
    perform(lambda work: work.send("a", "1", {}))
    assert clockwork.run_once("x") == "ran" and clockwork.run_once("outbox") == 1
    clockwork.stop()  # never started


SCRIPT = """
from gevent import monkey; monkey.patch_all()
import sys, gevent
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import open_engine
from core.kernel.signing import Ed25519Signer
from core.kernel.outbox import Outside
from core.kernel.ticks import Clockwork, Tick
from core.kernel.work import Door
ticked, got = [], []
def publish(commit):
    if commit.topics: clockwork.wake()
door = Door(open_engine(sys.argv[1]), Ed25519Signer.generate(), publish=publish)
clockwork = Clockwork(door, [Tick("x", 0.05, lambda door: ticked.append(1))], {"a": lambda work, payload: got.append(1)})
clockwork.start()
for n in range(3):
    door.perform(SYSTEM_ACTOR, lambda work: work.send("a", str(n), {}))
    gevent.sleep(0.2)
assert len(got) == 3 and len(ticked) > 3, (got, ticked)
clockwork.stop()
door.close()
print("well")
"""


def test_under_gevent_it_ticks_and_delivers_as_well(database):
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run([sys.executable, "-c", SCRIPT, database], cwd=root, capture_output=True, text=True, timeout=30, check=False)
    assert result.stdout.strip() == "well" and not result.stderr, result.stderr


@POSTGRES
def test_two_clockworks_never_run_one_tick_at_once(door):
    running, most = [], []

    def tick(_door):
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()

    clockworks = [Clockwork(door, [Tick("x", 0.01, tick)], {}) for _ in range(2)]
    for clockwork in clockworks:
        clockwork.start()
    wait_for(lambda: len(most) > 5)
    for clockwork in clockworks:
        threading.Thread(target=clockwork.stop).start()
    wait_for(lambda: not any(clockwork.holds for clockwork in clockworks))
    assert max(most) == 1


def test_on_sqlite_a_process_that_starts_takes_the_clock_of_the_one_that_died(door):
    Clockwork(door, [], {})._beat()  # and falls silent
    second = Clockwork(door, [], {})
    second.start()
    assert second.holds
    second.stop()


def test_a_slow_delivery_to_the_outside_holds_up_no_other_topic(door, perform):
    go, got = threading.Event(), []
    subscriptions = {"slow": Outside(lambda opened, payload: go.wait(10)), "quick": lambda work, payload: got.append(1)}
    clockwork = Clockwork(door, [], subscriptions)
    clockwork.start()
    perform(lambda work: [work.send("slow", "1", {}), work.send("quick", "1", {})])
    clockwork.wake()
    wait_for(lambda: got == [1])
    go.set()
    clockwork.stop()
