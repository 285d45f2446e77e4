"""A drill in a browser: begun by a form and a signature, a fault injected and lifted, ended; every page in both sizes and languages."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel.files import FileStore
from core.settings import Settings
from evaluation.domain.seat_health import Why
from evaluation.services import seating
from tests.browser.stage import Stage, staged
from tests.browser.test_archive_look import SHOTS, look
from tests.builders import drills
from tests.builders.drills import begin, typeset_bids
from tests.builders.evaluation import HOST, OpenedBids, Room
from tests.builders.halting import fault, repair

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as one:
        yield one


def test_a_drill_is_begun_played_and_ended(stage: Stage) -> None:
    room = Room(stage.tender, OpenedBids())
    room.tender.join_bidders(1)
    room.fill_pool(7)
    host = stage.come(stage.tender.centre, device=True)
    wrong = look(host, "drills-0-empty", "/drills")
    said = drills.body(room)
    host.go("/drills")
    host.page.locator("#f-title").fill(str(said["title"]))
    host.page.locator("#f-tenderer").fill(str(said["tenderer"]))
    host.page.locator(f'[name="seats.{HOST}"]').fill("2")
    host.page.locator("#f-experts").fill("\n".join(drills.numbers(room)[:3]))
    host.page.get_by_role("button", name="下一步：核对并签名").click()
    host.sign("签名并开始演练")
    host.see("还没有注入故障")
    assert host.page.url.endswith("-1/drill")
    drill = begin(room).all_here()
    page = f"/lots/{drill.number}"
    host.go(f"{page}/drill")
    host.page.locator("#f-fault").select_option("seat_silent")
    host.page.locator("#f-seat").select_option("2")
    host.sign("签名注入")
    host.see("进行中")
    drill.perform_as_clock(lambda work: seating.note_left(work, drill.number, "2", Why.SILENT))
    drill.inject("down_during", site=HOST)
    fault(drill, site=HOST)
    wrong += look(host, "drills-1-one", f"{page}/drill") + look(host, "drills-2-halts", f"{page}/evaluation/halts")
    wrong += look(host, "drills-3-seating", f"{page}/evaluation/seating") + look(host, "drills-4-list", "/drills")
    wrong += look(host, "drills-5-room", f"{page}/evaluation")
    assert wrong == []


def test_its_committee_scores_and_the_report_is_printed(stage: Stage, tmp_path: Path) -> None:
    room = Room(stage.tender, OpenedBids())
    room.tender.join_bidders(1)
    room.fill_pool(7)
    drill = begin(room, papers=typeset_bids(stage.recorder.app.extensions["gongheng"].files)).reviewing()
    page = f"/lots/{drill.number}"
    host, member = stage.come(stage.tender.centre, device=True), stage.come(drill.members[0], device=True)
    wrong = look(member, "drills-6-review", f"{page}/evaluation/review")
    wrong += look(member, "drills-6b-paper", f"{page}/evaluation/bids/{drill.codes[0]}")
    drill.reviewed()
    wrong += look(member, "drills-7-room", f"{page}/evaluation") + look(member, "drills-7b-sheet", f"{page}/evaluation/sheet")
    wrong += look(member, "drills-7c-desk", f"{page}/evaluation/bids/{drill.codes[1]}")
    drill.submit(drill.members[0])
    drill.inject("down_during", site=HOST)
    repair(drill, fault(drill, site=HOST))
    drill.inject("seat_silent", seat="2")
    drill.perform_as_clock(lambda work: seating.note_left(work, drill.number, "2", Why.SILENT))
    for who in drill.members[1:]:
        drill.submit(who)
    drill.open_map()
    drill.typeset(FileStore(tmp_path / "files"))
    drill.end()
    wrong += look(host, "drills-8-report", f"{page}/drill")
    assert wrong == []
    shown = {
        "zh": ("演练报告", "评审中场地故障", "工位失联", "技术评分锁定", "演练投标人乙", "处置及时"),
        "en": ("Invented bidder", "Seat silent"),
    }
    for lang, words in shown.items():
        host.page.goto(f"{host.url}{page}/drill?lang={lang}")
        paper = SHOTS / f"drills-9-printed-{lang}.pdf"
        host.page.pdf(path=paper, format="A4", print_background=True)
        command = ["pdftotext", "-layout", str(paper), "-"]  # poppler, from Debian
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert all(word in told for word in words) and "drill.inject" not in told, told
