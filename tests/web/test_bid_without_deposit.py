"""A lot that asks for no deposit: the bidder's desk says so, and promises nothing back."""

from __future__ import annotations

from pathlib import Path

from core.kernel.work import Door
from core.settings import Settings
from tests.builders.bids import hall
from tests.builders.trading import tender
from tests.builders.trading_web import application, browser


def test_a_lot_without_a_deposit_says_so_and_asks_for_none(settings: Settings, door: Door, clock_file: Path, tmp_path: Path) -> None:
    room = hall(tender(door, clock_file), tmp_path, deposit_fen=0)
    firm, app = room.tender.join_bidders(1)[0], application(settings, door)
    room.seal(firm)
    page = browser(app, firm).page(f"/lots/{room.number}/bid?lang=zh")
    assert "本标段不收投标保证金" in page
    assert "截止前到账即可" not in page and "保证金在五日内退还" not in page
    assert "asks for no bid deposit" in browser(app, firm).page(f"/lots/{room.number}/bid?lang=en")
