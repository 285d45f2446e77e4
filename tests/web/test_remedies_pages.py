"""Pages and API of objections and complaints: who is shown what, with which period, and who is never named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.remedies import EVIDENCE, Remedies, remedies
from tests.builders.trading import tender
from tests.builders.trading_web import Browser, application, browser


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, app: Application) -> Remedies:
    """A lot of works that takes bids, and two firms."""
    made = tender(door, clock_file).bidding("RANK_ONE")
    made.join_bidders(2)
    return remedies(made)


def everybody(app: Application, world: Remedies) -> dict[str, Browser]:
    """A client of each."""
    made = world.tender
    people = {"tenderer": made.tenderer, "agency": made.agency, "centre": made.centre, "supervisor": made.supervisor}
    people |= {"filer": made.bidders[0], "other": made.bidders[1]}
    return {"public": browser(app)} | {name: browser(app, person) for name, person in people.items()}


def test_an_objection_goes_from_the_form_to_the_answer_for_all_and_names_nobody(world: Remedies, app: Application) -> None:
    made, clients = world.tender, everybody(app, world)
    firm = made.bidders[0]
    overview = clients["filer"].page(f"/lots/{made.number}/remedies")
    assert "投标截止时间 10 日前" in overview and "招标投标法实施条例第二十二条" in overview and "质疑" not in overview
    form = clients["filer"].page(f"/lots/{made.number}/objections/new/document")
    assert 'data-act="objection.file"' in form and "data-countdown" in form
    request = firm.act("objection.file", made.case, made.no, body=world.objection_body(files=[world.evidence(firm)]))
    filed = clients["filer"].act(f"/api/v1/lots/{made.number}/objections", request)
    assert filed.status_code == 200, filed.text
    number = filed.get_json()["number"]
    shown = {name: client.get(f"/objections/{number}") for name, client in clients.items()}
    assert {name: answer.status_code for name, answer in shown.items()} == {
        **dict.fromkeys(("tenderer", "agency", "centre", "supervisor", "filer"), 200),
        **dict.fromkeys(("public", "other"), 404),
    }
    for name, answer in shown.items():
        words = "特定品牌" in answer.text
        assert words == (name in ("tenderer", "agency", "filer")), name
        assert (firm.org_name in answer.text.replace(f"<small>{firm.org_name}", "")) == (name == "filer"), name
    assert "招标投标活动暂停" in clients["public"].page(f"/lots/{made.number}")
    assert number in clients["tenderer"].page("/remedies") and number in clients["filer"].page("/remedies")
    body = {"objection": number, "question": "是否限定品牌？", "answer": "不限定品牌。", "late_reason": "", "files": []}
    answered = clients["tenderer"].act(
        f"/api/v1/objections/{number}/answer", made.tenderer.act("objection.answer", made.case, made.no, body=body)
    )
    assert answered.status_code == 200, answered.text
    for name, client in clients.items():
        page = client.page(f"/objections/{number}")
        assert "不限定品牌。" in page
        assert (firm.org_name in page.replace(f"<small>{firm.org_name}", "")) == (name == "filer")
    listed = clients["public"].get(f"/api/v1/lots/{made.number}/remedies").get_json()
    assert [one["answer"] for one in listed["objections"]] == ["不限定品牌。"]
    assert listed["objections"][0]["facts"] == listed["objections"][0]["filer"] == ""


def test_files_are_had_by_who_may_read_what_they_belong_to(world: Remedies, app: Application) -> None:
    clients = everybody(app, world)
    app.extensions["gongheng"].files.put(EVIDENCE)
    entry = world.evidence(world.tender.bidders[0])
    number = world.object(world.tender.bidders[0], files=[entry])
    address = f"/api/v1/remedies/{number}/files/{entry['sha256']}"
    had = {name for name, client in clients.items() if client.get(address).status_code == 200}
    assert had == {"tenderer", "agency", "filer"}
    assert clients["filer"].get(f"/api/v1/remedies/{number}/files/{'ab' * 32}").status_code == 404


def test_out_of_time_the_form_says_so_with_the_day(world: Remedies, app: Application) -> None:
    deadline = world.tender.lot.deadline
    assert deadline is not None
    world.tender.jump(deadline)
    page = browser(app, world.tender.bidders[0]).page(f"/lots/{world.tender.number}/objections/new/document")
    assert "提出的期限已于" in page and 'data-act="objection.file"' not in page


def test_what_is_overdue_is_red_and_said_in_words(world: Remedies, app: Application) -> None:
    clients = everybody(app, world)
    number = world.object(world.tender.bidders[0])
    complaint = world.complain(world.tender.bidders[0], "other")
    world.tender.jump(world.objection(number).due_at)
    for name in ("tenderer", "supervisor"):
        assert "逾期未答复" in clients[name].page("/remedies")
    assert 'name="late_reason"' in clients["tenderer"].page(f"/objections/{number}")
    assert "没有收到答复，投诉" in clients["filer"].page(f"/objections/{number}")
    world.tender.jump(world.complaint(complaint).acceptance_due)
    assert "受理决定逾期" in clients["supervisor"].page("/remedies")
    assert 'name="late_reason"' in clients["supervisor"].page(f"/complaints/{complaint}")


def test_a_complaint_is_the_filers_and_its_authoritys_until_the_decision_is_published(world: Remedies, app: Application) -> None:
    made, clients = world.tender, everybody(app, world)
    clients["elsewhere"] = browser(app, made.crowd.join(Role.SUPERVISOR, "临江市发展和改革委员会"))
    firm = made.bidders[0]
    form = clients["filer"].page(f"/lots/{made.number}/complaints/new")
    assert 'data-act="complaint.file"' in form and made.supervisor.org_name in form
    request = firm.act("complaint.file", made.case, made.no, body=world.complaint_body(firm, "other"), step_up=True)
    filed = clients["filer"].act(f"/api/v1/lots/{made.number}/complaints", request)
    assert filed.status_code == 200, filed.text
    number = filed.get_json()["number"]
    assert _who(clients, number) == {"filer", "supervisor"}
    assert number in clients["supervisor"].page("/remedies") and number not in clients["elsewhere"].page("/remedies")
    accept = made.supervisor.act("complaint.accept", made.case, made.no, body={"complaint": number, "late_reason": ""}, step_up=True)
    assert clients["supervisor"].act(f"/api/v1/complaints/{number}/accept", accept).status_code == 200
    assert _who(clients, number) == {"filer", "supervisor", "tenderer", "agency"}
    for name in ("tenderer", "agency"):
        page = clients[name].page(f"/complaints/{number}")
        assert firm.org_name not in page and "答复没有回应" not in page
    world.handle("suspend", number)
    assert "监督部门责令暂停" in clients["public"].page(f"/lots/{made.number}")
    world.handle("decide", number)
    world.handle("publish", number)
    assert _who(clients, number) == set(clients)
    for name in set(clients) - {"filer", "supervisor"}:
        assert firm.org_name not in clients[name].page(f"/complaints/{number}").replace(f"<small>{firm.org_name}", "")
    assert number in clients["public"].page("/decisions")
    decided: dict[str, Any] = clients["public"].get("/api/v1/decisions").get_json()
    assert [(one["number"], one["filer"], one["ruling"]) for one in decided["decisions"]] == [(number, "", "")]


def _who(clients: dict[str, Browser], number: str) -> set[str]:
    return {name for name, client in clients.items() if client.get(f"/complaints/{number}").status_code == 200}


def test_a_procurement_speaks_its_own_words(door: Door, clock_file: Path, app: Application) -> None:
    made = tender(door, clock_file, "government_procurement").bidding("RANK_ONE")
    made.join_bidders(1)
    page = browser(app, made.bidders[0]).page(f"/lots/{made.number}/remedies")
    assert "提出质疑" in page and "7 个工作日" in page and "政府采购法第五十二条" in page
    assert not [word for word in ("提出异议", "招标投标法实施条例第二十二条", "10 日前") if word in page]
    world = remedies(made)
    number = world.object(made.bidders[0])
    shown = browser(app, made.tenderer).page(f"/objections/{number}")
    assert "答复质疑" in shown and "答复异议" not in shown
    assert "招标投标活动暂停" not in browser(app).page(f"/lots/{made.number}")


@pytest.mark.parametrize(
    "address",
    [
        *("/objections/YY-0123456789AB", "/objections/nonsense", "/complaints/TS-0123456789AB", "/complaints/YY-0123456789AB"),
        *("/lots/{number}/objections/new/process", "/lots/{number}/objections/new/nonsense", "/decisions?after=nonsense"),
        *("/lots/T2026-999999-1/remedies", "/api/v1/remedies/YY-0123456789AB/files/" + "ab" * 32, "/api/v1/decisions?limit=0"),
    ],
)
def test_what_is_not_there_is_answered_with_a_sentence(world: Remedies, app: Application, address: str) -> None:
    answer = browser(app, world.tender.bidders[0]).get(address.format(number=world.tender.number))
    assert answer.status_code in (200, 404, 422), answer.text[:300]
    assert answer.status_code != 200 or "/objections/new/process" in address
