"""The outbox: stored with its transaction, delivered at least once, tried again when it fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.kernel import outbox
from core.kernel.db import database_clock
from core.kernel.errors import RuleBroken
from core.kernel.outbox import Message, Outside


def messages(door):
    return door.read(lambda session: session.execute(select(Message).order_by(Message.id)).scalars().all())


def send(perform, *keys, topic="a"):
    perform(lambda work: [work.send(topic, key, {"key": key}) for key in keys])


def due_again(perform):
    perform(lambda work: work.session.execute(update(Message).values(due_at=database_clock(work.session) - timedelta(seconds=1))))


def test_messages_are_delivered_once_and_in_order(door, perform):
    send(perform, "1", "2", "3")
    got = []
    deliver = lambda: outbox.deliver(door, {"a": lambda work, payload: got.append(payload["key"])})  # noqa: E731
    assert deliver() == 3 and deliver() == 0
    assert got == ["1", "2", "3"]
    assert all(message.done_at is not None for message in messages(door))


def test_the_same_key_is_the_same_message_for_ever(door, perform):
    send(perform, "1", "1")
    outbox.deliver(door, {"a": lambda work, payload: None})
    send(perform, "1")
    send(perform, "1", topic="b")
    assert [(message.topic, message.key) for message in messages(door)] == [("a", "1"), ("b", "1")]


def test_topics_without_a_subscriber_wait(door, perform):
    send(perform, "1", topic="later")
    assert outbox.deliver(door, {"a": lambda work, payload: None}) == 0
    assert messages(door)[0].done_at is None


def test_what_a_subscriber_does_and_the_message_s_end_are_one_transaction(door, perform):
    send(perform, "1")

    def forward_and_fail(work, payload):
        work.send("b", "next", {})
        raise RuleBroken("try.refused")

    assert outbox.deliver(door, {"a": forward_and_fail}) == 0
    [message] = messages(door)
    assert (message.topic, message.attempts, message.done_at) == ("a", 1, None)
    assert "try.refused" in message.last_error
    due_again(perform)
    assert outbox.deliver(door, {"a": lambda work, payload: work.send("b", "next", {})}) == 1
    assert [message.topic for message in messages(door)] == ["a", "b"]


def test_each_failure_is_followed_by_a_longer_pause(door, perform):
    send(perform, "1")
    pauses = []
    for _ in range(12):
        due_again(perform)
        outbox.deliver(door, {"a": lambda work, payload: 1 // 0})
        [message] = messages(door)
        pauses.append(round((message.due_at - door.read(database_clock)).total_seconds()))
    assert pauses[:5] == [1, 2, 4, 8, 16] and pauses[-1] == 300


def test_one_that_fails_does_not_hold_up_the_others(door, perform):
    send(perform, "1", "2", "3")
    got = []

    def handler(work, payload):
        if payload["key"] == "2":
            raise ZeroDivisionError
        got.append(payload["key"])

    assert outbox.deliver(door, {"a": handler}) == 2
    assert got == ["1", "3"]


def test_an_outside_subscriber_runs_without_a_transaction_and_may_open_the_door(door, perform):
    send(perform, "1")

    def run(opened, payload):
        opened.perform(None, lambda work: work.send("b", payload["key"], {}))

    assert outbox.deliver(door, {"a": Outside(run)}) == 1
    assert [message.topic for message in messages(door)] == ["a", "b"]


def test_an_outside_subscriber_that_fails_is_asked_again(door, perform):
    send(perform, "1")
    assert outbox.deliver(door, {"a": Outside(lambda opened, payload: 1 // 0)}) == 0
    [message] = messages(door)
    assert message.attempts == 1 and "ZeroDivisionError" in message.last_error
    due_again(perform)
    assert outbox.deliver(door, {"a": Outside(lambda opened, payload: None)}) == 1


def test_an_outside_delivery_is_leased_to_whoever_runs_it(door, perform):
    send(perform, "1")
    seen = []

    def run(opened, payload):
        seen.append(outbox.deliver(opened, {"a": Outside(run)}))  # another worker looks meanwhile

    assert outbox.deliver(door, {"a": Outside(run)}) == 1
    assert seen == [0]


@pytest.mark.parametrize("count", [250])
def test_a_long_queue_is_emptied_in_one_go(door, perform, count):
    send(perform, *map(str, range(count)))
    assert outbox.deliver(door, {"a": lambda work, payload: None}) == count
