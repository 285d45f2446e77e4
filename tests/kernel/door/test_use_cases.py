"""The door: what a use case may rely on, and what its callers are told."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import gevent
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from core.kernel import chain, clock, streams
from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.db import insert_new, lock
from core.kernel.errors import BadSignature, RuleBroken
from core.kernel.ids import CaseId
from core.kernel.outbox import Message
from core.kernel.signing import NOTHING_SEEN, Ed25519Signer, sign, statement
from core.kernel.signing import Actor as Speaker
from core.kernel.work import Door, DoorClosed, Reentered, WriterTaken
from tests.kernel.world import PROJECTIONS, Counter, Own, Stepped, Whispered, check_chains, step, together, totals


def test_a_use_case_is_on_disk_and_told_when_its_caller_hears_of_it(door, perform, commits, platform_key):
    assert perform(lambda work: step(work, "c1", "a")) == 1
    assert door.read(totals) == (1, 1, {"a"})
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 2
    [commit] = commits
    assert [(entry.audience, entry.seq, entry.kind, entry.data) for entry in commit.entries] == [
        ("public", 1, "stepped", {"value": 1}),
        ("bidder:c1", 1, "whispered", {}),
    ]
    assert commit.topics == {"try.topic"}
    assert door.read(lambda session: streams.since(session, "C-1", "public", 0)) == [commit.entries[0]]


def test_those_who_watch_are_told_before_the_caller_is_answered(engine, platform_key, database):
    Own.metadata.create_all(engine)
    told = []

    def slowly(commit):
        time.sleep(0.3)
        told.append(commit)

    door = Door(engine, platform_key, projections=PROJECTIONS, publish=slowly, readers=1)
    door.perform(SYSTEM_ACTOR, lambda work: insert_new(work.session.connection(), Counter, [{"name": "c1", "value": 0}]))
    door.perform(Actor(), lambda work: step(work, "c1", "a"))
    assert [entry.kind for commit in told for entry in commit.entries] == ["stepped", "whispered"]
    door.close()


def test_a_refused_use_case_leaves_nothing_behind(door, perform, commits):
    with pytest.raises(RuleBroken):
        perform(lambda work: step(work, "c1", "a", refuse=True))
    assert door.read(totals) == (0, 0, set())
    assert door.read(lambda session: session.execute(select(Message)).first()) is None
    assert commits == []


def test_in_a_group_a_refusal_undoes_itself_alone(door, held, platform_key):
    outcomes = together(
        door,
        held,
        lambda work: step(work, "c1", "a"),
        lambda work: step(work, "c1", "b", refuse=True),
        lambda work: step(work, "c1", "a"),  # breaks the primary key in flush
        lambda work: step(work, "c2", "d", case="C-2"),
        lambda work: step(work, "c1", "e"),
    )
    assert [type(outcome) for outcome in outcomes] == [int, RuleBroken, IntegrityError, int, int]
    assert outcomes[4] == 2
    assert door.read(totals) == (3, 3, {"a", "d", "e"})
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 6
    assert door.read(lambda session: streams.last(session, "C-1", "public")) == 2
    assert door.read(lambda session: streams.last(session, "C-1", "bidder:c7")) == 0


def test_inner_savepoints_and_services_that_call_services_are_one_transaction(door, perform, held):
    def use_case(work):
        step(work, "c1", "a")
        with pytest.raises(IntegrityError), work.session.begin_nested():
            work.session.execute(text("INSERT INTO try_step VALUES ('a')"))
        return step(work, "c2", "b")

    assert perform(use_case) == 1
    assert together(door, held, use_case, lambda work: step(work, "c3", "c"))[1] == 1
    assert door.read(totals)[2] == {"a", "b", "c"}


def test_use_cases_run_in_the_order_in_which_they_came(door, held):
    order = []
    together(door, held, *[lambda work, n=n: order.append(n) for n in range(20)])
    assert order == list(range(20))


def test_greenlets_and_threads_come_through_together(door, platform_key):
    results, background = [], []

    def thread():
        for n in range(10):
            background.append(door.perform(SYSTEM_ACTOR, lambda work, n=n: step(work, "c2", f"t{n}")))

    native = threading.Thread(target=thread)
    native.start()
    jobs = [gevent.spawn(door.perform, SYSTEM_ACTOR, lambda work, n=n: step(work, "c1", f"g{n}")) for n in range(30)]
    gevent.joinall(jobs)
    results = sorted(job.get() for job in jobs)
    native.join()
    assert results == list(range(1, 31)) and background == list(range(1, 11))
    assert door.read(totals)[:2] == (40, 40)
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 80


def test_the_event_loop_turns_while_a_use_case_runs(door):
    turns = []

    def ticker():
        while True:
            turns.append(1)
            gevent.sleep(0.005)

    running = gevent.spawn(ticker)
    door.perform(SYSTEM_ACTOR, lambda work: threading.Event().wait(0.2))
    running.kill()
    assert len(turns) > 10


def test_a_killed_caller_s_use_case_still_commits_and_the_door_lives_on(door, held):
    with held:
        job = gevent.spawn(door.perform, SYSTEM_ACTOR, lambda work: step(work, "c1", "a"))
        while door.waiting < 1:
            gevent.sleep(0.001)
        job.kill()
    assert door.perform(SYSTEM_ACTOR, lambda work: step(work, "c1", "b")) == 2


def test_reads_see_all_that_was_answered(door, perform):
    for n in range(50):
        perform(lambda work, n=n: step(work, "c1", str(n)))
        assert door.read(lambda session: session.get(Counter, "c1").value) == n + 1


def test_readers_cannot_write(door):
    with pytest.raises(OperationalError):
        door.read(lambda session: session.execute(text("UPDATE try_counter SET value = 5")))
    assert door.read(totals)[0] == 0


def test_what_a_query_raises_its_caller_gets(door):
    with pytest.raises(ZeroDivisionError):
        door.read(lambda session: 1 // 0)


def test_a_use_case_cannot_open_the_door_it_stands_in(door, perform):
    with pytest.raises(Reentered):
        perform(lambda work: door.perform(SYSTEM_ACTOR, lambda inner: None))
    with pytest.raises(Reentered):
        perform(lambda work: door.read(totals))


def test_a_closing_door_serves_those_inside_and_refuses_newcomers(door, held):
    outcomes = []
    with held:
        inside = [
            threading.Thread(target=lambda n=n: outcomes.append(door.perform(SYSTEM_ACTOR, lambda work: step(work, "c1", f"{n}"))))
            for n in range(5)
        ]
        for thread in inside:
            thread.start()
        while door.waiting < 5:
            gevent.sleep(0.001)
        closing = threading.Thread(target=door.close)
        closing.start()
        while door.waiting < 6:
            gevent.sleep(0.001)
        with pytest.raises(DoorClosed):
            door.perform(SYSTEM_ACTOR, lambda work: None)
        with pytest.raises(DoorClosed):
            door.read(totals)
    closing.join()
    for thread in inside:
        thread.join()
    assert sorted(outcomes) == [1, 2, 3, 4, 5]
    door.close()  # twice is once


def test_a_second_writing_process_on_one_sqlite_is_refused_until_the_first_has_left(engine, door, platform_key):
    with pytest.raises(WriterTaken):
        Door(engine, platform_key)
    door.close()
    again = Door(engine, platform_key, readers=1)
    assert again.read(totals)[0] == 0
    again.close()


def test_time_is_the_database_s_plus_the_offset_in_whole_milliseconds(door, perform, clock_file):
    clock.write_offset(clock_file, timedelta(days=3))
    told = perform(lambda work: work.now())
    assert abs(told - datetime.now(UTC) - timedelta(days=3)) < timedelta(seconds=5)
    assert told.microsecond % 1000 == 0


def test_an_event_bears_the_moment_by_which_its_use_case_decided(door, perform):
    def use_case(work):
        moment = work.now()
        threading.Event().wait(0.01)
        work.record(Whispered(case=CaseId("C-9"), to="x"))
        return moment

    moment = perform(use_case)
    [event] = door.read(lambda session: chain.events(session, "C-9"))
    assert event.at == moment and f'"received_at":"{clock.text(moment)}"'.encode() in event.data


def test_events_are_found_by_kind_and_subject(door, perform):
    def use_case(work):
        for n in range(3):
            work.record(Stepped(case=CaseId("C-1"), token=str(n), value=n, subject=f"s{n}"))

    perform(use_case)
    found = door.read(lambda session: chain.find(session, "C-1", "try.stepped", "s1"))
    assert [event.case_seq for event in found] == [1]
    assert len(door.read(lambda session: chain.find(session, "C-1", "try.stepped"))) == 3


def spoken(case="C-1", kind="try.whispered"):
    signer = Ed25519Signer.from_seed(b"P" * 32)
    payload = statement(
        type=kind, case=case, lot="", round=0, prev="", actor=Speaker("urn:ztb:person:1", "bidder", signer.key.key_id),
        nonce="00" * 16, iat=datetime.now(UTC), ckpt=NOTHING_SEEN, body={"to": "x"},
    )  # fmt: skip
    return sign(payload, signer)


def test_a_person_s_statement_is_stored_as_it_was_signed(door, perform):
    envelope = spoken()
    perform(lambda work: work.record(Whispered(case=CaseId("C-1"), to="x", signed=envelope)))
    [event] = door.read(lambda session: chain.events(session, "C-1"))
    assert event.envelope == envelope


@pytest.mark.parametrize("envelope", [spoken(case="C-2"), spoken(kind="try.stepped")])
def test_a_statement_about_something_else_is_refused(perform, envelope):
    with pytest.raises(BadSignature):
        perform(lambda work: work.record(Whispered(case=CaseId("C-1"), to="x", signed=envelope)))


def test_a_projection_that_fails_is_its_use_case_s_fault_alone(door, held, monkeypatch):
    monkeypatch.setitem(PROJECTIONS, "try.whispered", lambda event: 1 // 0 if event.to == "c2" else [])
    outcomes = together(door, held, lambda work: step(work, "c1", "a"), lambda work: step(work, "c2", "b"))
    assert outcomes[0] == 1 and isinstance(outcomes[1], ZeroDivisionError)


def test_a_body_that_cannot_be_signed_fails_its_own_use_case_after_the_group_is_run_again(door, held, platform_key):
    outcomes = together(
        door,
        held,
        lambda work: step(work, "c1", "a"),
        lambda work: step(work, "c1", "e\u0301"),  # not NFC
        lambda work: step(work, "c1", "c"),
    )
    assert outcomes[0] == 1 and isinstance(outcomes[1], BadSignature) and outcomes[2] == 2
    assert door.read(lambda session: check_chains(session, platform_key.key)) == 4


def test_what_cannot_be_stored_in_the_outbox_fails_its_own_use_case(perform):
    with pytest.raises(TypeError):
        perform(lambda work: work.send("try.topic", "k", {"amount": 1.5}))


def test_a_publisher_that_fails_does_not_unsay_the_commit(engine, platform_key, database):
    Own.metadata.create_all(engine)
    door = Door(engine, platform_key, projections=PROJECTIONS, publish=lambda commit: 1 // 0, readers=1)
    door.perform(SYSTEM_ACTOR, lambda work: insert_new(work.session.connection(), Counter, [{"name": "c1", "value": 0}]))
    assert door.perform(Actor(), lambda work: step(work, "c1", "a")) == 1
    assert door.perform(Actor(), lambda work: step(work, "c1", "b")) == 2
    door.close()


def test_a_row_that_is_not_there_is_not_found(perform):
    with pytest.raises(Exception, match=r"try_counter\.not_found"):
        perform(lambda work: lock(work.session, Counter, Counter.name == "none"))
    assert perform(lambda work: lock(work.session, Counter, Counter.name == "c1", shared=True).value) == 0
