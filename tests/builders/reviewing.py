"""What a room's members do beside scoring: votes to reject and on competition, questions to bidders, matters of prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.kernel import clock
from core.kernel.encoding import sha256
from core.kernel.jcs import JSON
from core.kernel.ticks import each
from evaluation.queries.questions import overdue
from evaluation.services import questions, votes
from tests.builders.people import Person


class Voting:
    """Verbs of a room; `members`, `review` and `signed` are the room's."""

    members: Any
    review: Any
    signed: Any
    view: Any
    perform: Any
    tender: Any
    case: Any
    number: Any

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

    def propose(self, who: Person, bid: str, kind: str = "unclear", text: str = "请说明第12页工期的起算日。") -> dict[str, JSON]:
        return self.signed(who, "bid_question.propose", {"bid": bid, "kind": kind, "text": text}, questions.propose)

    def ask(self, bid: str, kind: str = "unclear", who: Person | None = None, **changes: Any) -> str:
        """The chair asks; returns the digest by which the answer names the question."""
        chair = who or self.members[int(self.view(self.members[0]).chair) - 1]
        until = clock.text(self.tender.now + timedelta(hours=1))
        body = {"bid": bid, "kind": kind, "text": "请书面说明。", "until": until, "rule": "", "correction": ""} | changes
        request = chair.act("bid_question.ask", self.case, self.tender.no, 0, body, True)
        self.perform(chair, lambda work: questions.ask(work, self.number, request))
        return sha256(request.envelope.payload).hex()

    def answer_question(self, who: Person, question: str, marked: frozenset[str] = frozenset(), **changes: Any) -> dict[str, JSON]:
        body = {"question": question, "text": "工期自开工令发出之日起算。", "files": [], "accepts": ""} | changes
        request = who.act("bid_question.answer", self.case, self.tender.no, 0, body, True)
        return self.perform(who, lambda work: questions.answer(work, self.number, request, marked))

    def lapse(self) -> int:
        """The clock looks for questions whose time is over; returns how many it ended."""
        return each(overdue, questions.find_late)(self.tender.door)

    def bidder_of(self, org: Any) -> Person:
        return next(one for one in self.tender.bidders if one.org == org)

    def vote_price(self, who: Person, bid: str, stays: bool, reason: str = "已附成本构成") -> dict[str, JSON]:
        body = {"bid": bid, "stays": stays, "reason": reason}
        return self.signed(who, "price_matter.vote", body, questions.vote_price, step_up=True)

    def close_prices(self, who: Person | None = None) -> dict[str, JSON]:
        chair = who or self.members[int(self.view(self.members[0]).chair) - 1]
        return self.signed(chair, "price_check.close", {}, questions.close_prices, step_up=True)
