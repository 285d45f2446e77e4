"""The report: typeset outside the door, the same bytes every time, its digest fixed once."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel import outbox
from core.kernel.files import FileStore
from core.kernel.parsing.parse import parse
from core.kernel.work import Door
from evaluation import gateway, jobs
from evaluation.domain.room import State
from evaluation.queries import rooms
from evaluation.queries.report import report_data
from tests.builders.evaluation import Room
from tests.builders.stages import READY, SUMMARISED

pytestmark = pytest.mark.begins(READY)


@pytest.mark.begins(SUMMARISED)
def test_the_report_is_rendered_by_the_outbox_and_its_digest_is_fixed(room: Room, door: Door, tmp_path: Path) -> None:
    files = FileStore(tmp_path / "files")
    topics = {name: one for name, one in jobs.topics(files).items() if name == "report.due"}
    assert outbox.deliver(door, topics) == 1
    view = room.view(room.tender.supervisor)
    assert view.state is State.SIGNING
    assert files.read(view.report_sha256).startswith(b"%PDF-")


@pytest.mark.begins(SUMMARISED)
def test_two_renderings_give_the_same_bytes(room: Room, door: Door) -> None:
    row = door.read(lambda session: rooms.evaluation_id(session, room.tender.lot_id))
    assert row is not None
    data = door.read(lambda session: report_data(session, row))
    first, second = (gateway.render_report(data.fields, data.at) for _ in range(2))
    assert first == second


@pytest.mark.begins(SUMMARISED)
def test_the_report_names_the_provincial_pool_that_drew(room: Room, door: Door, tmp_path: Path) -> None:
    row = door.read(lambda session: rooms.evaluation_id(session, room.tender.lot_id))
    assert row is not None
    data = door.read(lambda session: report_data(session, row))
    assert data.fields["drawn_by"] == ""  # our own draw
    for partner in ("", "江北省综合评标专家库"):
        paper = tmp_path / "report.pdf"
        paper.write_bytes(gateway.render_report(data.fields | {"drawn_by": partner}, data.at))
        text = "".join("".join(parse(paper, "report.pdf").pages).split())
        assert f"由{partner}随机抽取，其签名回复已存证（抽取编号" in text if partner else "组成，随机抽取（抽取编号" in text


@pytest.mark.begins(SUMMARISED)
def test_a_report_that_is_drafted_is_not_rendered_again(room: Room, door: Door, tmp_path: Path) -> None:
    room.draft_report()
    row = door.read(lambda session: rooms.evaluation_id(session, room.tender.lot_id))
    assert row is not None
    jobs.render(door, FileStore(tmp_path / "files"), row)
    assert room.view(room.tender.supervisor).report_sha256 == "5e" * 32
