"""The pages of a review: a reviewer's own sheet, the tenderer's result, an applicant's own letter; nothing of it for anybody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders import prequalification as made
from tests.builders.reviews import Review, opened
from tests.builders.trading import tender
from tests.builders.trading_web import application, browser
from tests.web.test_prequalification_pages import body_of
from trading.domain.prequalification import RoundState


@pytest.fixture
def one(door: Door, clock_file: Path, tmp_path: Path) -> Review:
    return opened(tender(door, clock_file), tmp_path, 3)


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


def path(one: Review, more: str = "") -> str:
    return f"/lots/{one.tender.number}/prequalification{more}"


def form(one: Review, **reasons: str) -> dict[str, str]:
    """All is met, but for the criteria of the first applicant that are named."""
    said: dict[str, str] = {}
    for place, org in enumerate(one.applicants):
        for criterion in ("C1", "C2"):
            reason = reasons.get(criterion, "") if place == 0 else ""
            said |= {f"passed-{org}-{criterion}": "0" if criterion in reasons and place == 0 else "1", f"reason-{org}-{criterion}": reason}
    return said


def test_a_reviewer_fills_in_checks_and_signs_the_own_sheet(one: Review, app: Application) -> None:
    expert = one.pool[0]
    mine = browser(app, expert)
    page = mine.page(path(one, "/review"))
    assert all(firm.org_name in page for firm in one.tender.bidders[:3]) and "application.pdf" in page
    empty = mine.client.post(path(one, "/review"), data=form(one, C1=""))
    assert empty.status_code == 422 and "须写明理由" in empty.text
    page = mine.client.post(path(one, "/review"), data=form(one, C1="证书过期")).text
    body = body_of(page, "prequalification.review")
    act = expert.act("prequalification.review", one.tender.case, one.tender.no, body=body, step_up=True)
    assert mine.act(f"/api/v1{path(one, '/sheets')}", act).status_code == 200
    assert "您已签署审查意见" in mine.page(path(one, "/review"))
    for other in (one.pool[1], one.tender.tenderer):
        assert "证书过期" not in browser(app, other).page(path(one, "/review"))
    assert "还没有出来" in browser(app, one.tender.tenderer).page(path(one, "/result"))


def test_the_tenderer_signs_what_the_sheets_come_to(one: Review, app: Application) -> None:
    world = one.tender
    one.sign_all()
    tenderer = browser(app, world.tenderer)
    assert "/prequalification/result" in tenderer.page(path(one))
    page = tenderer.page(path(one, "/result"))
    body = body_of(page, "prequalification.conclude")
    act = world.tenderer.act("prequalification.conclude", world.case, world.no, body=body, step_up=True)
    assert tenderer.act(f"/api/v1{path(one, '/result')}", act).status_code == 200
    assert made.round_of(world).state is RoundState.ENDED
    assert "结果已签署" in tenderer.page(path(one, "/result"))
    a, *_, last = world.bidders
    mine = browser(app, a).page(path(one))
    assert "资格预审结果通知书" in mine and a.org_name in mine
    for other in (browser(app), browser(app, last), browser(app, world.agency)):
        page = other.page(path(one))
        assert not any(firm.org_name in page for firm in world.bidders[:3])
        assert "资格预审结果通知书" not in page


def test_who_failed_reads_why_and_who_passed_is_invited(one: Review, app: Application) -> None:
    world = one.tender
    a, b, *_ = world.bidders
    extra: Any = {a.org: {"C1": "证书过期"}}
    one.sign_all(extra).conclude()
    page = browser(app, a).page(path(one))
    assert "证书过期" in page and "企业资质" in page and "不能参加投标" in page
    assert "证书过期" not in browser(app, b).page(path(one))
    # two are left of three: the lot has failed, its pages say of what
    public = browser(app)
    assert "不足三家" in public.page(path(one)) and "不足三家" in public.page(f"/lots/{world.number}")
    assert "少于三家" in public.page(f"/notices/{world.number}-N2")
    for address in ("remedies", "versions", "opening"):
        assert public.get(f"/lots/{world.number}/{address}").status_code in (200, 404)


def test_with_three_passers_the_tender_is_theirs_alone(one: Review, app: Application) -> None:
    one.sign_all().conclude()
    world = one.noticed()
    a, b, c, stranger = world.bidders
    for firm in (a, b, c):
        mine = browser(app, firm)
        assert "代资格预审通过通知书" in mine.page(f"/lots/{world.number}/invitation")
        assert "打开投标邀请书" in mine.page(path(one))
    for other in (browser(app, stranger), browser(app)):
        assert other.get(f"/lots/{world.number}").status_code == 403
        assert other.get(path(one)).status_code == 403
        notice = other.page(f"/notices/{world.number}-N2")
        assert "已进行资格预审" in notice and not any(firm.org_name in notice for firm in world.bidders[:3])
    said = browser(app).get(f"/api/v1/notices/{world.number}-N2").get_json()
    assert said["body"]["prequalification"] == {} and said["prequalified"] is True


def test_wrong_roles_and_rubbish_are_refused(one: Review, app: Application) -> None:
    world = one.tender
    stranger = world.crowd.join(Role.EXPERT, "另一专家库")
    assert browser(app, stranger).get(path(one, "/review")).status_code == 404
    assert browser(app, world.agency).get(path(one, "/review")).status_code == 403
    assert browser(app, world.bidders[0]).get(path(one, "/result")).status_code == 403
    assert browser(app, one.pool[0]).get(path(one, "/result")).status_code == 403
    for person, name in ((world.bidders[0], "sheets"), (one.pool[0], "result"), (world.centre, "sheets")):
        assert browser(app, person).post(f"/api/v1{path(one)}/{name}", json={"envelope": {}}).status_code in (400, 403, 422)
    rubbish = browser(app, one.pool[0]).client.post(path(one, "/review"), data={"passed-x-C1": "1", "reason-y": "z" * 9000})
    assert rubbish.status_code == 422
