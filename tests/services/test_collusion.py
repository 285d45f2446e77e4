"""Opened bids are compared once; cards are kept, logged by their digests, and decided by signed statements; on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.kernel import jcs, streams
from core.kernel.signing import read_statement
from core.kernel.work import Door
from evaluation.services import collusion
from tests.builders import rigged
from tests.builders.bids import Hall, hall
from tests.builders.evaluation import TWO_STAGES
from tests.builders.trading import tender
from trading.domain.collusion.card import Signal, digest
from trading.queries import collusion as queries
from trading.services.comparison import Comparison


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    made = hall(tender(door, clock_file), tmp_path, method=TWO_STAGES)
    made.tender.join_bidders(4)
    return rigged.seal_rigged(made)


def decide(room: Hall, who, ref: str, decision: str = "confirm", note: str = "两份文件同一处管线描述相同，投标人未能说明来源。"):
    request = who.act(
        "collusion.decide", room.tender.case, room.tender.no, body={"card": ref, "decision": decision, "note": note}, step_up=True
    )
    return room.perform(who, lambda work: collusion.decide(work, room.number, request))


def due(room: Hall):
    return room.tender.door.read(lambda session: queries.due(session, room.tender.now))


def test_bids_are_compared_once_when_their_files_were_read_logged_by_digest_and_told_to_the_supervisor_alone(room: Hall) -> None:
    assert due(room) == [] and rigged.cards(room) == ()
    room.decrypting(*room.tender.bidders[:4])
    for bidder in room.tender.bidders[:4]:
        room.release(bidder)
    assert due(room) == []
    room.batch()
    assert due(room) == []  # the files are not read yet
    room.deliver()
    assert due(room) == [room.opening_id()]
    rigged.deliver(room)
    found = rigged.cards(room)
    assert {card.signal for card in found} == {Signal.MACHINE_CODE, Signal.SAME_CONTACT, Signal.SIMILAR_TEXT}
    a, b, *_ = room.tender.bidders
    assert all(set(card.bidders) == {str(a.org), str(b.org)} for card in found)
    assert due(room) == [] and rigged.cards(room) == found
    Comparison(room.files).run(room.tender.door, {"opening_id": str(room.opening_id())})  # twice changes nothing
    _check_is_logged(room)
    decide(room, room.tender.supervisor, found[0].ref, "clarify")
    _supervisor_alone_has_heard(room)


def _check_is_logged(room: Hall) -> None:
    [event] = room.find("collusion.check")
    body = read_statement(event.envelope.payload).body
    assert body["method"] == "gongheng/collusion/1" and set(body["tools"]) == {"numpy", "pypdfium2", "rapidfuzz", "parser"}
    assert {row["ref"]: row["sha256"] for row in body["cards"]} == {card.ref: card.sha256 for card in rigged.cards(room)}
    assert [file["read"] for bid in body["looked_at"] for file in bid["files"]] == [True] * 4
    kept = room.tender.door.read(lambda session: queries.contents(session, [room.tender.lot.id]))
    assert all(digest(content) == sha and jcs.canonical(json.loads(content)) == content for sha, content in kept.items())


def _supervisor_alone_has_heard(room: Hall) -> None:
    def heard(audience: str) -> list[str]:
        entries = room.tender.door.read(lambda session: streams.since(session, room.tender.case, audience, 0))
        return [entry.kind for entry in entries if entry.kind.startswith("collusion")]

    assert heard("supervisor") == ["collusion.check", "collusion.decide"]
    bidders = [f"bidder:{bidder.org}" for bidder in room.tender.bidders]
    assert not any(heard(audience) for audience in ("public", "host", "tenderer", "committee", *bidders))
