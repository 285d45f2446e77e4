"""What the tests of openings share: refusals by their code, lines of the hall, the steps after the batch."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.kernel.errors import Refusal
from tests.builders.bids import Hall
from tests.builders.people import Person
from trading.models.opening import KeyRelease, ShareRelease
from trading.queries import openings
from trading.queries.hall_views import HallBid
from trading.services import halls


def refused(code: str, kind: type[Refusal], act: Any) -> Refusal:
    """The refusal that an act meets, by its code."""
    with pytest.raises(kind) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def of(view: openings.HallView, bidder: Person) -> HallBid:
    """One bidder's line in the hall."""
    return next(bid for bid in view.bids if bid.org == bidder.org)


def secrets_kept(room: Hall) -> list[str]:
    """Every secret and share that the tables of releases still hold."""

    def look(session: Any) -> list[str]:
        return [*session.scalars(select(KeyRelease.secret)), *session.scalars(select(ShareRelease.share))]

    return [text for text in room.tender.door.read(look) if text]


def recorded(room: Hall) -> Hall:
    """The record is drawn up without objections."""
    room.read_out()
    room.tender.jump(room.until("objection_until"))
    room.draw_up()
    return room


def closed(room: Hall) -> Hall:
    """The first opening is over."""
    recorded(room)
    body = {"record_sha256": room.view(None).record_sha256}
    room.act(halls.sign_record, room.tender.centre, "opening.record.sign", body, step_up=True)
    room.act(halls.close, room.tender.centre, "opening.close", body, step_up=True)
    return room
