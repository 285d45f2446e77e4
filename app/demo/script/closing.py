"""Steps 11 and 12: deposits come back with interest, once each; the case is closed, its package saved and verified."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from functools import partial

import httpx

from app.demo.cast import Performer, together
from app.demo.script import guaranteeing, paying
from app.demo.script.bidding import account
from app.demo.script.drawing import seated
from app.demo.script.play import Play, must
from app.demo.stage import GONGHENG, plain_environment
from core.kernel.money import Money


def refunds(play: Play) -> None:
    """Every firm has back what it paid, with interest, by one payment; the ledger and the bank's books agree."""
    guaranteeing.all_over(play)
    letters = [bid["org"] for bid in play.case_file.bids if not bid.get("guarantee")]
    for letter in letters:
        play.wait(partial(_refunded, play, play.bidder(letter)), f"the deposit of {letter} is not refunded")
    paid, interest = Money.yuan(play.case_file.document["deposit"]).fen, 0
    with httpx.Client(base_url=play.stage.told["bank"]["url"], verify=False, trust_env=False, timeout=30) as bank:  # noqa: S501 - local http
        for letter in letters:
            told = play.bidder(letter).get(f"{play.lot_path}/deposit")["refunds"]
            ours = {one["id"].replace("-", "") for one in told}  # the firm's account may hear of other lots
            entries = bank.get(f"/sandbox/accounts/{account(letter)}").raise_for_status().json()["entries"]
            back = [Money.yuan(entry["amount"]).fen for entry in entries if entry["end_to_end_id"] in ours and entry["direction"] == "CRDT"]
            must(len(back) == 1 == len(told), f"{letter} got {len(back)} refunds, {len(told)} were told")
            must(back[0] == told[0]["principal_fen"] + told[0]["interest_fen"], f"{letter} got {back[0]} fen, told {told[0]}")
            must(told[0]["principal_fen"] == paid, f"{letter} got back {told[0]['principal_fen']} fen of {paid}")
            interest += told[0]["interest_fen"]
    play.wait(lambda: play.who("finance").get("/finance/reconciliation")["agrees"], "ledger and bank do not agree")
    sum_ = Decimal(interest).scaleb(-2)
    fees = paying.paid(play, seated(play))
    play.say(
        f"{len(letters)} 笔保证金各退还一次（银行两次丢失回执），利息合计 {sum_} 元，台账与银行账一致；专家酬金 {fees} 元已支付",
        f"{len(letters)} deposits refunded once each, though the bank lost two answers, with {sum_} yuan of interest; books agree; "
        f"experts paid {fees} yuan",
    )


def _refunded(play: Play, who: Performer) -> bool:
    return str(who.get(f"{play.lot_path}/deposit")["state"]) == "refunded"


def evidence(play: Play) -> None:
    """Those who watched report; the case is closed by two signatures; its package is fetched and judged by `gongheng verify`."""
    heard = _reports(play)
    centre, supervisor = play.who("centre"), play.who("supervisor")
    said = centre.get(f"/projects/{play.case}")["close"]
    centre.act(f"/projects/{play.case}/close", "case.close", play.case, body=said, step_up=True)
    proposal = supervisor.get(f"/projects/{play.case}")["close_proposal"]
    supervisor.do("cosign", path=f"/api/v1/projects/{play.case}/close/countersignature", envelope=proposal)
    package, policy = play.folder / "case.zip", play.folder / "trusted.txt"
    play.wait(lambda: supervisor.do("download", path=f"/api/v1/cases/{play.case}/package", file=str(package)), "there is no package")
    command = [*GONGHENG, "verify", str(package), "--policy", str(policy)]
    done = subprocess.run(command, env=plain_environment(), capture_output=True, text=True, check=False)
    (play.folder / "verify.txt").write_text(done.stdout + done.stderr, "utf-8")
    must(done.returncode == 0, f"gongheng verify: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    mib = package.stat().st_size // 1024**2
    play.say(
        f"案卷 {said['events'] + 1} 个事件、证据包 {mib} MiB 经离线核验通过；实时推送 {heard} 条无缺号、无泄密",
        f"{said['events'] + 1} events, evidence package of {mib} MiB verified offline; {heard} live entries without gap or leak",
    )


def _reports(play: Play) -> int:
    """What the watchers heard: no gap, and nothing before its time."""
    bidders = [bid["org"] for bid in play.case_file.bids]
    names = [play.case_file.organisations[letter]["name"] for letter in bidders] + [play.bidder(letter).org for letter in bidders]
    prices = [play.bid(letter)["price"] for letter in play.standing]
    first = play.present[0]
    own = (play.case_file.organisations[first]["name"], play.bidder(first).org)
    others = [text for text in names if text not in own]
    early = {"opening.start": names, "opening.request": prices}
    watchers = [("supervisor", "opening", early), (play.bidder(first).part.login, "opening", early | {"opening.start": others})]
    expert = next(iter(seated(play).values()))
    watchers += [
        (login, room, {"technical.lock": ['"scores"']})
        for login, room in (("supervisor", "supervision"), (expert.part.login, "evaluation"))
    ]
    answers = together([(play.who(login), "heard", {"room": room, "early": secret}) for login, room, secret in watchers])
    return sum(sum(answer["heard"].values()) for answer in answers)
