"""Pages and API of doubted scores: who acts, who reads what when, and what host and tenderer never see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.settings import Settings
from evaluation.domain.doubt import TIME
from tests.builders.doubting import REPLACING, all_vote, doubt, vote
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import tender
from tests.web.evaluation_world import Client


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


def test_votes_are_secret_until_all_are_in_and_the_host_reads_no_score(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch))
    room.ready(4, method="RANK_ONE", score_rules=REPLACING).summarised()
    here, api = f"/lots/{room.number}/evaluation", f"/lots/{room.number}/evaluation"
    chair, second, third, *others = room.members
    centre, supervisor, tenderer = room.tender.centre, room.tender.supervisor, room.tender.tenderer
    bid = room.codes[0]

    def text(who: Any, path: str = f"{here}/doubts", lang: str = "zh") -> str:
        answer = Client(app, who).page(path, lang)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return str(answer.get_data(as_text=True))

    def post(who: Any, path: str, kind: str, body: dict[str, Any]) -> int:
        return int(Client(app, who).sign(who, room, f"{api}/{path}", kind, body, step_up=True).status_code)

    assert "没有提请复核的评分" in text(supervisor) and "提请复核评分" not in text(supervisor)
    assert "Sign the request" in text(chair, lang="en")
    assert {Client(app, who).page(f"{here}/doubts").status_code for who in (centre, tenderer)} == {403}
    said = {"seat": "3", "bid": bid, "criteria": ["method"], "side": "low", "reason": "与方案深度不符"}
    assert post(centre, "doubts", "doubt.raise", said) == 403
    assert post(chair, "doubts", "doubt.raise", said) == 200
    assert "与方案深度不符" in text(supervisor) and "签名并投票" in text(second) and "签名并投票" not in text(third)
    assert "评分复核" not in text(centre, here) and "有评分提请复核，请您表决" in text(second, here)
    named = text(second).split('id="doubt-')[1].split('"')[0]
    said = {"about": named, "question": "abnormal", "yes": True, "reason": "理由其一"}
    assert post(chair, "doubt-votes", "doubt.vote", said) == 200
    for who in (second, supervisor, third):
        assert "理由其一" not in text(who) and "已投" not in text(who)
    for who in (second, *others):
        vote(room, who, named, yes=True)
    assert "理由其一" in text(supervisor) and "签名提交" in text(third) and "请说明" in text(third, here)
    assert "专家3 应在" in text(centre, here) and bid not in text(centre, here) and "未说明评分" not in text(centre, here)
    room.tender.jump(room.tender.now + TIME)
    assert "未说明评分：专家3" in text(centre, here)
    assert post(third, "doubt-answers", "doubt.answer", {"doubt": named, "explanation": "附图不符", "scores": {}, "ticks": {}}) == 200
    page = text(second)
    about = page.split("doubt.vote")[1].split("about&#34;: &#34;")[1][:64]
    all_vote(room, "3", about, 0, "holds")
    assert "签名备注并代替" in text(chair) and "签名备注并代替" not in text(second)
    body = {"doubt": named, "scores": {"method": "12.00"}, "note": "说明不成立"}
    assert post(chair, "doubt-replacements", "doubt.replace", body) == 200
    assert "以其他成员平均分代替" in text(supervisor) and "Replaced by the mean of the others" in text(third, lang="en")
    refused = doubt(room, second, "4", bid)
    all_vote(room, "4", refused, 6)
    room.tender.jump(room.tender.now + TIME)
    assert post(centre, "doubt-silences", "doubt.silence", {"doubt": refused, "note": "没有收到"}) == 200
    assert "没有收到" in text(supervisor)
