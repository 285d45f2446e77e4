"""What is not the rule: a deposit held back, a waiver that waits for its second signature, a payment that is nobody's."""

from __future__ import annotations

from datetime import timedelta

import httpx

from app.demo.script.play import Play
from core.kernel.calendar import legal_day
from deposits.domain.account import COLLECTING
from deposits.domain.relief import CASE

REASON = "收到对该投标人业绩材料的投诉，调查期间暂缓退还。"
SOURCE = "临江市建筑业企业信用评价结果（2026年第三季度）"
STRANGER, STRANGERS_ACCOUNT = "临江市远帆商贸有限公司", "6222000099990001"


def hold_back(play: Play) -> None:
    """The supervisor has the last bidder's deposit of an opened lot wait while it looks into a complaint."""
    supervisor = play.who("supervisor")
    deposit = supervisor.get(f"{play.lot_path}/deposits")["deposits"][-1]["id"]
    until = (legal_day(play.now()) + timedelta(days=30)).isoformat()
    body = {"deposit": deposit, "kind": "investigation", "reason": REASON, "document": "", "until": until}
    supervisor.act(f"{play.lot_path}/deposits/holds", "hold.place", f"D-{play.number}", body=body, step_up=True)


def propose_waiver(play: Play) -> None:
    """The centre proposes that the first bidder gives half of its deposits; the supervisor has not signed yet."""
    firm = play.bidder(play.standing[0])
    name = play.case_file.organisations[play.standing[0]]["name"]
    body = {"org": firm.org, "name": name, "percent": 50, "since": legal_day(play.now()).isoformat(), "source": SOURCE}
    play.who("centre").act("/deposits/reliefs/waivers", "deposit.waive", CASE, body=body, step_up=True)


def pay_astray(play: Play) -> None:
    """Somebody pays into a sub-account that is nobody's; it waits in suspense for a person."""
    said = {"key": "astray-1", "payer": STRANGER, "payer_account": STRANGERS_ACCOUNT, "to": COLLECTING.sub_account(0), "amount": "20000.00"}
    with httpx.Client(base_url=play.stage.told["bank"]["url"], verify=False, trust_env=False, timeout=30) as bank:  # noqa: S501 - local http
        bank.post("/sandbox/pay", json=said).raise_for_status()
    play.wait(lambda: STRANGER in str(play.who("finance").get("/finance/reconciliation")["unknown"]), "nobody's payment did not come")
