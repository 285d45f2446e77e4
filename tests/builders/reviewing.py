"""What a room's members do between review and scores: votes to reject, and whether competition is lacking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.kernel.jcs import JSON
from evaluation.services import votes
from tests.builders.people import Person


class Voting:
    """Verbs of a room; `members`, `review` and `signed` are the room's."""

    members: Any
    review: Any
    signed: Any

    def reviewed(self, failing: Sequence[tuple[str, str]] = ()) -> Any:
        """Every member reviews, all fail the same, and all vote it out."""
        for who in self.members:
            self.review(who, failing)
        for who in self.members if failing else ():
            self.vote_rejection(who, dict.fromkeys(sorted({bid for bid, _ in failing}), "not_responsive"))
        return self

    def ballot_on(self, grounds: Mapping[str, str], reason: str = "已充分讨论") -> list[dict[str, Any]]:
        """Votes on these bids: code name → ground, or `stays`."""
        return [{"bid": bid, "ground": ground, "reason": reason} for bid, ground in grounds.items()]

    def vote_rejection(self, who: Person, grounds: Mapping[str, str], **changes: Any) -> dict[str, JSON]:
        body = {"votes": self.ballot_on(grounds)} | changes
        return self.signed(who, "rejection.vote", body, votes.vote_rejection, step_up=True)

    def vote_competition(self, who: Person, lacking: bool, stage: str = "review", reason: str = "报价区间相近") -> dict[str, JSON]:
        body = {"stage": stage, "lacking": lacking, "reason": reason}
        return self.signed(who, "competition.vote", body, votes.vote_competition, step_up=True)
