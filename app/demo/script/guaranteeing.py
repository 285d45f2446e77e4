"""Electronic guarantees: a bidder gives one in place of its deposit, the winner one for performance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import httpx

from app.demo.cast import ActorFault, Performer
from app.demo.script.play import Play, must

PATIENCE = timedelta(seconds=5)  # after this the platform asks a guarantor again


def guaranteed(play: Play) -> list[str]:
    """The letters of those who give a guarantee in place of money."""
    return [str(bid["org"]) for bid in play.case_file.bids if bid.get("guarantee")]


def apply_all(play: Play) -> None:
    """Each of them applies to a guarantor of its own choice, which the centre has registered before."""
    letters = guaranteed(play)
    if letters:
        _register(play)
    for letter in letters:
        _apply(play, play.bidder(letter), play.lot_path)


def issue_all(play: Play) -> None:
    """They pay their premiums, and have their guarantees: closed files that nobody can read before the opening."""
    letters = guaranteed(play)
    _hurry(play, [partial(_own, play.bidder(letter), play.lot_path) for letter in letters])
    for letter in letters:
        _pay(play, play.bidder(letter), play.lot_path)
    for letter in letters:
        _reaches(play, play.bidder(letter), play.lot_path, "issued_sealed")


def verified(play: Play) -> str:
    """After the opening: each was opened with its guarantor's key and found good, and anybody can look it up. Returns a line of it."""
    for letter in guaranteed(play):
        one = _reaches(play, play.bidder(letter), play.lot_path, "verified")
        listed = play.who("tenderer").get(f"{play.lot_path}/deposits")["guarantees"]
        must(one["guarantee_no"] in {line["guarantee_no"] for line in listed}, "the tenderer does not see a guarantee after the opening")
    return "、".join(guaranteed(play))


def ask_for_security(play: Play, letter: str) -> None:
    """The winner applies for its performance guarantee."""
    if _asks(play):
        _apply(play, play.bidder(letter), f"{play.lot_path}-P")


def give_security(play: Play, letter: str) -> str:
    """It pays the premium; the guarantee is opened and verified at once, for it is no secret. Returns over how much it is, in yuan."""
    if not _asks(play):
        return ""
    who, path = play.bidder(letter), f"{play.lot_path}-P"
    _hurry(play, [partial(_own, who, path)])
    _pay(play, who, path)
    _reaches(play, who, path, "issued_sealed", "verified")
    play.jump(play.now() + PATIENCE, "担保机构出具履约保函")
    one = _reaches(play, who, path, "verified")
    return f"{one['amount_fen'] / 100:,.2f}"


def all_over(play: Play) -> None:
    """What stood for deposits has ended; what stands for performance stands on."""
    for letter in guaranteed(play):
        _reaches(play, play.bidder(letter), play.lot_path, "released")


def _asks(play: Play) -> bool:
    return "performance" in play.case_file.document


def _register(play: Play) -> None:
    """The centre registers the guarantor with the root of its certificates, once."""
    centre, told = play.who("centre"), play.stage.told["guarantor"]
    if centre.get("/guarantors")["guarantors"]:
        return
    with httpx.Client(base_url=told["url"], verify=False, trust_env=False, timeout=30) as guarantor:  # noqa: S501 - local http
        root = guarantor.get("/root.pem").raise_for_status().text
    body = {"name": told["name"], "url": told["url"], "root": root, "reason": "按登记办法审核，资料齐全"}
    centre.act("/guarantors", "guarantor.register", "PLATFORM", body=body, step_up=True)


def _own(who: Performer, path: str) -> dict[str, Any]:
    """The firm's newest guarantee; {} while there is none."""
    found = who.get(f"{path}/guarantee")["guarantees"]
    return dict(found[0]) if found else {}


def _apply(play: Play, who: Performer, path: str) -> None:
    chosen = who.get("/guarantors")["guarantors"][0]["id"]
    _once(lambda: who.send(f"{path}/guarantee", {"guarantor": chosen}), lambda: bool(_own(who, path)))


def _pay(play: Play, who: Performer, path: str) -> None:
    one = _reaches(play, who, path, "approved", "paid_premium", "issued_sealed")
    _once(lambda: who.send(f"{path}/guarantee/premium", {"guarantee": one["id"]}), lambda: _own(who, path)["state"] != "approved")


def _once(send: Callable[[], object], is_done: Callable[[], bool]) -> None:
    """Sends what carries no signature; where it was done and only the answer was lost, that is as good."""
    try:
        send()
    except ActorFault:
        if not is_done():
            raise


def _hurry(play: Play, looks: list[Callable[[], dict[str, Any]]]) -> None:
    """The guarantor has the applications; it has looked at them when it is asked again, which a jump of the clock makes now."""
    if looks:
        play.wait(lambda: all(look()["state"] != "applied" for look in looks), "an application did not reach its guarantor")
        play.jump(play.now() + PATIENCE, "担保机构审核保函申请")


def _reaches(play: Play, who: Performer, path: str, *wanted: str) -> dict[str, Any]:
    """Waits until the firm's guarantee is in one of these states."""

    def look() -> dict[str, Any] | None:
        one = _own(who, path)
        return one if one.get("state") in wanted else None

    found: dict[str, Any] = play.wait(look, f"the guarantee of {who.name} is not {wanted[-1]}")
    return found
