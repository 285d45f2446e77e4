"""Pages of an evaluation that stands still: the host reports and repairs, the tenderer decides, a supervisor reads, others see nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.factory import Application
from tests.builders.evaluation import Room
from tests.builders.halting import decide, fault, night, open_up, repair
from tests.builders.stages import READY, SCORING
from tests.builders.supervising import begin_view
from tests.builders.trading_web import browser

pytestmark = pytest.mark.begins(SCORING)


def test_the_host_reports_repairs_seals_and_opens_and_a_supervisor_reads(open_app: Application, room: Room) -> None:
    host, supervisor, member = (browser(open_app, who) for who in (room.tender.centre, room.tender.supervisor, room.members[0]))
    page = f"/lots/{room.number}/evaluation/halts"
    assert "没有停评" in host.page(page) and "halt.fault" in host.page(page) and "halt.night" in host.page(page)
    one = fault(room, site="主场 临江市")
    shown = host.page(page)
    assert "评审中故障" in shown and "halt.repair" in shown and "halt.fault" not in shown
    begin_view(room)
    assert "评审中故障" in supervisor.page(page) and "halt.repair" not in supervisor.page(page)
    assert "评审已暂停" in member.page(f"/lots/{room.number}/evaluation") and member.get(page).status_code == 403
    repair(room, one)
    two = night(room)
    assert "过夜封存" in host.page(page) and "halt.open" in host.page(page)
    open_up(room, two)
    assert "已启封" in host.page(page) and host.get(f"{page}?lang=en").status_code == 200
    told = host.get(f"/api/v1{page}").get_json()["halts"]
    assert [row["state"] for row in told] == ["opened", "repaired"] and "halts" in host.page(f"/lots/{room.number}/evaluation")


@pytest.mark.begins(READY)
def test_the_tenderer_decides_after_two_hours(open_app: Application, room: Room) -> None:
    room.formed()
    one = fault(room, phase="before")
    tenderer, page = browser(open_app, room.tender.tenderer), f"/lots/{room.number}/evaluation/halts"
    assert "halt.decide" not in tenderer.page(page) and "开始前故障" in tenderer.page(page)
    room.tender.jump(room.tender.now + timedelta(hours=2, minutes=1))
    tenderer = browser(open_app, room.tender.tenderer)
    assert tenderer.page(page).count("halt.decide") == 2
    decide(room, one, go_on=False)
    assert "待另组委员会" in tenderer.page(page) and "逐席更换" in tenderer.page(page)
    draw = f"/lots/{room.number}/draw"
    shown = browser(open_app, room.tender.centre).page(draw)
    assert "须另组评标委员会" in shown and "拟定抽取申请" in shown and "再次抽取的原因" in shown
    assert "须另组评标委员会" in tenderer.page(draw) and "拟定抽取申请" not in tenderer.page(draw)
    assert "a new committee is due" in browser(open_app, room.tender.centre).page(f"{draw}?lang=en")


@pytest.mark.begins(READY)
def test_a_seat_that_nobody_can_take_is_offered_to_the_host_alone(open_app: Application, room: Room) -> None:
    room.scoring()
    page = f"/lots/{room.number}/evaluation/halts"
    assert "halt.vacancy" not in browser(open_app, room.tender.centre).page(page)
    for code in range(1, 8):
        if "halt.vacancy" not in browser(open_app, room.tender.centre).page(page):
            room.replace(room.tender.centre, str(code), "health", "突发疾病")
            room.sign_in(room.members[code - 1])
    host = browser(open_app, room.tender.centre)
    assert "席位无人递补" in host.page(page) and "A seat that nobody can take" in host.page(f"{page}?lang=en")
    assert "halt.vacancy" not in browser(open_app, room.tender.tenderer).page(page)
