"""What came before the platform: the centre's old ledger of deposits that nobody has fetched, invented, taken in and published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import httpx

from app.demo.cast import ActorFault, Performer
from app.demo.script.play import Play
from core.kernel.calendar import legal_day
from core.kernel.encoding import sha256
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.web.sheets import cells_of, workbook
from deposits.domain.account import COLLECTING
from deposits.domain.dormant import Payer, Reason
from deposits.domain.dormant_said import chain_of
from deposits.domain.dormant_sheet import OldDeposit, paper

LEDGERS = "/finance/dormant/ledgers"
TITLE = "历史投标保证金专户台账"
OLD_BOOK, OLD_ACCOUNT = "临江市公共资源交易中心旧专户", "621000100001"
PROJECTS = (
    ("LJ-GC-031", "临江市北环路改造工程施工"),
    ("LJ-GC-052", "临江市第三中学教学楼施工"),
    ("LJ-CG-118", "市政道路清扫设备采购"),
    ("LJ-GC-077", "滨河绿道一期工程监理"),
)
OWED: tuple[tuple[str, str, int, int, Reason], ...] = (
    # who, how much, of which project, due so many days ago, why it lies there; a letter is a firm of the case
    ("A", "80000.00", 0, 1500, Reason.NO_REFUND_REQUEST),
    ("B", "50000.00", 1, 700, Reason.ACCOUNT_CLOSED),
    ("临江宏远建筑工程有限公司", "120000.00", 0, 1500, Reason.PAYER_DEREGISTERED),
    ("临江宏远建筑工程有限公司", "30000.00", 1, 700, Reason.PAYER_DEREGISTERED),
    ("云川新世纪设备贸易有限公司", "8000.00", 2, 1290, Reason.NO_REFUND_REQUEST),
    ("宁溪恒达环卫机械有限公司", "8000.00", 2, 1290, Reason.PROJECT_FAILED),
    ("东湖工程监理咨询有限公司", "20000.00", 3, 420, Reason.NO_REFUND_REQUEST),
    ("江北正大工程监理有限公司", "20000.00", 3, 420, Reason.COMPLAINT_HOLD),
    ("南岸建设监理有限公司", "20000.00", 3, 60, Reason.FORFEIT_PENDING),
    ("李明华", "2000.00", 2, 1290, Reason.NO_REFUND_REQUEST),
    ("", "15000.00", 1, 700, Reason.UNKNOWN_PAYER),
    ("临江第二建筑安装有限公司", "50000.00", 1, 20, Reason.NO_REFUND_REQUEST),
)


def take_in(play: Play) -> None:
    """Finance hands the ledger in, signs for it, publishes it, and looks for two payers; its money comes to the present account."""
    clerk, rows = play.who("finance"), old_deposits(play)
    template = play.folder / "template.xlsx"
    clerk.do("fetch", path="/finance/dormant/template.xlsx", file=template)
    sheet = workbook("台账", cells_of(template.read_bytes())[0], [_cells(row) for row in rows])
    where = clerk.do("hand_in", path=LEDGERS, fields={"title": TITLE}, file=("old.xlsx", sheet))
    number, total = where.rpartition("/")[2], sum(row.amount.fen for row in rows)
    body: dict[str, JSON] = {"ledger": number, "file_sha256": sha256(sheet).hex(), "rows_sha256": sha256(paper(rows)).hex()}
    _sign(clerk, number, "confirmation", "dormant.import", body | {"rows": len(rows), "total_fen": total, "left_out": 0})
    whole: dict[str, JSON] = {"rows": len(rows), "total_fen": total}
    play.wait(lambda: _can(clerk, number, "publication", "dormant.publish", whole), "the old ledger is not booked")
    sought: dict[str, JSON] = {"on": legal_day(play.now()).isoformat(), "channel": "phone", "result": "no_answer", "note": "原留电话停机"}
    _sign(clerk, number, "contacts", "dormant.contact", sought | {"rows": [f"{number}-{place:05d}" for place in (3, 4)]}, step_up=False)
    payment = {"key": number, "payer": OLD_BOOK, "payer_account": OLD_ACCOUNT, "to": COLLECTING.number, "amount": str(Money(total))}
    with httpx.Client(base_url=play.stage.told["bank"]["url"], verify=False, trust_env=False, timeout=30) as bank:  # noqa: S501 - local http
        ref = bank.post("/sandbox/pay", json=payment).raise_for_status().json()["ref"]
    came: dict[str, JSON] = {"ref": ref, "payout": "", "amount_fen": total, "interest_fen": 0}
    play.wait(lambda: _can(clerk, number, "arrivals", "dormant.move_in", came), "the bank does not tell of the old ledger's money")


def old_deposits(play: Play) -> list[OldDeposit]:
    """The rows, their days counted back from the play's own."""
    today, firms = legal_day(play.now()), play.case_file.organisations
    return [_old(place, line, today, firms) for place, line in enumerate(OWED, 1)]


def _old(place: int, line: tuple[str, str, int, int, Reason], today: date, firms: Mapping[str, Mapping[str, str]]) -> OldDeposit:
    who, amount, project, days, reason = line
    firm, due = firms.get(who, {"name": who, "uscc": ""}), today - timedelta(days=days)
    number, title = PROJECTS[project]
    return OldDeposit(
        old_ref=f"ZH-{place:04d}",
        payer=firm["name"],
        uscc=firm["uscc"],
        kind=Payer.PERSON if len(firm["name"]) == 3 else Payer.FIRM,
        project_number=f"{number}-{due.year}",
        project=title,
        amount=Money.yuan(amount),
        received_on=due - timedelta(days=60),
        due_on=due,
        bears_interest=True,
        account=f"62220001{place:08d}" if firm["name"] else "",
        reason=reason,
        note="演示数据",
    )


def _cells(row: OldDeposit) -> list[str]:
    named = [row.old_ref, row.payer, row.uscc, row.kind.value, row.project_number, row.project, str(row.amount)]
    return [*named, row.received_on.isoformat(), row.due_on.isoformat(), "yes", row.account, row.reason.value, row.note]


def _sign(clerk: Performer, number: str, where: str, kind: str, body: Mapping[str, JSON], *, step_up: bool = True) -> None:
    clerk.act(f"{LEDGERS}/{number}/{where}", kind, chain_of(number), body=body, step_up=step_up)


def _can(clerk: Performer, number: str, where: str, kind: str, body: Mapping[str, JSON]) -> bool:
    """Signs it; False while the clock has not come so far."""
    try:
        _sign(clerk, number, where, kind, body)
    except ActorFault as fault:
        if any(code in str(fault) for code in ("old_ledger.not_booked", "bank_entry.not_found")):
            return False
        raise
    return True
