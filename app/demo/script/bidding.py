"""Steps 3 and 4: deposits are paid and matched; bids are sealed, one replaced, one withdrawn."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

import httpx

from app.demo.cast import Performer, together
from app.demo.script import guaranteeing
from app.demo.script.play import Play, must


def pay_deposits(play: Play) -> None:
    """Every firm registers its basic account, asks for its sub-account, and pays from the one to the other; some give guarantees."""
    with_bonds = guaranteeing.guaranteed(play)
    letters = [bid["org"] for bid in play.case_file.bids if bid["org"] not in with_bonds]
    if play.is_watched:
        _listen(play)
    guaranteeing.apply_all(play)
    for letter in letters:
        name = play.case_file.organisations[letter]["name"]
        play.bidder(letter).send("/me/basic-account", {"name": name, "account": account(letter), "bank": "临江市商业银行"}, verb="PUT")
    asked = together([(play.bidder(x), "send", {"verb": "POST", "path": f"/api/v1{play.lot_path}/deposit", "body": {}}) for x in letters])
    bank = play.stage.told["bank"]["url"]
    with httpx.Client(base_url=bank, verify=False, trust_env=False, timeout=30) as client:  # noqa: S501 - http to this machine alone
        for letter, deposit in zip(letters, asked, strict=True):
            name = play.case_file.organisations[letter]["name"]
            payment = {"key": f"{play.case}-{letter}", "payer": name, "payer_account": account(letter), "to": deposit["sub_account"]}
            client.post("/sandbox/pay", json=payment | {"amount": deposit["amount"]}).raise_for_status()
    for letter in letters:
        play.wait(partial(_is_matched, play, play.bidder(letter)), f"the deposit of {letter} is not matched")
    guaranteeing.issue_all(play)
    bonds = "、".join(with_bonds)
    play.say(
        f"{len(letters)} 家投标人的保证金经银行通知逐一匹配{f'，{bonds} 以电子保函代替' if bonds else ''}",
        f"{len(letters)} deposits paid and matched by bank notices{f', {bonds} gave an electronic guarantee' if bonds else ''}",
    )


def account(letter: str) -> str:
    """A firm's basic account at the sandbox bank."""
    return f"62220000{ord(letter):08d}"


def _is_matched(play: Play, who: Performer) -> bool:
    return str(who.get(f"{play.lot_path}/deposit")["state"]) == "matched"


def _listen(play: Play) -> None:
    """Those who watch come before there is anything to see."""
    play.who("supervisor").do("watch", room="opening", case=play.case)
    play.bidder(play.present[0]).do("watch", room="opening", case=play.case)


def seal(play: Play) -> None:
    """Everybody seals, some with the offline sealer; one replaces its bid, one withdraws."""
    bids = play.case_file.bids
    lines = []
    for bid in bids:
        price = bid.get("replaces", bid["price"])
        lines.append((play.bidder(bid["org"]), "seal", _sealing(play, bid, 1, price)))
    for bid, answer in zip(bids, together(lines), strict=True):
        play.receipts[bid["org"]] = answer
    notes = [_replace(play, bid) for bid in bids if bid.get("replaces")] + [_withdraw(play, bid) for bid in bids if bid.get("withdraws")]
    first = bids[0]["org"]
    kept = play.bidder(first).do("compare_ciphertext", number=play.number, env="commercial")
    must(kept, "the platform keeps other bytes than were sealed")
    _see_nothing(play)
    offline = [bid["org"] for bid in bids if bid.get("sealed_with")]
    zh, en = "、".join(note[0] for note in notes), ", ".join(note[1] for note in notes)
    receipt = play.receipts[first]["receipts"][0]["id"]
    play.say(
        f"{len(bids)} 家封标并取得回执（如 {receipt}），{'、'.join(offline)} 用离线封标工具，{zh}",
        f"{len(bids)} bids sealed with receipts (such as {receipt}), {', '.join(offline)} offline, {en}",
    )


def _sealing(play: Play, bid: Any, version: int, price: str) -> dict[str, Any]:
    folders = play.workshop.bid(bid, version, price)
    document = next(path for path in folders["technical"].iterdir() if path.suffix == ".pdf")
    play.main_files[hashlib.sha256(document.read_bytes()).hexdigest()] = bid["org"]
    told = {env: str(folder) for env, folder in folders.items()}
    return {"number": play.number, "folders": told, "offline": bool(bid.get("sealed_with")), "breaks": bool(bid.get("breaks_off"))}


def _replace(play: Play, bid: Any) -> tuple[str, str]:
    answer = play.bidder(bid["org"]).do("seal", **_sealing(play, bid, 2, bid["price"]))
    must(answer["ver"] == 2, "the replaced bid is not version 2")
    play.receipts[bid["org"]] = answer
    return f"{bid['org']} 替换为第 2 版", f"{bid['org']} replaced its bid"


def _withdraw(play: Play, bid: Any) -> tuple[str, str]:
    play.bidder(bid["org"]).do("withdraw", number=play.number)
    return f"{bid['org']} 撤回", f"{bid['org']} withdrew"


def _see_nothing(play: Play) -> None:
    """Before the opening neither centre nor tenderer nor supervisor is shown who bids."""
    for login in ("centre", "tenderer", "supervisor"):
        hall = play.who(login).get(f"{play.lot_path}/opening")
        must(not hall["bids"] and hall["close"] is None, f"{login} sees bids before the deadline")
        must(play.who(login).do("refusal", path=f"/api/v1{play.lot_path}/deposits") in (403, 404, 409), f"{login} sees deposits")
