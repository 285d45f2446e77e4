"""Whom the gateway rings: the number that the pool keeps under seal, else that of the expert's account."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.identity.gateway.channels import ChannelDown, Letter
from evaluation import jobs_calls
from evaluation.domain.secret import SecretKind, about
from evaluation.queries import calls as queries
from evaluation.services import consents
from tests.builders.evaluation import Room
from tests.services.test_calls import RUNG, VAULT, Telephone, rows, ways


class Messages:
    """A way of short messages that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, address: str, letter: Letter) -> None:
        self.sent.append((address, letter.text))


@pytest.mark.begins(RUNG)
def test_the_number_that_the_pool_keeps_under_seal_is_rung_and_written_to(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "mobile_number", lambda session, person: "13800000000")
    telephone, messages, keeper = Telephone(), Messages(), room.tender.centre
    outside = replace(ways(telephone), sms=messages)
    first, second, *_ = rows(room).values()
    number = room.tender.door.read(lambda session: queries.outgoing(session, first.id).expert)
    sealed = VAULT.seal("13911112222", about(number, SecretKind.PHONE))
    room.perform(keeper, lambda work: consents.keep(work, number, {SecretKind.PHONE: sealed}))
    jobs_calls.carry(room.tender.door, first.id, outside)
    assert [call.to for call in telephone.rung] == ["13911112222"] == [to for to, _ in messages.sent]
    jobs_calls.carry(room.tender.door, second.id, outside)
    assert telephone.rung[-1].to == "13800000000"  # of whom the pool keeps no number
    other = room.tender.door.read(lambda session: queries.outgoing(session, second.id).expert)
    stray = VAULT.seal("13911112222", about(number, SecretKind.PHONE))
    room.perform(keeper, lambda work: consents.keep(work, other, {SecretKind.PHONE: stray}))
    with pytest.raises(ChannelDown):
        jobs_calls.carry(room.tender.door, second.id, outside)
