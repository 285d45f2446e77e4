"""Step 6: experts are drawn by commit and reveal of three parties; one steps back, the next reserve follows; the committee is formed."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from app.demo.cast import ActorFault, Performer, together
from app.demo.script import pooling
from app.demo.script.play import Play, must
from app.demo.stage import GONGHENG, plain_environment

PARTIES = ("centre", "supervisor", "tenderer")


def draw(play: Play) -> None:
    """Pool, request, commitments, reveals, recusal, committee."""
    centre = play.who("centre")
    _fill_pool(play)
    wanted = {name: play.case_file.draw[name] for name in ("strata", "org_cap")}
    sites = [{"site": site["name"], "seats": site["seats"]} for site in play.case_file.sites]
    prepared = centre.send(f"{play.lot_path}/draws/prepare", wanted | {"sites": sites, "reason": ""})
    name = prepared["draw"]
    body = {"draw": name, "purpose": "评标委员会专家抽取", "request": prepared["request"]}
    play.act(centre, "/draws", "draw.request", body, step_up=True)
    for verb in ("commit", "reveal"):
        for party in PARTIES:
            play.who(party).do(verb, number=play.number, name=name)
    play.wait(lambda: centre.get(f"{play.lot_path}/draws/{name}")["state"] == "drawn", "nobody was drawn")
    stepped_back = _recuse(play, name)
    _form(play, name)
    _replay(play, name)
    members = seated(play)
    seats = sum(site["seats"] for site in play.case_file.sites)
    must(len(members) == seats, f"{len(members)} of {seats} seats are taken")
    pool = len(prepared["request"]["pool"])
    play.say(
        f"专家库 {pool} 人，三方承诺与揭示后抽出 {seats} 人；{stepped_back.name} 回避，依次递补；抽取可离线复算",
        f"{seats} of {pool} experts drawn by commit and reveal of three parties; one stepped back; the draw replays offline",
    )


def _form(play: Play, name: str) -> None:
    """The committee is formed; that is no signed act, so a lost answer shows in the seats alone."""
    try:
        play.who("centre").send(f"{play.lot_path}/draws/{name}/committee")
    except ActorFault:
        if not seated(play):
            raise


def _fill_pool(play: Play) -> None:
    centre = play.who("centre")
    for site in play.case_file.sites:
        centre.send("/sites", {name: site[name] for name in ("name", "city", "is_host", "workstations")})
    pooling.fill(play)


def _calls(play: Play) -> list[tuple[Performer, dict[str, Any]]]:
    experts = play.role("expert")
    found = together([(expert, "call", {"number": play.number}) for expert in experts])
    return [(expert, call) for expert, call in zip(experts, found, strict=True) if call]


def _recuse(play: Play, name: str) -> Performer:
    """The first who was drawn steps back."""
    expert, call = _calls(play)[0]
    body = {"draw": name, "id": call["id"], "reason": play.case_file.draw["recusal"]}
    answer = play.act(expert, f"/draws/{name}/recusals", "draw.recusal", body)
    must(answer["successor"], "nobody follows the expert who stepped back")
    return expert


def _replay(play: Play, name: str) -> None:
    """Anyone can compute the draw again from what is published."""
    file = play.folder / f"{name}.json"
    file.write_text(json.dumps(play.who("agency").get(f"{play.lot_path}/draws/{name}/record"), ensure_ascii=False), "utf-8")
    done = subprocess.run([*GONGHENG, "draw", "replay", str(file)], env=plain_environment(), capture_output=True, text=True, check=False)
    must(done.returncode == 0, f"gongheng draw replay: {done.stderr}{done.stdout}")


def seated(play: Play) -> dict[str, Performer]:
    """The members by seat, in order."""
    held = {call["seat"]: expert for expert, call in _calls(play) if call["seat"]}
    return dict(sorted(held.items(), key=lambda pair: int(pair[0])))
