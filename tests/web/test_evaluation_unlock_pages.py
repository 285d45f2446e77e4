"""Pages and API of reopened sheets, answers to findings, and reports that somebody does not sign: who acts, who only counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.kernel import clock
from core.settings import Settings
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import tender
from tests.builders.unlocking import ask, requests
from tests.web.evaluation_world import Client

RULES = {"criteria": [{"id": "credit", "mode": "range", "title": "信用等级", "objective": True}]}


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


def test_a_member_asks_host_and_chair_decide_the_supervisor_counts_and_a_silent_member_is_noted(
    app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch))
    room.ready(4, method="RANK_ONE", score_rules=RULES).scoring()
    here, api = f"/lots/{room.number}/evaluation", f"/lots/{room.number}/evaluation"
    chair, second, third, *others = room.members
    centre, supervisor = room.tender.centre, room.tender.supervisor

    def text(who: Any, path: str = here, lang: str = "zh") -> str:
        answer = Client(app, who).page(path, lang)
        assert answer.status_code == 200, path
        return str(answer.get_data(as_text=True))

    room.submit(second)
    assert "申请重新填写技术评分" in text(second) and "申请解锁评分" not in text(third)
    asked = {"sheet_sha256": requests(room, second).own["technical"], "reason": "应为12分"}
    client = Client(app, second)
    assert client.sign(second, room, f"{api}/unlocks", "sheet.unlock.ask", asked, step_up=True).get_json()["code"] == "unlock.ask.figures"
    request = ask(room, second, "看错了附图")
    for who in (chair, centre):
        assert "看错了附图" in text(who) and "请您决定" in text(who)
    assert "For you to decide" in text(centre, lang="en")
    assert "看错了附图" not in text(third) + text(supervisor) and "请您决定" not in text(third)
    assert "专家2 1 次" in text(supervisor, f"/lots/{room.number}/supervision")
    said = {"request_sha256": request, "granted": True, "reason": ""}
    for who in (centre, chair):
        answer = Client(app, who).sign(who, room, f"{api}/unlock-decisions", "sheet.unlock.decide", said, step_up=True)
        assert answer.status_code == 200, answer.get_data(as_text=True)
    assert "打开工位" in text(second) and "已同意，重新评分" in text(second)
    for who in (chair, second, third, *others):
        sheet = room.sheet()
        sheet[0]["scores"]["credit"] = "2" if who is third else "4"
        room.submit(who, sheet)
    room.open_map()
    for place, org in enumerate(room.opened.asked):
        room.opened.price(org, f"{130 + place}000000.00")
    room.prices_in()
    assert "您的客观分与其他成员不一致" in text(third) and "客观分与其他成员不一致" not in text(second)
    assert "Sign the answer" in text(third, f"{here}/result", "en") and "签名处理" not in text(supervisor, f"{here}/result")
    answered = {"bid": room.codes[0], "criterion": "credit", "score": "", "reason": "证书已失效", "ticks": {}}
    answer = Client(app, third).sign(third, room, f"{api}/finding-answers", "finding.answer", answered, step_up=True)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert "证书已失效" in text(supervisor, f"{here}/result") and "维持原评分" in text(second, f"{here}/result")
    assert "证书已失效" not in text(centre, f"{here}/result")
    room.draft_report()
    report = room.view(centre).to_note
    for who in (chair, second, third, *others[:-1]):
        assert "有成员不签署" not in text(chair, f"{here}/report") or who is not chair
        room.sign_report(who)
    assert "有成员不签署" in text(chair, f"{here}/report") and "有成员不签署" not in text(second, f"{here}/report")
    until = room.tender.now + timedelta(hours=1)
    deadline = {"report_sha256": report, "until": clock.text(until)}
    answer = Client(app, chair).sign(chair, room, f"{api}/report/deadline", "report.deadline", deadline, step_up=True)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert "期满后，请在此记录没有签署的成员。" in text(centre) and "前签署评标报告。" in text(others[-1], f"{here}/report")
    room.tender.jump(until)
    assert "未签署：专家7" in text(centre) and "未签署：专家6" not in text(centre)
    noted = {"report_sha256": report, "seat": "7", "dissent": ""}
    answer = Client(app, centre).sign(centre, room, f"{api}/report/refusals", "report.refusal", noted, step_up=True)
    assert answer.get_json() == {"state": "submitted"}
    assert "未签署，视为同意" in text(room.tender.tenderer, f"{here}/report")
    rows = Client(app, supervisor).get(f"{api}/report").get_json()["signatures"]
    assert [one["refused"] for one in rows] == [False] * 6 + [True]
