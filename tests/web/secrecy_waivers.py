"""Waivers in the worlds of secrecy: the same firms have one in each of them, and those that bid use theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.builders.people import Person
from tests.builders.waivers import CHAIN, SOURCE, digest

if TYPE_CHECKING:
    from tests.web.secrecy_world import World

WHOLE, PART = 0, 12
"""The places of the firms that are let off all of it, and a half."""
SINCE = "2020-01-01"


def grant(made: World) -> None:
    """The centre and the supervisor sign, in every world alike."""
    centre, supervisor = made.room.tender.centre, made.room.tender.supervisor
    for place, percent in ((WHOLE, 100), (PART, 50)):
        firm = made.firms[place]
        body = {"org": str(firm.org), "name": firm.org_name, "percent": percent, "since": SINCE, "source": SOURCE}
        first = centre.act("deposit.waive", CHAIN, body=body, step_up=True)
        told = made.viewers["centre"].act("/api/v1/deposits/reliefs/waivers", first)
        assert told.status_code == 201, told.text
        made.waivers[firm.org] = digest(first)
        second = made.viewers["supervisor"].act(f"/api/v1/deposits/reliefs/{told.get_json()['relief']}/agreement", supervisor.cosign(first))
        assert second.status_code == 200, second.text


def use(made: World, firms: Sequence[Person]) -> None:
    """Those of these firms that have a waiver look at it, and use it."""
    number = made.room.number
    for firm in firms:
        if firm.org in made.waivers:
            who, body = made.of(firm), {"relief_sha256": made.waivers[firm.org], "bidder": str(firm.org)}
            assert who.get("/deposits/reliefs").status_code == 200
            answer = who.act(f"/api/v1/lots/{number}/deposit/waiver", firm.act("waiver.use", f"D-{number}", body=body))
            assert answer.status_code == 200, answer.text
            assert who.get(f"/lots/{number}/deposit").status_code == 200
