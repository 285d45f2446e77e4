"""Step 5 and the second half of step 7: an opening from the deadline to its signed record, of technical or of price envelopes."""

from __future__ import annotations

from functools import partial
from typing import Any

from app.demo.cast import together
from app.demo.script import guaranteeing
from app.demo.script.play import LITTLE, Play, must
from core.kernel import clock


def open_technical(play: Play) -> None:
    """The deadline comes; who is there releases, who is not is rescued by two officers; read-out, objection, record."""
    reach_deadline(play)
    for letter in play.present:
        play.act(play.bidder(letter), "/opening/sign-in", "opening.sign_in", {})
    close = play.who("centre").get(f"{play.lot_path}/opening", part="technical")["close"]
    play.act(play.who("centre"), "/opening/start", "opening.start", {"close_sha256": close["sha256"]}, step_up=True)
    _confirm(play)
    together([(play.bidder(x), "release", {"number": play.number, "env": "technical"}) for x in play.present])
    absent = [letter for letter in play.standing if letter not in play.present]
    _rescue(play, "technical")
    hall = _batch(play, "technical")
    must(len(hall["bids"]) == len(play.standing), "the hall shows other bids than stand")
    _object(play)
    _record(play, "technical", 0)
    bonds = guaranteeing.verified(play)
    opened = f"；{bonds} 的保函已公开并核验" if bonds else ""
    play.say(
        f"截止名单 {len(hall['bids'])} 家上链并见证；{'、'.join(play.present)} 自行解密，"
        f"{'、'.join(absent) or '无人'} 由两名密钥员救援解密；唱标、异议答复、开标记录已签{opened}",
        f"closing list of {len(hall['bids'])} logged and witnessed; {', '.join(absent)} rescued by two officers; record signed"
        + (f"; the guarantee of {bonds} opened and verified" if bonds else ""),
    )


def reach_deadline(play: Play) -> None:
    """The deadline comes, and the closing list is logged; the host may start."""
    lot = play.who("tenderer").get(play.lot_path)
    play.jump(clock.moment(lot["deadline"]) + LITTLE, "投标截止时间到")
    _hall(play, "technical", lambda hall: hall["state"] in ("sign_in", "scheduled") and hall["is_logged"], "the bidding is not closed")


def open_commercial(play: Play, letters: list[str]) -> None:
    """The price envelopes of those who passed are asked for and opened; whoever stayed away is rescued again."""
    _hall(play, "commercial", lambda hall: hall["is_logged"], "the price envelopes are not asked for")
    centre, hall = play.who("centre"), play.who("centre").get(f"{play.lot_path}/opening", part="commercial")
    asked = {play.letter(bid["org"]) for bid in hall["bids"]}
    must(asked == set(letters), f"price envelopes are asked of {sorted(asked)}, not of {letters}")
    present = [letter for letter in letters if letter in play.present]
    if hall["state"] in ("scheduled", "sign_in"):
        for letter in present:
            play.act(play.bidder(letter), "/opening/sign-in", "opening.sign_in", {}, round=1)
        play.act(centre, "/opening/start", "opening.start", {"close_sha256": hall["close"]["sha256"]}, step_up=True, round=1)
        _confirm(play, 1)
    together([(play.bidder(x), "release", {"number": play.number, "env": "commercial", "round": 1}) for x in present])
    _rescue(play, "commercial")
    hall = _batch(play, "commercial", 1)
    for bid in hall["bids"]:
        letter = play.letter(bid["org"])
        must(bid["read_out"]["price"] == play.bid(letter)["price"], f"the price of {letter} was read out as {bid['read_out']}")
    _record(play, "commercial", 1)


def _hall(play: Play, part: str, ready: Any, what: str) -> dict[str, Any]:
    """Waits until the hall is as wanted; as the centre sees it."""

    def look() -> dict[str, Any] | None:
        hall: dict[str, Any] = play.who("centre").get(f"{play.lot_path}/opening", part=part)
        return hall if hall["part"] == part and ready(hall) else None

    found: dict[str, Any] = play.wait(look, f"{part}: {what}")
    return found


def _confirm(play: Play, round: int = 0) -> None:  # noqa: A002 - the member's name in the payload
    hall = play.who("centre").get(f"{play.lot_path}/opening", part="commercial" if round else "technical")
    present = sorted(hall["present"])
    play.act(play.who("centre"), "/opening/identity", "opening.identity", {"present": present}, round=round)


def _rescue(play: Play, part: str) -> None:
    """When the bidders' own time is over, two officers of three release their shares with their own tools."""
    hall = play.who("centre").get(f"{play.lot_path}/opening", part=part)
    if all(bid["key"] != "awaited" for bid in hall["bids"]):
        return
    play.jump(clock.moment(hall["release_until"]) + LITTLE, "投标人解密时限届满")
    officers = [play.who("officer-supervisor"), play.who("officer-centre")]
    for officer in officers:
        play.wait(partial(officer.do, "requests"), f"{part}: no share is asked for")
        released = officer.do("rescue")
    must(released and all(answer["complete"] for answer in released), f"{part}: two shares did not make a key")


def _batch(play: Play, part: str, round: int = 0) -> dict[str, Any]:  # noqa: A002 - the member's name in the payload
    hall = _hall(play, part, lambda hall: hall["state"] == "read_out", "nothing was opened")
    must(all(bid["key"] == "opened" for bid in hall["bids"]), f"{part}: not every envelope opened: {hall['bids']}")
    opened = sorted(bid["seal_sha256"] for bid in hall["bids"])
    play.act(play.who("centre"), "/opening/read-out", "opening.read_out", {"opened": opened}, round=round)
    return hall


def _object(play: Play) -> None:
    said = play.case_file.objection
    number = play.act(play.bidder(said["by"]), "/opening/objections", "opening.objection", {"text": said["text"]})["number"]
    play.act(play.who("centre"), "/opening/answers", "opening.answer", {"number": number, "text": said["answer"]})


def _record(play: Play, part: str, round: int) -> None:  # noqa: A002 - the member's name in the payload
    hall = play.who("centre").get(f"{play.lot_path}/opening", part=part)
    play.jump(clock.moment(hall["objection_until"]) + LITTLE, "开标异议时限届满")
    hall = _hall(play, part, lambda hall: hall["state"] == "record_signing", "no record was drawn up")
    body = {"record_sha256": hall["record_sha256"]}
    sign = "/opening/record/sign"
    play.act(play.who("centre"), sign, "opening.record.sign", body, step_up=True, round=round)
    play.act(play.who("supervisor"), sign, "opening.record.sign", body, round=round)
    play.act(play.who("tenderer"), sign, "opening.record.sign", body, round=round)
    for letter in play.present[:2]:
        play.act(play.bidder(letter), sign, "opening.record.sign", body, round=round)
    play.act(play.who("centre"), "/opening/close", "opening.close", body, step_up=True, round=round)
