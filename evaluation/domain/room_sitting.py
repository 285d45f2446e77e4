"""Rules of the room about signing in, the chair, recusals and where one scores; the table in which they stand is `room.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.errors import Refusal, WrongState
from evaluation.domain.room_votes import everybody, once

if TYPE_CHECKING:
    from evaluation.domain.room import Facts


def signs_in_once(facts: Facts) -> Refusal | None:
    """A seat is taken once."""
    return once(facts.signed_in, facts, "room.sign_in.twice")


def all_are_here(facts: Facts) -> Refusal | None:
    """The list stays sealed until every member has signed in."""
    return everybody(facts.signed_in, facts, "room.members_missing")


def votes_once(facts: Facts) -> Refusal | None:
    """One vote for each member and round."""
    return once(facts.voted, facts, "chair.vote.twice")


def all_voted_for_one(facts: Facts) -> Refusal | None:
    """Every member voted and one seat has the most votes."""
    return everybody(facts.voted, facts, "chair.votes_missing") or (None if facts.is_elected else WrongState("chair.tied"))


def all_voted_and_tied(facts: Facts) -> Refusal | None:
    """Every member voted and several share the most votes."""
    return everybody(facts.voted, facts, "chair.votes_missing") or (WrongState("chair.decided") if facts.is_elected else None)


def keeps_its_chair(facts: Facts) -> Refusal | None:
    """Whom the committee elected stays its chair while another member is replaced."""
    return None if facts.has_chair else WrongState("chair.votes_missing")


def has_taken_the_seat(facts: Facts) -> Refusal | None:
    """In the room a seat is handed on whose member has signed in; before, who does not come says so as an answer to the call."""
    return None if facts.leaving in facts.signed_in else WrongState("room.leave.not_here")


def stands_still(facts: Facts) -> Refusal | None:
    """Another committee takes all seats only of a room that stands still; that it was sealed for one is the draw's rule."""
    return None if facts.is_paused else WrongState("room.reform.not_sealed")


def declares_once(facts: Facts) -> Refusal | None:
    """One declaration of each member."""
    return once(facts.declared, facts, "recusal.declare.twice")


def all_declared(facts: Facts) -> Refusal | None:
    """No bid is opened to the committee before every member has declared; a drill without any stops here."""
    return everybody(facts.declared, facts, "recusal.declarations_missing") or (WrongState("drill.no_bids") if facts.has_no_bids else None)


def submits_once(facts: Facts) -> Refusal | None:
    """A signed sheet is final: what was signed is not written again. Where workstations were drawn it is written at the one drawn."""
    if not facts.sheets_due:
        return WrongState("score.none_due")
    return once(facts.submitted, facts, "score.submit.twice") or (None if facts.is_seated else WrongState("seating.not_here"))
