"""What comes in over the routes of drills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from core.kernel.errors import RuleBroken
from core.web.forms import ActForm
from evaluation.domain.drill import MOST_RESERVES, MOST_SEATS, BeginBody

ExpertNumber = Annotated[str, Field(pattern=r"^E[0-9]{4}-[0-9]{6}$")]
DrillNumber = Annotated[str, Field(pattern=r"^DRILL[0-9]{4}-[0-9]{6}$")]


class BeginForm(ActForm):
    """A signed `drill.begin`, and who plays, which the statement does not say: the seats in order first, then who follows."""

    drill: DrillNumber
    experts: Annotated[list[ExpertNumber], Field(min_length=1, max_length=MOST_SEATS + MOST_RESERVES)]


def players(given: Mapping[str, str]) -> list[str]:
    """The numbers that were typed, one a line or parted by blanks."""
    return given.get("experts", "").split()


def begun(given: Mapping[str, str]) -> BeginBody:
    """The body of `drill.begin` from the posted form: `title`, `tenderer`, `seats.<site>`, `experts`. Raises RuleBroken."""
    seats = {name.removeprefix("seats."): value.strip() for name, value in given.items() if name.startswith("seats.")}
    wanted = {site: int(value) for site, value in seats.items() if value.isdecimal() and int(value)}
    reserves = len(players(given)) - sum(wanted.values())
    if reserves < 0:
        raise RuleBroken("drill.players", count=sum(wanted.values()))
    sites = [{"site": site, "seats": count} for site, count in wanted.items()]
    said = {"title": given.get("title", "").strip(), "tenderer": given.get("tenderer", "").strip(), "sites": sites, "reserves": reserves}
    return BeginBody.read(said)
