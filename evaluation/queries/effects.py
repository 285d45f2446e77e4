"""What each member's sheets do to the ranking: for the supervisor alone, under code names, once all is added up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed
from core.kernel.roles import Role
from evaluation.domain.leave_one_out import Effect, effects
from evaluation.domain.room import See
from evaluation.queries import rooms
from evaluation.queries.rooms import RoomView


@dataclass(frozen=True, slots=True)
class EffectsView:
    """The room and one effect for each seat."""

    room: RoomView
    effects: tuple[Effect, ...]


def of_room(session: Session, actor: Actor, number: str) -> EffectsView:
    """The ranking without each member in turn; raises NotFound, NotAllowed for whoever is no supervisor, or before the summary."""
    room = rooms.view(session, actor, number)
    if Role.SUPERVISOR not in room.roles or room.me is not None or not room.may(See.RESULT):
        raise NotAllowed("evaluation.effects_sealed")
    case = room.scoring_case or {}
    return EffectsView(room, effects(case) if room.result and room.result["rows"] else ())
