"""Entries that several processes number are told in the order of their numbers, each once, whatever way they come."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as some

from core.kernel.streams import StreamEntry
from core.web.broadcast import Order
from core.web.siblings import Siblings

AT = datetime(2026, 11, 30, tzinfo=UTC)


def entry(seq: int, audience: str = "public") -> StreamEntry:
    return StreamEntry("T2026-000001", audience, seq, "said", AT, {"n": seq})


@given(some.permutations(range(6, 16)), some.lists(some.integers(1, 15), max_size=10))
def test_every_order_of_arrival_becomes_the_order_of_numbers(arriving: list[int], again: list[int]) -> None:
    order = Order()
    order.begin(("T2026-000001", "public"), 5)
    told = [one.seq for seq in [*arriving, *again] for one in order.take(entry(seq))]
    assert told == list(range(6, 16))
    assert not order.waits(("T2026-000001", "public")) and order.last(("T2026-000001", "public")) == 15


def test_what_is_too_early_waits_and_other_streams_do_not() -> None:
    order = Order()
    assert [one.seq for one in order.take(entry(1))] == [1]
    assert order.take(entry(3)) == [] and order.waits(("T2026-000001", "public"))
    assert [one.seq for one in order.take(entry(7, "host"))] == [7]
    assert [one.seq for one in order.take(entry(2))] == [2, 3]


def test_a_stream_that_nobody_listens_to_is_forgotten() -> None:
    order = Order()
    order.take(entry(1))
    order.take(entry(9, "host"))
    order.take(entry(11, "host"))
    order.keep([("T2026-000001", "public")])
    assert order.last(("T2026-000001", "host")) is None and not order.waits(("T2026-000001", "host"))
    assert [one.seq for one in order.take(entry(12, "host"))] == [12]


def test_siblings_hear_each_other_and_nobody_else() -> None:
    heard: list[object] = []
    ours, theirs, strangers = Siblings("", "s" * 32), Siblings("", "s" * 32), Siblings("", "t" * 32)
    theirs.on("entries", heard.append)
    sealed = ours.seal([("entries", ["开标"])])
    assert "开标".encode() not in sealed
    theirs._hear(sealed)
    theirs._hear(strangers.seal([("entries", ["invented"])]))
    theirs._hear(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    theirs._hear(b"")
    theirs._hear(theirs.seal([("entries", ["own"])]))
    assert heard == [["开标"]]
