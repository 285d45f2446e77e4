"""What firms and the tenderer do with a tender document in the secret phase, in the worlds that are compared."""

from __future__ import annotations

from datetime import timedelta

from core.kernel.clock import text
from tests.builders import documents
from tests.builders.trading import Tender
from tests.builders.trading_web import Browser


def ask_about(who: Browser, number: str) -> str:
    """Asks what others ask too, by API and by form, and has the download receipted; returns the receipt's number."""
    assert who.post(f"/api/v1/lots/{number}/questions", {"text": "  是否组织踏勘？"}).status_code == 200
    assert who.client.post(f"/lots/{number}/questions", data={"text": "是否组织踏勘？"}).status_code == 303
    given = who.post(f"/api/v1/lots/{number}/downloads", {})
    assert given.status_code == 200, given.text
    receipt = str(given.get_json()["number"])
    for address in (f"/lots/{number}/questions", f"/api/v1/downloads/{receipt}", f"/lots/{number}/versions"):
        assert who.get(address).status_code == 200
    return receipt


def amend_later(world: Tender) -> None:
    """The document is amended while bids are in, and the deadline moves by three days."""
    assert world.lot.deadline is not None
    documents.amend(world, not_before=text(world.lot.deadline + timedelta(days=3)))
