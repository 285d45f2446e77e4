"""A member calls the host, and the host comes."""

from __future__ import annotations

from evaluation.services import host_calls
from tests.builders.evaluation import Room
from tests.builders.people import Person


def call_host(room: Room, who: Person) -> int:
    """Calls, and is seen to; returns the call's number."""
    made = room.perform(who, lambda work: host_calls.call(work, room.number))
    room.perform(room.tender.centre, lambda work: host_calls.answer(work, room.number, made["no"]))
    return int(made["no"])
