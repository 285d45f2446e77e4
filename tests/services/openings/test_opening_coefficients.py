"""Coefficients are drawn in the hall before any key is released, and whoever wants can draw them again; on both databases."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli_draw import draw as draw_command
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.signing import read_statement
from core.kernel.work import Door
from tests.builders.bids import Hall, hall
from tests.builders.coefficients import FACTOR, commit, draw, drawn_method, name, parties, reveal
from tests.builders.trading import tender
from tests.services.openings.steps import refused
from trading.domain.lots_drawn import PATIENCE, DrawState
from trading.queries import coefficients as queries
from trading.services import coefficients

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def drawing(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """Three have sealed, the list is public, and the document wants a coefficient drawn."""
    room = hall(tender(door, clock_file), tmp_path, method=drawn_method())
    for bidder in room.tender.join_bidders(3):
        room.seal(bidder)
    room.close()
    room.grow()
    room.sign_in(*room.tender.bidders)
    room.start()
    return room


@pytest.mark.on_both
def test_three_slips_draw_the_coefficient_and_anyone_can_draw_it_again(drawing: Hall, tmp_path: Path) -> None:
    refused("opening.coefficients_missing", WrongState, drawing.confirm)
    draw(drawing)
    newest = drawing.view().coefficients.newest
    assert newest is not None and newest.state is DrawState.DRAWN
    assert newest.drawn["K"] in FACTOR["values"]
    record = drawing.tender.door.read(lambda session: queries.record(session, drawing.number, newest.name))
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    done = CliRunner().invoke(draw_command, ["replay", str(file), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.output)["picked"] == {"K": [f"K={newest.drawn['K']}"]}
    (result,) = drawing.find("coefficient.result")
    assert read_statement(result.envelope.payload).body["drawn"] == newest.drawn
    drawing.confirm()
    assert drawing.tender.door.read(lambda session: queries.drawn(session, drawing.tender.lot.id)) == newest.drawn


def test_nobody_opens_a_slip_early_or_another_than_the_sealed_one(drawing: Hall) -> None:
    commit(drawing, "centre")
    refused("coefficient.reveal.wrong_state", WrongState, lambda: reveal(drawing, "centre"))
    refused("coefficient.commit.twice", WrongState, lambda: commit(drawing, "centre"))
    refused("coefficient.party.other", RuleBroken, lambda: commit(drawing, "supervisor", party="tenderer"))
    commit(drawing, "supervisor")
    commit(drawing, "tenderer")
    refused("coefficient.reveal.differs", RuleBroken, lambda: reveal(drawing, "centre", value="00" * 32))
    stranger = drawing.tender.bidders[0]
    body = {"draw": name(drawing), "party": "centre", "commit": "00" * 32}
    refused("coefficient.commit.not_allowed", NotAllowed, lambda: drawing.act(coefficients.commit, stranger, "coefficient.commit", body))


@pytest.mark.on_both
def test_a_party_that_falls_silent_is_left_out_of_the_next_draw(drawing: Hall) -> None:
    first = name(drawing)
    for party in parties(drawing):
        commit(drawing, party)
    reveal(drawing, "centre")
    reveal(drawing, "supervisor")
    body = {"draw": first, "reason": "招标人长时间没有公开随机值"}

    def give_up() -> Any:
        return drawing.act(coefficients.redraw, drawing.tender.centre, "coefficient.redraw", body, step_up=True)

    refused("coefficient.redraw.early", WrongState, give_up)
    drawing.tender.jump(drawing.tender.now + PATIENCE + timedelta(seconds=1))
    give_up()
    newest = drawing.view().coefficients.newest
    assert newest is not None and (newest.parties, newest.name != first) == (("centre", "supervisor"), True)
    refused("coefficient.not_a_party", WrongState, lambda: commit(drawing, "tenderer"))
    for act in (commit, reveal):
        for party in ("centre", "supervisor"):
            act(drawing, party)
    assert drawing.view().coefficients.draws[-1].state is DrawState.DRAWN


def test_a_lot_without_coefficients_has_no_draw(sealed: Hall) -> None:
    sealed.decrypting(*sealed.tender.bidders[:2])
    assert sealed.view().coefficients.draws == () and not sealed.find("coefficient.request")
