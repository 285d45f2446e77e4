"""Read-out, objections on the spot, and the record that people sign; on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel import jcs
from core.kernel.encoding import sha256
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale, WrongState
from core.kernel.parsing.parse import parse
from core.kernel.roles import Role
from tests.builders.bids import Hall
from tests.services.openings.steps import recorded, refused
from trading.domain.opening import OpeningState
from trading.queries import opened, openings, openings_due
from trading.services import halls, records

pytestmark = pytest.mark.sqlite_alone


@pytest.mark.on_both
def test_objections_are_raised_and_answered_on_the_spot_and_stand_in_the_record(read: Hall) -> None:
    a, b, c, _ = read.tender.bidders
    read.read_out()
    assert read.act(halls.object_to, a, "opening.objection", {"text": "工期唱错"}) == {"number": 1}
    refused("opening.objection.absent", NotAllowed, lambda: read.act(halls.object_to, c, "opening.objection", {"text": "我没来"}))
    read.tender.jump(read.until("objection_until"))
    refused("opening.objection.late", RuleBroken, lambda: read.act(halls.object_to, b, "opening.objection", {"text": "晚了"}))
    refused("opening.record.unanswered", RuleBroken, read.draw_up)
    answer: dict[str, Any] = {"number": 1, "text": "已更正为 540 日历天"}
    refused(
        "opening.objection.not_found",
        NotFound,
        lambda: read.act(halls.answer, read.tender.agency, "opening.answer", answer | {"number": 2}),
    )
    read.act(halls.answer, read.tender.agency, "opening.answer", answer)
    refused("opening.objection.answered", RuleBroken, lambda: read.act(halls.answer, read.tender.centre, "opening.answer", answer))
    refused("opening.answer.not_allowed", NotAllowed, lambda: read.act(halls.answer, b, "opening.answer", answer))
    assert read.draw_up() is OpeningState.RECORD_SIGNING
    record = _record(read)
    assert [(o["text"], o["answer"]) for o in record["objections"]] == [("工期唱错", "已更正为 540 日历天")]


def _record(room: Hall) -> dict[str, Any]:
    written = room.tender.door.read(lambda session: openings.record(session, room.number))
    assert sha256(written).hex() == room.view(None).record_sha256
    found: dict[str, Any] = jcs.parse_object(written)
    return found


def test_the_record_says_who_came_who_rescued_and_how_long_the_platform_held_the_keys(read: Hall) -> None:
    record = _record(recorded(read))
    _, _, c, _ = read.tender.bidders
    bids = {bid["name"]: bid for bid in record["bidders"]}
    assert bids[c.org_name]["method"] == "escrow" and bids[c.org_name]["signed_in"] is False
    assert [share["office"] for share in bids[c.org_name]["offices"]] == ["centre", "tenderer"]
    assert len(record["custody"]) == 3
    for held in record["custody"]:
        assert held["held_from"] < held["held_until"] == record["opened_at"]


@pytest.mark.on_both
def test_the_record_is_typeset_once_and_names_its_paper(read: Hall) -> None:
    record = _record(recorded(read))
    paper = read.files.read(record["pdf_sha256"])
    assert paper.startswith(b"%PDF-") and read.tender.door.read(lambda s: openings.record_pdf(s, read.number)) == record["pdf_sha256"]
    found = parse(read.files.path(record["pdf_sha256"]), "record.pdf")
    text = "".join("".join(found.pages).split())
    assert all(bidder.org_name in text for bidder in read.tender.bidders[:3])
    assert "两家机构救援" in text and found.oddities == ()
    before = read.view(None).record_sha256
    opening = read.opening_id()
    read.perform(None, lambda work: records.fix(work, opening, "ab" * 32))
    records.Typesetting(read.files).run(read.tender.door, {"opening_id": str(read.opening_id())})
    assert read.view(None).record_sha256 == before and len(read.find("opening.record")) == 1


def test_until_the_paper_stands_there_is_nothing_to_sign(read: Hall) -> None:
    read.read_out()
    read.tender.jump(read.until("objection_until"))
    read.tender.step(records.draw_up_record, 0)
    assert read.view(None).state is OpeningState.OBJECTION_WINDOW
    refused("opening.not_found", NotFound, lambda: read.tender.door.read(lambda session: openings.record(session, read.number)))
    assert read.tender.door.read(lambda session: openings_due.records(session, read.tender.now)) == []
    read.deliver()
    assert read.view(None).state is OpeningState.RECORD_SIGNING


def test_the_host_must_sign_the_record_and_others_may(read: Hall) -> None:
    recorded(read)
    a, centre = read.tender.bidders[0], read.tender.centre
    body = {"record_sha256": read.view(None).record_sha256}
    kind = "opening.record.sign"
    refused("opening.close.unsigned", WrongState, lambda: read.act(halls.close, centre, "opening.close", body, step_up=True))
    refused("act.step_up", NotAllowed, lambda: read.act(halls.sign_record, centre, kind, body))
    refused("opening.record.other", Stale, lambda: read.act(halls.sign_record, a, kind, {"record_sha256": "00" * 32}))
    read.act(halls.sign_record, a, kind, body)
    refused("opening.record.signed_already", WrongState, lambda: read.act(halls.sign_record, a, kind, body))
    read.act(halls.sign_record, read.tender.supervisor, kind, body)
    read.act(halls.sign_record, centre, kind, body, step_up=True)
    refused("opening.sign_record.not_allowed", NotAllowed, lambda: read.act(halls.sign_record, read.tender.agency, kind, body))
    assert [signature.role for signature in read.view(None).signatures] == [Role.BIDDER, Role.SUPERVISOR, Role.CENTRE]
    lot = read.tender.lot.id
    assert not read.tender.door.read(lambda session: opened.is_closed(session, lot))
    assert read.act(halls.close, centre, "opening.close", body, step_up=True)["state"] == "closed"
    assert read.tender.door.read(lambda session: opened.is_closed(session, lot))


def test_the_host_reads_out_exactly_what_was_opened(read: Hall) -> None:
    refused(
        "opening.read_out.other",
        Stale,
        lambda: read.act(halls.finish_read_out, read.tender.centre, "opening.read_out", {"opened": []}),
    )
    assert read.read_out()["state"] == "objection_window"
    now = read.until("objection_until")
    lot = read.tender.lot.id
    assert read.tender.door.read(lambda session: openings_due.records(session, now)) == [(lot, 0)]
