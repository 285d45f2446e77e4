"""The archive on its pages: a closed case is described, checked, signed, listed, exported, held; centre and supervisor alone see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from python_calamine import CalamineWorkbook

from app.archives import checks
from app.factory import Application
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.archives import AS_HANDED_IN, description, file, hold
from tests.builders.orders import terminate
from tests.builders.trading_web import Browser, application, browser
from tests.builders.whole import DOCUMENT, Whole, whole
from trading.domain.archive import EXCUSABLE, MOVES, ArchiveState, Secrecy, chain_of
from trading.domain.retention import Retention
from trading.web import texts_archives

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def case(door: Door, clock_file: Path, tmp_path: Path, settings: Settings) -> Iterator[Whole]:
    """A case that ended early, and is closed."""
    with whole(door, clock_file, tmp_path, settings) as made:
        terminate(made.hall.tender)
        made.deliver()
        made.close()
        yield made


@pytest.fixture
def app(settings: Settings, door: Door, case: Whole) -> Application:
    """The application with the log, the authority and the files of that case."""
    made = application(settings, door)
    here = made.extensions["gongheng"]
    here.parts.update(case.platform.parts)
    case.hall.files = here.files
    here.files.put(DOCUMENT)
    return made


FORM = {name: value for name, value in description().items() if name != "reasons"} | {"reason.documents_open": AS_HANDED_IN}


def centre_of(app: Application, case: Whole) -> Browser:
    return browser(app, case.hall.tender.centre)


def test_a_case_goes_from_its_page_into_the_list(app: Application, case: Whole) -> None:
    world = case.hall.tender
    centre, supervisor = centre_of(app, case), browser(app, world.supervisor)
    place = f"/archives/{world.case}"
    listed = centre.page("/archives")
    assert "待归档" in listed and "还没有归档案卷" in listed and place in centre.page(f"/projects/{world.case}")
    assert "等待交易中心归档" in supervisor.page(place) and 'method="post" action="/archives' not in supervisor.page(place)
    assert 'method="post" action="/archives' in centre.page(place)
    bad = centre.post(place, data=FORM | {"fonds": "全宗"})
    assert bad.status_code == 422 and "全宗号由" in bad.text and AS_HANDED_IN in bad.text
    assert centre.post(place, data=FORM | {"reason.documents_open": ""}).status_code == 303
    failed = centre.page(place)
    assert "未通过" in failed and 'data-act="case.archive"' not in failed and "上传的文件均可打开" in failed
    assert centre.post(place, data=FORM).status_code == 303
    ready = centre.page(place)
    assert 'data-act="case.archive"' in ready and "J123-ZB·" in ready and AS_HANDED_IN in ready
    assert 'data-act="case.archive"' not in supervisor.page(place)
    answer = centre.get(f"{place}/package.zip")
    assert answer.data[:2] == b"PK" and answer.headers["Content-Length"] == str(len(answer.data))
    file(world)
    shown = supervisor.page("/archives?q=滨江路")
    assert "J123-ZB·" in shown and "待归档" not in shown
    assert "没有找到归档案卷" in supervisor.page("/archives?q=别的")
    assert 'data-act="archive.hold"' in supervisor.page(place) and "已归档" in supervisor.page(place)
    sheet = CalamineWorkbook.from_filelike(BytesIO(supervisor.get("/archives.xlsx").data)).get_sheet_by_index(0).to_python()
    assert len(sheet) == 2 and sheet[0][0] == "档号" and sheet[1][2] == world.case


def test_holds_are_placed_and_lifted_over_the_api_by_who_may(app: Application, case: Whole) -> None:
    world = case.hall.tender
    centre, supervisor = centre_of(app, case), browser(app, world.supervisor)
    place, api = f"/archives/{world.case}", f"/api/v1/cases/{world.case}/archive"
    assert centre.post(place, data=FORM).status_code == 303
    file(world)
    placed = hold(world, world.supervisor)
    assert "封存中" in centre.page(place) and 'data-act="archive.lift"' not in centre.page(f"{place}?lift={placed}")
    assert 'data-act="archive.lift"' in supervisor.page(f"{place}?lift={placed}")
    body = {"hold": placed, "document": "一号", "reason": "结束"}
    refused = centre.act(f"{api}/lifts", world.centre.act("archive.lift", chain_of(world.case), body=body, step_up=True))
    assert refused.status_code == 422 and refused.get_json()["code"] == "archive.hold_of_supervisor"
    done = supervisor.act(f"{api}/lifts", world.supervisor.act("archive.lift", chain_of(world.case), body=body, step_up=True))
    assert done.get_json()["holds"] == 0 and "已解除" in centre.page(place)
    rubbish = supervisor.act(f"{api}/holds", world.supervisor.act("archive.hold", chain_of(world.case), body={"x": 1}, step_up=True))
    assert rubbish.status_code == 422


def test_nobody_else_sees_the_archive_or_does_anything_to_it(app: Application, case: Whole) -> None:
    world = case.hall.tender
    place = f"/archives/{world.case}"
    for person in (world.tenderer, world.agency, world.bidders[0], None):
        who = browser(app, person)
        for address in ("/archives", "/archives.xlsx", place, f"{place}/package.zip"):
            assert who.get(address).status_code in (302, 303, 401, 403, 404), (person, address)
        assert who.post(place, data=FORM).status_code in (302, 303, 401, 403, 404)
    supervisor = browser(app, world.supervisor)
    assert supervisor.post(place, data=FORM).status_code == 403
    for address in (f"{place}/package.zip", "/archives/T2026-999999", "/archives/rubbish"):
        assert supervisor.get(address).status_code in (400, 404, 422)
    assert supervisor.get("/archives?year=rubbish").status_code == 422


def test_every_state_check_and_refusal_of_the_archive_has_its_words_in_both_languages() -> None:
    assert texts_archives.STATES.keys() == set(ArchiveState)
    assert texts_archives.RETENTIONS.keys() == set(Retention) and texts_archives.SECRECIES.keys() == set(Secrecy)
    assert set(EXCUSABLE) < texts_archives.CHECKS.keys()
    source = Path(checks.__file__).read_text()
    named = set(re.findall(r'Check\("([a-z_]+)"', source)) | {*checks._AUTHENTIC, *checks._WHOLE}
    assert named == texts_archives.CHECKS.keys()
    for row in MOVES:
        for refusal in ("not_allowed", "wrong_state"):
            assert f"{MOVES.name}.{row.action.value}.{refusal}" in texts_archives.SENTENCES
    english = {str(one.id) for path in ROOT.glob("*/translations/en*.po") for one in read_po(path.open("rb"), locale="en") if one.string}
    written = [Path(texts_archives.__file__), *(ROOT / "app" / "templates" / "archives").glob("*.html")]
    said = [words for path in written for words in re.findall(r"_l?\([\"']((?:[^\"'\\]|\\.)*)[\"']", path.read_text(encoding="utf-8"))]
    assert [words for words in said if words not in english] == []
