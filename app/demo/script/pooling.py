"""The expert pool is filled: the centre admits and trains, every expert agrees to the use of their personal data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.demo.cast import together
from app.demo.script.play import Play
from core.kernel.calendar import legal_day

TITLES = ("高级工程师", "正高级工程师", "副教授", "高级经济师")


def fill(play: Play) -> None:
    """Everybody whom the case file names as an expert may be drawn afterwards."""
    for place, expert in enumerate(play.case_file.with_role("expert")):
        _admit(play, expert, place)
    together([(expert, "agree", {}) for expert in play.role("expert")])


def _admit(play: Play, expert: Mapping[str, Any], place: int) -> None:
    centre, day = play.who("centre"), legal_day(play.now())
    employer = play.case_file.organisations[expert["org"]]
    profile = {
        "name": expert["name"],
        "employer": {"uscc": employer["uscc"], "name": employer["name"]},
        "region": employer["name"][:3] if employer["name"][2:3] == "市" else "临江市",
        "title": TITLES[place % len(TITLES)],
        "qualified_from": (day - timedelta(days=500)).isoformat(),
        "qualified_to": (day + timedelta(days=590)).isoformat(),
        "strata": expert["strata"],
        "past": [],
        "origin": "",
        "origin_key": "",
    }
    number = centre.send("/experts", {"content": profile, "person": play.who(expert["login"]).person})["expert"]
    centre.act(f"/experts/{number}/admission", "expert.admit", number, body=profile, step_up=True)
    course: dict[str, Any] = {"on": (day - timedelta(days=60)).isoformat(), "until": (day + timedelta(days=670)).isoformat()}
    course |= {"hours": 16, "course": "评标专家继续教育"}
    centre.act(f"/experts/{number}/trainings", "expert.train", number, body=course, step_up=True)
