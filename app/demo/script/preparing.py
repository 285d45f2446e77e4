"""Steps 1 and 2: the project is registered, the award plan fixed, the tender document and the notice are published."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, time, timedelta
from typing import Any

from app.demo.script.play import LITTLE, Play, must
from core.kernel import clock
from core.kernel.calendar import BEIJING, CHINA, Unit, legal_day
from core.kernel.money import Money
from evaluation.domain.reference import commitment

OPENING_TIME = time(9, 30)
VALIDITY_DAYS = 120
PLANS: dict[int, dict[str, Any]] = {
    # months ahead → the plan
    3: {
        "title": "临江市滨江路提升工程（二期）施工",
        "content": "滨江路东段 2.4 公里道路提升，含排水、照明和绿化",
        "regime": "construction",
        "category": "construction",
        "amount_fen": 9_600_000_000,
    },
    5: {
        "title": "临江市市民中心办公家具采购",
        "content": "办公桌椅、文件柜、会议家具的供货、安装和售后服务",
        "regime": "government_procurement",
        "category": "goods",
        "amount_fen": 320_000_000,
    },
}


def register(play: Play) -> None:
    """The agency registers, the tenderer countersigns."""
    agency, tenderer, project = play.who("agency"), play.who("tenderer"), play.case_file.project
    play.case = agency.send("/projects")["number"]
    body = {name: project[name] for name in ("title", "regime", "category", "region", "legally_mandatory", "approval", "funding")}
    body |= {
        "tenderer": {"org": tenderer.org, "name": play.case_file.organisations["tenderer"]["name"]},
        "agency": {"org": agency.org, "name": play.case_file.organisations["agency"]["name"]},
        "estimate_fen": Money.yuan(project["estimate"]).fen,
        "lots": [{"no": "1", "title": project["lot"]}],
    }
    done = agency.act(f"/projects/{play.case}/registration", "project.register", play.case, body=body)
    body = {"register_sha256": done["register_sha256"]}
    tenderer.act(f"/projects/{play.case}/countersignature", "project.countersign", play.case, body=body, step_up=True)
    play.say(f"项目 {play.case} 已登记，代理机构起草、招标人会签", f"project {play.case} registered and countersigned")


def plan_ahead(play: Play) -> None:
    """The tenderer publishes what it means to tender in the months to come; invented."""
    tenderer, today = play.who("tenderer"), legal_day(play.now())
    for ahead, words in PLANS.items():
        years, month = divmod(today.month - 1 + ahead, 12)
        entry = {**words, "month": f"{today.year + years}-{month + 1:02d}", "region": play.case_file.project["region"], "note": ""}
        number = tenderer.send("/plans", {"content": entry})["plan"]
        tenderer.act(f"/plans/{number}/publication", "plan.publish", number, body=entry, step_up=True)


def publish(play: Play) -> None:
    """Award plan first, then the document, then the notice; bidding opens at the release."""
    announce(play)
    lot = open_bidding(play)
    play.say(
        f"定标方案先行固化，招标文件 {play.case_file.document['pages']} 页与公告已发布，投标截止 {lot['deadline']}",
        f"award plan fixed first, tender document and notice published, deadline {lot['deadline']}",
    )


def open_bidding(play: Play) -> dict[str, Any]:
    """The moment of release comes; returns the lot."""
    lot = play.who("tenderer").get(play.lot_path)
    play.jump(clock.moment(lot["release_at"]) + LITTLE, "公告期满，发放招标文件")
    return play.state("bidding")


def announce(play: Play) -> None:
    """Award plan, document and notice are signed."""
    tenderer, agency = play.who("tenderer"), play.who("agency")
    plan = tenderer.send(f"{play.lot_path}/drafts/award-plan", {"content": play.case_file.award_plan})
    play.act(tenderer, "/award-plan", "award_plan.fix", plan, step_up=True)
    document = agency.send(f"{play.lot_path}/drafts/document", {"content": _document(play)})
    play.act(agency, "/document", "document.publish", document)
    dates = play.case_file.dates
    release = play.now() + timedelta(hours=dates["release_after_hours"])
    day = CHINA.after(legal_day(release), dates["bidding_days"], Unit.CALENDAR)  # rolls on to a working day
    deadline = datetime.combine(day, OPENING_TIME, BEIJING)
    content = {"title": f"{play.case_file.project['title']}招标公告", "release_at": clock.text(release), "deadline": clock.text(deadline)}
    notice = agency.send(f"{play.lot_path}/drafts/notice", {"content": content | {"publicity_days": dates["publicity_days"]}})
    play.act(tenderer, "/notice", "notice.publish", notice, step_up=True)
    lot = tenderer.get(play.lot_path)
    must(lot["award_plan_sha256"] == plan["plan_sha256"], "the award plan of the lot is not the one that was fixed")


def _document(play: Play) -> dict[str, Any]:
    """The tender document's content; its file is uploaded, its reference price (标底) is committed to."""
    said = play.case_file.document
    file = play.workshop.pdf("tender/招标文件.pdf", "施工招标文件", said["pages"], play.case)
    play.who("agency").do("upload", file=str(file))
    play.reference_salt = secrets.token_hex(32)
    content = file.read_bytes()
    performance = {"performance": said["performance"]} if "performance" in said else {}
    return performance | {
        "files": [{"name": file.name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}],
        "method": said["method"],
        "envelopes": [{"env": "technical", "title": "技术标"}, {"env": "commercial", "title": "商务标"}],
        "deposit_fen": Money.yuan(said["deposit"]).fen,
        "ceiling": said["ceiling"],
        "reference_price_commit": commitment(play.case, "1", said["reference_price"], bytes.fromhex(play.reference_salt)),
        "escrow": said["escrow"],
        "validity_days": VALIDITY_DAYS,
    }
