"""Pages and API of draw, room and award: they render for whom they should, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.settings import Settings
from evaluation import jobs
from evaluation.queries import rooms
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.provincial import NAME, Province
from tests.builders.trading import tender
from tests.web.evaluation_world import Client


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


@pytest.fixture
def room(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch)).ready()


def shows(client: Client, path: str, *words: str) -> None:
    answer = client.page(path)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200, text[:2000]
    for word in words:
        assert word in text, (path, word)


def shows_422(client: Client, path: str, fields: dict[str, Any], words: str) -> None:
    answer = client.submit(path, fields)
    assert answer.status_code == 422 and words in answer.get_data(as_text=True)


def test_a_provincial_pool_is_asked_and_its_reply_is_shown_before_the_centre_signs(room: Room, app: Any) -> None:
    lot, centre, province = f"/lots/{room.number}/draw", Client(app, room.tender.centre), Province.make(room)
    shows(centre, lot, "由谁抽取", NAME)
    province.asked()
    shows(centre, lot, "此处无法复算", "尚未收到签名回复", "下载函件")
    path = f"/api/v1/lots/{room.number}/draws/{room.draw}"
    assert centre.client.get(f"{path}/letter").data == province.letter
    assert Client(app, room.tender.supervisor).client.get(f"{path}/letter").status_code == 403
    file = province.office.file("reply", province.said())

    def look(who: Client, content: bytes) -> Any:
        return who.submit(f"{lot}/reply", {"reply": (BytesIO(content), "reply.json")})

    for wrong in (b"", b"{}", b"[1", b"x" * (2**20 + 1)):
        assert "专家库回复的格式不符" in look(centre, wrong).get_data(as_text=True) or look(centre, wrong).status_code == 422
    shown = look(centre, json.dumps(file).encode()).get_data(as_text=True)
    assert "签名并提交回复" in shown and "S-0001" in shown
    assert look(Client(app, room.tender.tenderer), json.dumps(file).encode()).status_code == 403
    province.hand_in(file)
    shows(centre, lot, NAME, "签名回复", "由江北省综合评标专家库抽取，此处无法复算")
    public = Client(app)
    shows(public, lot, "由江北省综合评标专家库抽取")
    assert public.client.get(f"{path}/record").status_code == 409
    assert public.client.get(f"/lots/{room.number}/draws/{room.draw}/steps").status_code == 409


def test_the_draw_page_leads_the_centre_from_the_form_to_the_committee(room: Room, app: Any) -> None:
    lot, centre = f"/lots/{room.number}", Client(app, room.tender.centre)
    shows(centre, f"{lot}/draw", "拟定抽取申请", "civil", "主场 临江市")
    fields = {
        "quota.civil": "5",
        "quota.cost": "2",
        "org_cap": "1",
        "seats.主场 临江市": "3",
        "seats.副场A 云川市": "2",
        "seats.副场B 宁溪市": "2",
        "assemble_at": (room.tender.now + timedelta(hours=11)).strftime("%Y-%m-%dT%H:%M"),
        "window": "30",
    }
    mix = {"region.0.stratum": "civil", "region.0.region": "临江市", "region.0.rule": "most", "region.0.count": "5"}
    shows_422(centre, f"{lot}/draw", fields | mix, "“临江市至多”的人数应少于该专业人数")
    shows_422(centre, f"{lot}/draw", fields | {"assemble_at": "明天"}, "请填写有效的集合时间")
    assert centre.submit(f"{lot}/draw", fields).status_code == 303
    shows(centre, f"{lot}/draw", "待签名的抽取申请", "签名并发起抽取")
    assert centre.submit(f"{lot}/draw", fields | {"quota.cost": "x"}).status_code == 422
    room.drawn()
    shows(Client(app), f"{lot}/draws/{room.draw}/steps", "抽取复算", "一、三方的承诺与数值", "应回避", "候补", "单位化名")
    shows(centre, f"{lot}/draw", "下载抽取记录", "0 / 7 人已确认", "登记专家不能参加", "各场地确认情况")
    assert "通知记录" not in Client(app).page(f"{lot}/draw").get_data(as_text=True)
    called = Client(app, room.called[0])
    shows(called, "/me/calls", "等待答复", "签名确认参加", "CALL-")
    shown = called.page("/me/calls").get_data(as_text=True)
    assert room.number not in shown and room.case not in shown and room.tender.lot.title not in shown
    assert room.case not in str(called.get("/me/calls").get_json())
    shows(Client(app, room.experts[0]), "/me/calls", "目前没有评标通知")
    shows_422(centre, f"{lot}/draw", fields, "再次抽取必须选择原因")
    shows(Client(app, room.tender.supervisor), f"{lot}/draw", "未说明理由即要求再次抽取")
    shows(Client(app, room.tender.supervisor), "/supervision", "未说明理由即要求再次抽取")
    assert "未说明理由" not in centre.page(f"{lot}/draw").get_data(as_text=True)
    room.all_answer()
    shows(centre, f"{lot}/draw", "7 / 7 人已确认", "组成评标委员会")
    shows(Client(app), f"{lot}/draw", "抽取结果")
    record = Client(app).get(f"{lot}/draws/{room.draw}/record")
    assert record.status_code == 200 and set(record.get_json()) == {"case", "draw", "request", "commits", "reveals", "recused_later"}
    assert centre.submit(f"{lot}/draw/committee", {"draw": room.draw}).status_code == 303
    shows(centre, f"{lot}/evaluation", "席位与进度", "专家7")


def test_every_page_of_the_room_renders_in_its_turn(room: Room, app: Any) -> None:
    room.formed()
    lot, one = f"/lots/{room.number}", room.members[2]
    expert, watcher = Client(app, one), Client(app, room.tender.supervisor)
    shows(expert, "/evaluations", "进入评标室")
    shows(expert, f"{lot}/evaluation", "签名并签到")
    for who in room.members:
        room.sign_in(who)
    shows(expert, f"{lot}/evaluation", "我推选")
    for who in room.members:
        room.vote_chair(who, "1")
    shows(expert, f"{lot}/evaluation", "签名声明")
    for who in room.members:
        room.declare(who)
    code = room.codes[0]
    shows(expert, f"{lot}/evaluation/review", "签名并提交初步评审", f"{lot}/evaluation/bids/{code}")
    shows(expert, f"{lot}/evaluation/bids/{code}", "评分还没有开始", "施工组织设计.pdf", "招标文件")
    assert expert.page(f"{lot}/evaluation/bids/T-00").status_code == 404
    for who in room.members:
        room.review(who)
    shows(expert, f"{lot}/evaluation/bids/{code}", "独立打分", "施工组织设计.pdf", "换项")
    shows(expert, f"{lot}/evaluation/sheet", "还有 30 项没有评分")
    shows(watcher, f"{lot}/supervision", "分值保密")
    shows(watcher, "/supervision", "进入监督")
    for who in room.members:
        room.submit(who)
    shows(expert, f"{lot}/evaluation/sheet", "您的评分已签名提交")
    shows(watcher, f"{lot}/evaluation", "技术评分已锁定")


def test_the_report_and_the_award_have_their_pages(room: Room, app: Any) -> None:
    room.summarised()
    lot, platform = f"/lots/{room.number}", app.extensions["gongheng"]
    row = platform.door.read(lambda session: rooms.evaluation_id(session, room.tender.lot_id))
    jobs.render(platform.door, platform.files, row)
    expert = Client(app, room.members[0])
    shows(expert, f"{lot}/evaluation/result", "计算过程", "名次")
    shows(expert, f"{lot}/evaluation/report", "签署评标报告", "不同意见和理由")
    assert expert.get(f"{lot}/evaluation/report.pdf").data.startswith(b"%PDF-")
    assert Client(app, room.tender.tenderer).get(f"{lot}/evaluation/report.pdf").status_code == 403
    digest = room.view(room.members[0]).report_sha256
    for who in room.members:
        room.sign_report(who, digest=digest)
    shows(Client(app, room.tender.tenderer), f"{lot}/evaluation/report", "签署情况")
    room.tender.publish_candidates()
    room.tender.end_publicity()
    for _ in range(5):
        room.award_members.append(room.tender.crowd.join(room_role(), room.tender.tenderer.org_name))
    shows(Client(app, room.tender.tenderer), f"{lot}/award", "签名并开始定标")
    room.before_award()
    room.open_award()
    member = Client(app, room.award_members[0])
    shows(member, f"{lot}/award", "请确认本人到会", "候选人对比", "评标报告")
    for who in room.award_members:
        room.award_sign_in(who)
    shows(member, f"{lot}/award", "声明没有应回避的情形", "我应当回避")
    for who in room.award_members:
        room.award_declare(who)
    shows(member, f"{lot}/award", "我的选票", "理由与依据")
    shows(Client(app, room.tender.tenderer), f"{lot}/award", "有成员缺席、回避或退出")
    shows(member, "/awards", "进入定标")
    for who in room.award_members:
        room.ballot(who, room.candidates[0])
    shows(member, f"{lot}/award", "定标结果", "得票超过全体成员半数", f"/award/papers/{digest}?page=3")
    shows(member, f"{lot}/award/papers/{digest}?page=3", 'data-pdf-page="3"')
    assert member.get(f"{lot}/award/papers/{digest}").data.startswith(b"%PDF-")
    assert member.get(f"{lot}/award/papers/{'00' * 32}").status_code == 404
    assert Client(app, room.tender.centre).get(f"{lot}/award/papers/{digest}").status_code == 403


def room_role() -> Any:
    from core.kernel.roles import Role

    return Role.AWARD_MEMBER


def test_the_api_plays_a_sheet_from_draft_to_signature(room: Room, app: Any) -> None:
    room.scoring()
    lot, who = f"/lots/{room.number}/evaluation", room.members[0]
    client, code = Client(app, who), room.codes[0]
    draft = {"scores": {"method": "12.5", "team": ""}, "reasons": {"method": "第86页"}, "at": "2026-11-24T11:52:03.000Z"}
    assert client.send("PUT", f"{lot}/sheet/{code}", draft).status_code == 200
    kept = {one["code"]: one for one in client.get(f"{lot}/sheet").get_json()["bids"]}
    assert kept[code]["scores"]["method"] == "12.5"
    assert client.send("PUT", f"{lot}/sheet/{code}", {"scores": {"method": "15.5"}, "reasons": {}}).status_code == 422
    body = {"part": "technical", "sheets": room.sheet()}
    assert client.sign(who, room, f"{lot}/sheet", "score", body, step_up=True).get_json() == {"state": "technical"}
    assert client.get(f"{lot}/scores").status_code == 403
    told = client.get(lot).get_json()
    assert [seat["submitted"] for seat in told["seats"]].count(True) == 1 and told["technical"] is None


@pytest.mark.parametrize("path", ["", "/review", "/sheet", "/result", "/report", "/bids/T-10"])
def test_strangers_see_no_page_of_the_room(room: Room, app: Any, path: str) -> None:
    room.formed()
    outside = next(one for one in room.experts[1:] if one not in room.members)
    assert Client(app, outside).page(f"/lots/{room.number}/evaluation{path}").status_code in (403, 404)
    assert Client(app, room.tender.agency).page(f"/lots/{room.number}/evaluation{path}").status_code in (403, 404)
    assert Client(app).page(f"/lots/{room.number}/evaluation{path}").status_code == 303
