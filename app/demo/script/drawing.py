"""Step 6: experts are drawn by commit and reveal of three parties; one steps back, the next reserve follows; the committee is formed."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from typing import Any

from app.demo.cast import ActorFault, Performer, together
from app.demo.script import furnishing, paying, pooling
from app.demo.script.play import Play, must
from app.demo.stage import GONGHENG, plain_environment
from core.kernel import clock

WINDOW = 30  # minutes in which a call is to be answered
PARTIES = ("centre", "supervisor", "tenderer")


def fill_and_draw(play: Play) -> None:
    """The one lot of a whole play: its pool first."""
    fill_pool(play)
    draw(play)


def draw(play: Play) -> None:
    """Request, commitments, reveals, recusal, committee; the pool is filled before, once for all lots."""
    centre = play.who("centre")
    paying.fix_rule(play)
    furnishing.book(play)
    wanted = {name: play.case_file.draw[name] for name in ("strata", "org_cap")}
    sites = [{"site": site["name"], "seats": site["seats"]} for site in play.case_file.sites]
    when = {"assemble_at": clock.text(play.now() + timedelta(hours=2)), "window": WINDOW}
    prepared = centre.send(f"{play.lot_path}/draws/prepare", wanted | when | {"sites": sites})
    name = prepared["draw"]
    body = {"purpose": "评标委员会专家抽取"} | prepared
    play.act(centre, "/draws", "draw.request", body, step_up=True)
    for verb in ("commit", "reveal"):
        for party in PARTIES:
            play.who(party).do(verb, number=play.number, name=name)
    _state(play, name, "calling", "nobody was called")
    stepped_back = _answer(play)
    _state(play, name, "list_sealed", "not everybody has confirmed")
    _form(play, name)
    _replay(play, name)
    members = seated(play)
    seats = sum(site["seats"] for site in play.case_file.sites)
    must(len(members) == seats, f"{len(members)} of {seats} seats are taken")
    pool = len(prepared["request"]["pool"])
    play.say(
        f"专家库 {pool} 人，三方承诺与揭示后抽出 {seats} 人并逐一通知；{stepped_back.name} 回避，依次递补；"
        "全部确认后名单密封；抽取可离线复算",
        f"{seats} of {pool} experts drawn by commit and reveal of three parties and called; one stepped back, the next followed; "
        "all confirmed, the list is sealed; the draw replays offline",
    )


def _form(play: Play, name: str) -> None:
    """The committee is formed; that is no signed act, so a lost answer shows in the seats alone."""
    try:
        play.who("centre").send(f"{play.lot_path}/draws/{name}/committee")
    except ActorFault:
        if not seated(play):
            raise


def fill_pool(play: Play) -> None:
    """Sites and experts, from whom every lot of this stage draws."""
    furnishing.furnish(play)
    pooling.fill(play)


def _state(play: Play, name: str, wanted: str, what: str) -> None:
    play.wait(lambda: play.who("centre").get(f"{play.lot_path}/draws/{name}")["state"] == wanted, what)


def _seats(play: Play) -> list[tuple[Performer, dict[str, Any]]]:
    experts = play.role("expert")
    found = together([(expert, "call", {"number": play.number}) for expert in experts])
    return [(expert, call) for expert, call in zip(experts, found, strict=True) if call]


def _answer(play: Play) -> Performer:
    """Everybody called answers on their own page: the first steps back, all others and whoever follows will come."""
    first: Performer | None = None
    while True:
        experts = play.role("expert")
        asked = [
            (expert, calls[0]) for expert, calls in zip(experts, together([(one, "asked", {}) for one in experts]), strict=True) if calls
        ]
        if not asked:
            break
        for expert, call in asked:
            if first is None:
                first = expert
                expert.do("answer", call=call, answer="cannot", cause="recusal", note=play.case_file.draw["recusal"])
            else:
                expert.do("answer", call=call, answer="come")
    assert first is not None
    return first


def _replay(play: Play, name: str) -> None:
    """Anyone can compute the draw again from what is published."""
    file = play.folder / f"{name}.json"
    file.write_text(json.dumps(play.who("agency").get(f"{play.lot_path}/draws/{name}/record"), ensure_ascii=False), "utf-8")
    done = subprocess.run([*GONGHENG, "draw", "replay", str(file)], env=plain_environment(), capture_output=True, text=True, check=False)
    must(done.returncode == 0, f"gongheng draw replay: {done.stderr}{done.stdout}")


def seated(play: Play) -> dict[str, Performer]:
    """The members by seat, in order."""
    held = {call["seat"]: expert for expert, call in _seats(play)}
    return dict(sorted(held.items(), key=lambda pair: int(pair[0])))
