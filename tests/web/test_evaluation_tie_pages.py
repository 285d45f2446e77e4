"""Pages and API of lots among equal bids: parties draw, members watch, nobody outside learns of it before the candidates are public."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.kernel import draw as kernel
from core.settings import Settings
from tests.builders.ties import TWO_EQUAL, Tied
from tests.web.evaluation_world import Client


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


def test_parties_draw_members_watch_and_the_public_waits(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tied: Tied = TWO_EQUAL.build(app.extensions["gongheng"].door, clock_file)
    room = tied.room.told(monkeypatch)
    centre, supervisor, tenderer = tied.parties
    member, bidder = room.members[0], room.tender.bidders[0]
    here, page = f"/lots/{room.number}/evaluation", f"/lots/{room.number}/evaluation/tie-draws"
    equal = sorted(code for code, letter in tied.golden.codes.items() if letter in "AB")

    def text(who: Any, path: str = page, lang: str = "zh") -> str:
        answer = Client(app, who).page(path, lang)
        assert answer.status_code == 200, (path, answer.status_code)
        return str(answer.get_data(as_text=True))

    def hidden(who: Any, *paths: str) -> None:
        for path in paths:
            assert Client(app, who).page(path).status_code in (403, 404), path

    for who in (*tied.parties, member):
        assert "正在抽签" in text(who, here) and "tie-draws" in text(who, here)
    for who in (centre, tenderer):
        assert not any(code in text(who) for code in equal) and "生成随机值并提交承诺" in text(who)
    for who in (supervisor, member):
        assert all(code in text(who) for code in equal)
    assert "生成随机值" not in text(member) and "Lots among equal bids" in text(member, lang="en")
    assert "有一方长时间没有动作" in text(centre) and "有一方长时间没有动作" not in text(supervisor) + text(tenderer)
    secret = (f"/lots/{room.number}/tie-draws/tie-1-1/steps", f"/api/v1/lots/{room.number}/tie-draws/tie-1-1/record")
    hidden(bidder, page, *secret)
    for who in tied.parties:
        hidden(who, *secret)
    listed = f"/api/v1/lots/{room.number}/tie-draws"
    assert Client(app, bidder).page(listed).get_json() == {"draws": []}
    for who in tied.parties:
        party, value = who.role.value, tied.value(who, "tie-1-1")
        said = {"draw": "tie-1-1", "party": party, "commit": kernel.commit(room.case, "tie-1-1", party, value).hex()}
        answer = Client(app, who).sign(who, room, f"{page}/commits", "tie_draw.commit", said)
        assert answer.status_code == 200, answer.get_data(as_text=True)
    said = {"draw": "tie-1-1", "party": "centre", "commit": "ab" * 32}
    assert Client(app, member).sign(member, room, f"{page}/commits", "tie_draw.commit", said).status_code == 403
    assert "公开本方随机值" in text(centre)
    for who in tied.parties:
        tied.reveal(who, "tie-1-1")
    assert "抽签顺序" in text(supervisor) and "抽签顺序" not in text(tenderer) and "结果随评标报告公布" in text(tenderer)
    assert "查看抽签 tie-1-1" in text(member, f"{here}/result") and "tie-1-1" in text(supervisor, f"{here}/result/{equal[0]}")
    told = Client(app, supervisor).page(f"/api/v1{page}").get_json()
    assert [(one["draw"], one["state"], one["counts"], sorted(one["order"])) for one in told["draws"]] == [
        ("tie-1-1", "drawn", True, equal)
    ]
    assert Client(app, member).page(f"/api/v1{page}/tie-1-1/record").get_json()["draw"] == "tie-1-1"
    hidden(tenderer, f"/api/v1{page}/tie-1-1/record")
    room.draft_report()
    for who in room.members:
        room.sign_report(who)
    hidden(bidder, *secret)
    assert "抽签顺序" in text(tenderer)
    room.tender.publish_candidates()
    assert Client(app, bidder).page(listed).get_json() == {"draws": ["tie-1-1"]}
    assert "抽签复算" in text(bidder, secret[0]) and "Draw of lots recomputed" in text(bidder, secret[0], "en")
    assert Client(app, bidder).page(secret[1]).get_json()["reveals"].keys() == {"centre", "supervisor", "tenderer"}
