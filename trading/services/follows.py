"""Anybody who has logged in may follow a lot: it says nothing of who bids."""

from __future__ import annotations

from sqlalchemy import delete

from core.identity.services.acts import acting_person
from core.kernel.db import insert_new
from core.kernel.work import Work
from trading.models.follow import Follow
from trading.queries import lots


def follow(work: Work, number: str) -> None:
    """From now on the person hears what happens to the lot. Raises NotFound for a lot that is neither public nor theirs."""
    person, lot = acting_person(work), lots.visible(work.session, number, work.actor)
    insert_new(work.session.connection(), Follow, [{"person_id": person, "lot_id": lot.id, "since": work.now()}])


def leave(work: Work, number: str) -> None:
    """The person hears no more of the lot; harmless when they did not follow it."""
    person, lot = acting_person(work), lots.visible(work.session, number, work.actor)
    work.session.execute(delete(Follow).where(Follow.person_id == person, Follow.lot_id == lot.id))
