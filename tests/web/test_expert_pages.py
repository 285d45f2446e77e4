"""Pages of the expert pool: keeper, expert and supervisor each see theirs; sheets go out and come in; numbers to call are seen by two."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from evaluation.jobs import TICKS
from evaluation.services import agreements, expert_imports
from tests.builders import experts as made
from tests.builders.anchors import deciders, recognise
from tests.builders.authorities import ForeignAuthority
from tests.builders.partners import Office
from tests.builders.people import People, Person, people, uscc_of
from tests.builders.trading_web import application, browser

PHONE, ID = "13800138000", "11010519491231002X"


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def crowd(door: Door) -> People:
    return people(door)


@pytest.fixture
def keeper(crowd: People) -> Person:
    return crowd.join(Role.CENTRE, "临江市公共资源交易中心")


@pytest.fixture
def who(crowd: People) -> Person:
    return crowd.join(Role.EXPERT, "东湖设计院", name="罗艳")


def form(door: Door, who: Person, **changes: Any) -> dict[str, Any]:
    said = made.profile(who, ["civil"], made.today(door))
    employer = said.pop("employer")
    return said | {"employer.uscc": employer["uscc"], "employer.name": employer["name"], "past": "", "login": who.login} | changes


def test_an_expert_is_admitted_on_the_pages_and_changed_there(door: Door, app: Application, keeper: Person, who: Person) -> None:
    centre = browser(app, keeper)
    assert "没有找到专家" in centre.page("/experts")
    for wrong in ({"employer.uscc": "123"}, {"strata": []}, {"past": "只有单位"}, {"login": "nobody"}):
        assert centre.client.post("/experts/new", data=form(door, who) | wrong).status_code in (404, 422)
    answer = centre.client.post("/experts/new", data=form(door, who))
    assert answer.status_code == 303
    place = answer.headers["Location"]
    number = place.rsplit("/", 1)[1]
    assert "expert.admit" in centre.page(place) and "待入库" in centre.page("/experts")
    assert centre.client.post(f"{place}/change", data=form(door, who, title="教授")).status_code == 303
    said = made.profile(who, ["civil"], made.today(door), title="教授")
    made.by_keeper(door, keeper, made.pool.admit, "expert.admit", number, said)
    shown = centre.page(place)
    assert "罗艳" in shown and "房屋建筑与土木施工" in shown and "expert.suspend" in shown and "expert.admit" not in shown
    past = f"甲方建设集团有限公司|{uscc_of('甲方建设集团有限公司')}|2015-01-01|2024-06-30"
    asked = centre.client.post(f"{place}/change", data=form(door, who, past=past, reason="补充任职"))
    assert asked.status_code == 200 and "expert.amend" in asked.text and "甲方建设集团有限公司" in asked.text
    assert centre.client.post(f"{place}/change", data=form(door, who, region="")).status_code == 422
    assert "没有找到专家" in centre.page("/experts?q=何平") and "罗艳" in centre.page("/experts?stratum=civil&state=active&origin=own")
    assert "罗艳" not in centre.page("/experts?stratum=cost") and centre.get("/experts?lang=en").status_code == 200


def test_an_expert_agrees_on_their_own_page_and_keeps_their_numbers(door: Door, app: Application, keeper: Person, who: Person) -> None:
    mine = browser(app, who)
    assert "您还不在专家库内" in mine.page("/me/expert")
    number = made.admitted(door, keeper, who, ["civil"])
    assert "没有有效的培训" in mine.page("/me/expert") and "expert.consent" in mine.page("/me/expert")
    early = mine.client.post("/me/expert/contact", data={"phone": "", "id_number": ID})
    assert early.status_code == 403 and "尚未授权" in early.text
    made.train(door, keeper, number)
    made.agree(door, who, number)
    assert "您目前符合抽取条件" in mine.page("/me/expert") and "expert.withdraw" in mine.page("/me/expert")
    assert mine.client.post("/me/expert/contact", data={"phone": "110", "id_number": ""}).status_code == 422
    assert mine.client.post("/me/expert/contact", data={"phone": PHONE, "id_number": ID}).status_code == 303
    assert PHONE in mine.page("/me/expert") and ID not in mine.page("/me/expert") and "/me/expert" in mine.page("/")
    told = mine.get("/api/v1/me/expert").get_json()
    assert told["expert"] == number and told["bar"] == "" and all(one["given"] for one in told["consents"])


def test_numbers_to_call_are_seen_by_keeper_and_expert_alone(
    door: Door, app: Application, crowd: People, keeper: Person, who: Person
) -> None:
    number = made.ready(door, keeper, who, ["civil"])
    centre = browser(app, keeper)
    assert centre.client.post(f"/experts/{number}/contact", data={"phone": PHONE, "id_number": ID}).status_code == 303
    assert PHONE in centre.page(f"/experts/{number}") and ID not in centre.page(f"/experts/{number}")
    supervisor, other = browser(app, crowd.join(Role.SUPERVISOR, "住建局")), browser(app, crowd.join(Role.EXPERT, "南岸设计院"))
    for path in ("/experts", f"/experts/{number}", "/experts/agreements"):
        shown = supervisor.page(path)
        assert PHONE not in shown and "expert.suspend" not in shown and "联系方式与账号" not in shown
        assert other.get(path).status_code == 403 and browser(app).get(path).status_code in (302, 303, 401)
    for path in ("/experts.xlsx", "/experts/template.xlsx", "/experts/imports", "/experts/new"):
        assert supervisor.get(path).status_code == 403
    assert supervisor.client.post(f"/experts/{number}/contact", data={"phone": PHONE}).status_code == 403
    sheet = centre.get("/experts.xlsx").data
    cells = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert "罗艳" in cells[1] and PHONE not in str(cells) and number in cells[1]


# Sheets


def sheet_of(rows: list[list[str]]) -> BytesIO:
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell)
    out.seek(0)
    return out


def heads(centre: Any) -> list[str]:
    content = BytesIO(centre.get("/experts/template.xlsx").data)
    return [str(cell) for cell in CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()[0]]


def row(number: int, **changes: str) -> list[str]:
    firm = f"第{number % 50}设计研究院"
    said = {"name": f"专家{number}", "employer": firm, "uscc": uscc_of(firm), "region": "宁溪市", "title": "高级工程师"}
    said |= {"from": "2025-01-01", "to": "2028/12/31", "strata": "工程造价、civil", "past": "", "on": "2026-01-05", "until": "2099年1月1日"}
    return list((said | {"hours": "16", "course": "继续教育", "key": ""} | changes).values())


def hand_in(centre: Any, rows: list[list[str]], origin: str = "") -> Any:
    fields = {"sheet": (sheet_of(rows), "experts.xlsx"), "origin": origin}
    return centre.client.post("/experts/imports", data=fields, content_type="multipart/form-data")


def confirm(  # noqa: PLR0917 - what a sheet's page says
    door: Door, keeper: Person, place: str, rows: int, left_out: int, origin: str = "", digest: str = ""
) -> Any:
    body = {"id": place.rsplit("/", 1)[1], "file_sha256": digest, "origin": origin, "rows": rows, "left_out": left_out}
    request = keeper.act("pool.import", "POOL", body=body, step_up=True)
    return door.perform(keeper.actor, lambda work: expert_imports.confirm(work, request))


def digest_on(page: str) -> str:
    return page.split("file_sha256&#34;: &#34;")[1][:64]


def test_a_sheet_with_faults_is_told_cell_by_cell_and_nothing_comes_in(door: Door, app: Application, keeper: Person) -> None:
    centre = browser(app, keeper)
    wrong = [row(2, uscc="1"), row(3, name=""), row(4, name="=cmd()"), row(5, to="2024-01-01"), row(6, strata="算命"), row(1)]
    wrong += [row(7, past="甲|乙"), row(8, hours="many"), row(9, key="NX-1"), row(10, **{"from": "someday"}), row(11, course="")]
    answer = hand_in(centre, [heads(centre), row(1), *wrong])
    assert answer.status_code == 303
    shown = centre.page(answer.headers["Location"])
    said = ("不能以 =、+、@ 开头", "C 统一社会信用代码", "算命", "与第 2 行重复", "请写成 2026-11-30", "对方目录编号", "这一格必须填写")
    assert all(one in shown for one in said), [one for one in said if one not in shown]
    place, digest = answer.headers["Location"], digest_on(shown)
    with pytest.raises(Exception, match=r"import\.faults"):
        confirm(door, keeper, place, 1, 0, digest=digest)
    assert "没有找到专家" in centre.page("/experts")
    confirm(door, keeper, place, 1, len(wrong), digest=digest)
    take_over(door)
    assert "专家1" in centre.page("/experts") and "已入库 1 位" in centre.page(place)


def take_over(door: Door) -> None:
    next(tick for tick in TICKS if tick.name == "evaluation.take_over_experts").run(door)


def test_a_catalogue_that_the_partner_signed_comes_in_and_a_strangers_does_not(
    door: Door, app: Application, keeper: Person, crowd: People
) -> None:
    centre, day, partner = browser(app, keeper), made.today(door), "宁溪市公共资源交易中心"
    body = {"partner": partner, "city": "宁溪市", "document": "宁临协〔2026〕1号", "since": day.isoformat()}
    body |= {"until": (day + timedelta(days=365)).isoformat(), "recognises": ["qualification", "training"], "note": ""}
    request = keeper.act("pool.agreement", "POOL", body=body, step_up=True)
    agreement = str(door.perform(keeper.actor, lambda work: agreements.conclude(work, request))["agreement"])
    authority = ForeignAuthority("宁溪", door.read(door.clock))
    expert = {"name": "何平", "employer": "宁溪设计院", "uscc": uscc_of("宁溪设计院"), "region": "宁溪市", "title": "高级工程师"}
    expert |= {"qualified_from": "2025-01-01", "qualified_to": "2028-12-31", "strata": ["civil"], "origin_key": "NX-1"}
    said = {"format": "gongheng/catalogue/v1", "agreement": agreement, "experts": [expert]}

    def send(office: Office, origin: str = "", **changes: Any) -> Any:
        content = json.dumps(office.file("catalogue", said | changes)).encode()
        fields = {"sheet": (BytesIO(content), "catalogue.json"), "origin": origin}
        return centre.client.post("/experts/imports", data=fields, content_type="multipart/form-data")

    office = Office.make(partner, authority, "ecdsa")
    assert "不是由已认可的机构签发" in send(office).get_data(as_text=True)
    recognise(deciders(crowd), authority)
    answer = send(office)
    assert answer.status_code == 303 and "何平" in centre.page(answer.headers["Location"])
    assert "单位不是" in send(Office.make("别的中心", authority)).get_data(as_text=True)
    assert "与所选来源不同" in send(office, "A2020-000009").get_data(as_text=True)
    assert send(office, agreement=agreement[:-1] + "9").status_code == 404


def test_what_is_no_sheet_is_refused_with_a_sentence(app: Application, keeper: Person) -> None:
    centre = browser(app, keeper)
    for content in (b"", b"PK\x03\x04rubbish", sheet_of([["不是", "模板"]]).getvalue()):
        fields = {"sheet": (BytesIO(content), "x.xlsx"), "origin": ""}
        answer = centre.client.post("/experts/imports", data=fields, content_type="multipart/form-data")
        assert answer.status_code == 422 or "表头与模板不一致" in centre.page(answer.headers["Location"])
    assert centre.client.post("/experts/imports", data={"origin": ""}).status_code == 422
    assert hand_in(centre, [heads(centre), row(1)], "A2020-000001").status_code == 422


def test_a_partners_catalogue_comes_in_under_its_agreement_and_two_thousand_rows_do(door: Door, app: Application, keeper: Person) -> None:
    centre, day = browser(app, keeper), made.today(door)
    body = {"partner": "宁溪市公共资源交易中心", "city": "宁溪市", "document": "宁临协〔2026〕1号", "since": day.isoformat()}
    body |= {"until": (day + timedelta(days=365)).isoformat(), "recognises": ["qualification", "training"], "note": ""}
    request = keeper.act("pool.agreement", "POOL", body=body, step_up=True)
    agreement = str(door.perform(keeper.actor, lambda work: agreements.conclude(work, request))["agreement"])
    assert "有效" in centre.page("/experts/agreements")
    answer = hand_in(centre, [heads(centre), *(row(number, key=f"NX-{number}") for number in range(2000))], agreement)
    place = answer.headers["Location"]
    confirm(door, keeper, place, 2000, 0, agreement, digest_on(centre.page(place)))
    take_over(door)
    take_over(door)
    assert "已入库 2000 位，共 2000 位" in centre.page(place)
    first, second = centre.page(f"/experts?origin={agreement}"), centre.page(f"/experts?origin={agreement}&after=E{day.year}-000050")
    assert first.count('data-label="专业"') == 50 and "after=" in first and agreement in second
    assert "尚未关联账号" in first
    ending = keeper.act("pool.agreement_end", "POOL", body={"number": agreement, "reason": "期满前协商终止"}, step_up=True)
    door.perform(keeper.actor, lambda work: agreements.end(work, ending))
    assert "没有有效的共享协议" in centre.page(f"/experts?origin={agreement}") and "已终止" in centre.page("/experts/agreements")
    again = hand_in(centre, [heads(centre), row(1, key="NX-1")], agreement)
    assert "已在库内" in centre.page(again.headers["Location"])
