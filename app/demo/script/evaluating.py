"""Step 7: sign-in at three sites, desks drawn, chair, preliminary review, technical scores, lock, price envelopes, summary, report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.demo.cast import Line, Performer, together
from app.demo.script import furnishing, paying
from app.demo.script.drawing import seated
from app.demo.script.opening import open_commercial
from app.demo.script.play import Play, must


def evaluate(play: Play) -> None:
    """From the empty room to the report."""
    members = seated(play)
    sites = assemble(play, members)
    _score(play, members)
    _open_map(play)
    room = play.who("supervisor").get(f"{play.lot_path}/evaluation")
    passed = sorted(play.letter(room["map"][code]["org"]) for code in room["technical"]["passed"])
    failed = sorted(set(play.standing) - set(passed))
    open_commercial(play, passed)
    _open_reference_price(play)
    play.wait(lambda: _state(play) == "signing", "no report was drafted")
    _compare(play)
    _sign(play, members)
    play.state("evaluated")
    furnishing.hand_back(play)
    paying.confirm(play, members)
    play.say(
        f"{len(sites)} 个场所 {len(members)} 席签到，在抽定的工位评审，"
        f"{'、'.join(failed)} 技术分未达线、商务标不开启，总分与公布结果一致，报告全员签署",
        f"{len(members)} seats at {len(sites)} sites, each at the workstation drawn; "
        f"{', '.join(failed)} below the threshold stays shut; scores as published; report signed",
    )


def _state(play: Play) -> str:
    return str(play.who("centre").get(f"{play.lot_path}/evaluation")["state"])


def assemble(play: Play, members: dict[str, Performer]) -> set[str]:
    path, case = play.lot_path + "/evaluation", play.case
    signed_in = together([(who, "sign_in", {"number": play.number}) for who in members.values()])
    if play.is_watched:
        next(iter(members.values())).do("watch", room="evaluation", case=case)
        play.who("supervisor").do("watch", room="supervision", case=case)
    furnishing.sit_down(play, members)
    for who in members.values():
        who.act(f"{path}/chair-votes", "chair.vote", case, "1", {"round": 1, "choice": "1"}, round=1)
    for who in members.values():
        who.act(f"{path}/declarations", "recusal.declare", case, "1", {"none": True, "reason": ""})
    must(_state(play) == "preliminary", f"the room is {_state(play)}, not in the preliminary review")
    together([(who, "review", {"number": play.number}) for who in members.values()])
    return {answer["site"] for answer in signed_in}


def _score(play: Play, members: dict[str, Performer]) -> None:
    """Every seat scores by the case file; before the last sheet is in, nobody but its expert sees any."""
    lines = sheets(play, members)
    together(lines[:-1])
    watching = play.who("supervisor").do("refusal", path=f"/api/v1{play.lot_path}/evaluation/scores")
    must(watching != 200, "the supervisor sees scores before the lock")
    together(lines[-1:])
    play.wait(lambda: _state(play) not in ("technical", "preliminary"), "the technical scores are not locked")


def _open_map(play: Play) -> None:
    """Centre and supervisor each sign; before the second signature nobody learns who is behind a code name."""
    _look(play)
    for login in ("centre", "supervisor"):
        who = play.who(login)
        room = who.get(f"{play.lot_path}/evaluation")
        must(room["map"] is None, "the code names are open before two have signed")
        play.act(who, "/evaluation/blind-map", "blind.open", room["to_open"], step_up=True)
    must(_state(play) == "commercial", "two have signed, and the code names are shut")


def _look(play: Play) -> None:
    """The supervisor says for what they look at the session; after two hours they are asked again."""
    play.act(play.who("supervisor"), "/supervision/views", "supervision.view", {"purpose": "routine", "note": ""})


def sheets(play: Play, members: dict[str, Performer]) -> list[Line]:
    """What each seat is asked: to score by the case file's marks for that seat."""
    lines: list[Line] = []
    for seat, who in members.items():
        marks = {letter: given[int(seat) - 1] for letter, given in play.case_file.marks.items()}
        lines.append((who, "score", {"number": play.number, "marks": marks, "known": play.main_files}))
    return lines


def _open_reference_price(play: Play) -> None:
    body = {"value": play.case_file.document["reference_price"], "salt": play.reference_salt}
    play.act(play.who("tenderer"), "/evaluation/reference-price", "reference_price.open", body, step_up=True)


def _compare(play: Play) -> None:
    """What was computed against what the case publishes, and against what its invented marks must give."""
    _look(play)
    answer = play.who("supervisor").get(f"{play.lot_path}/evaluation/result")
    play.result = answer["result"]
    letters = {code: play.letter(held["org"]) for code, held in answer["map"].items()}
    rows = {letters[row["bid"]]: row for row in play.result["rows"]}
    for kind in ("published", "invented"):
        wanted = play.case_file.expected[kind]
        if "benchmark" in wanted:
            must(Decimal(play.result["benchmark"]) == Decimal(wanted["benchmark"]), f"benchmark {play.result['benchmark']}")
        _same(rows, wanted.get("price_score", {}), "price_score", kind)
        _same(rows, wanted.get("total", {}), "total", kind)
        points = {letters[code]: value for code, value in answer["technical"]["points"].items()}
        must(all(Decimal(points[x]) == Decimal(value) for x, value in wanted.get("technical", {}).items()), f"technical points {points}")
        out = sorted(letters[one["bid"]] for one in play.result["rejected"])
        must(out == wanted.get("failed", out), f"rejected {out}")


def _same(rows: dict[str, Any], wanted: dict[str, str], name: str, kind: str) -> None:
    for letter, value in wanted.items():
        found = rows[letter].get(name)
        must(found is not None and Decimal(found) == Decimal(value), f"{name} of {letter} is {found}, {kind}: {value}")


def _sign(play: Play, members: dict[str, Performer]) -> None:
    report = members["1"].get(f"{play.lot_path}/evaluation/report")
    body = {"report_sha256": report["report_sha256"], "dissent": ""}
    for who in members.values():
        play.act(who, "/evaluation/report/signatures", "report.sign", body, step_up=True)
