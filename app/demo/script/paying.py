"""The experts' fees: the standard is fixed before the draw, the payer confirms after the report, the bank pays once the result is out."""

from __future__ import annotations

from typing import Any

import httpx

from app.demo.cast import Performer
from app.demo.script.play import Play, must
from core.kernel.money import Money

PAYER_ACCOUNT, BANK = "6222000088880001", "临江市商业银行"


def fix_rule(play: Play) -> None:
    """The centre fixes by which standard the experts are paid."""
    body = {
        "table": "guangzhou-2017",
        "half_hour": "up",
        "catalogue": False,
        "payer": "tenderer",
        "term_days": 10,
        "basis": "三市远程异地评标协作协议，参照广州市标准",
        "late_reason": "",
    }
    play.act(play.who("centre"), "/fees/rule", "fee.rule", body)


def confirm(play: Play, members: dict[str, Performer]) -> None:
    """The platform has calculated; members give their accounts, and the tenderer confirms all by one signature."""
    tenderer, lines = play.who("tenderer"), _lines(play)
    must([line["line"] for line in lines] == [f"{seat}-1" for seat in members], f"fees of {[line['line'] for line in lines]}")
    must(not any(line["name"] for line in lines), "the payer sees who the experts are before the result")
    for who in members.values():
        case = who.get("/me/fees")["account_case"]
        body = {"name": who.name, "number": _account(who), "bank": BANK}
        who.act("/me/fees/account", "expert.account", case, body=body, step_up=True)
    tenderer.send("/fees/account", {"name": _payer(play), "number": PAYER_ACCOUNT, "bank": BANK}, verb="PUT")
    _endow(play, members, sum(line["fee_fen"] for line in lines))
    confirmed = {"lines": [line["line"] for line in lines], "total_fen": sum(line["fee_fen"] + line["travel_fen"] for line in lines)}
    play.act(tenderer, "/fees/confirmation", "fee.confirm", confirmed, step_up=True)


def paid(play: Play, members: dict[str, Performer]) -> str:
    """Every member has the fee on their account, once, and hears of it; returns what all were paid, in yuan."""
    play.wait(lambda: all(line["state"] == "paid" for line in _lines(play)), "the fees are not paid")
    total = 0
    with _bank(play) as bank:
        for line, who in zip(_lines(play), members.values(), strict=True):
            entries = bank.get(f"/sandbox/accounts/{_account(who)}").raise_for_status().json()["entries"]
            got = [Money.yuan(entry["amount"]).fen for entry in entries if entry["end_to_end_id"] and entry["direction"] == "CRDT"]
            must(got == [line["net_fen"]], f"{line['line']} got {got} fen, told {line['net_fen']}")
            must(line["name"] == who.name, "the payer does not see whom it has paid after the result")
            must(who.get("/me/fees")["fees"][0]["state"] == "paid", f"{who.name} was not told")
            total += got[0]
    return str(Money(total))


def _lines(play: Play) -> list[dict[str, Any]]:
    """The fees as the payer sees them, once they are calculated."""
    found: list[dict[str, Any]] = play.wait(
        lambda: play.who("tenderer").get(f"{play.lot_path}/fees")["lines"], "the fees are not calculated"
    )
    return found


def _payer(play: Play) -> str:
    return play.case_file.organisations["tenderer"]["name"]


def _account(who: Performer) -> str:
    """An expert's account at the sandbox bank."""
    return f"62170000{int(who.part.login.rpartition('-')[2]):08d}"


def _endow(play: Play, members: dict[str, Performer], fen: int) -> None:
    """The payer has the money at the bank; the members have accounts there."""
    opened = [{"number": PAYER_ACCOUNT, "name": _payer(play), "amount": str(Money(fen))}]
    opened += [{"number": _account(who), "name": who.name} for who in members.values()]
    with _bank(play) as bank:
        for account in opened:
            bank.post("/sandbox/accounts", json=account).raise_for_status()


def _bank(play: Play) -> httpx.Client:
    return httpx.Client(base_url=play.stage.told["bank"]["url"], verify=False, trust_env=False, timeout=30)  # noqa: S501 - local http
