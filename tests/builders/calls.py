"""What drawn experts answer to their calls: the part of a room that comes between the draw and the committee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import select

from core.kernel.jcs import JSON
from core.kernel.slips import Place, SlipShare, deal, open_box, read_shares
from evaluation.domain.calling import State as CallState
from evaluation.models.draws import Draw, DrawSlip
from evaluation.queries import calls as call_queries
from evaluation.queries.calls import OwnCall
from evaluation.queries.slips import office_recipients
from evaluation.services import calls, slips
from tests.builders.people import Person

if TYPE_CHECKING:
    from tests.builders.trading import Tender


class Calls:
    """The verbs of calls, for a room."""

    tender: Tender
    experts: list[Person]
    secrets: dict[str, bytes]
    draw: str

    def perform(self, who: Person, use_case: Any) -> Any:
        raise NotImplementedError

    def drawn(self, **changes: Any) -> Any:
        raise NotImplementedError

    def slip(self, draw: str, party: str, commit: str) -> dict[str, Any]:
        """What a party signs to commit to its value."""
        return {"draw": draw, "party": party, "commit": commit, "shares": self.boxes(draw, party)}

    def boxes(self, draw: str, party: str) -> list[JSON]:
        """The shares of a party's slip in the boxes of the offices, none where an office has no key."""
        offices = self.tender.door.read(lambda session: office_recipients(session, self.tender.lot, self.tender.now))
        value = self.secrets[party]
        return [share.to_json() for share in deal(Place(self.tender.case, draw, party), value, offices)] if all(offices.values()) else []

    def open_slip(self, officer: Person, silent: str, **changes: Any) -> dict[str, JSON]:
        """An office gives away its share of a party's slip, as its tool would."""

        def held(session: Any) -> tuple[SlipShare, ...]:
            mine = select(DrawSlip).join(Draw, Draw.id == DrawSlip.draw_id).where(Draw.name == self.draw, DrawSlip.party == silent)
            return read_shares(session.scalars(mine).one().shares)

        mine = next(one for one in self.tender.door.read(held) if one.role == officer.office)
        share = open_box(mine, officer.identity, Place(self.tender.case, self.draw, silent)).hex()
        body = {"draw": self.draw, "party": silent, "role": officer.office, "share": share} | changes
        request = officer.act("draw.share", self.tender.case, self.tender.no, 0, body)
        return self.perform(officer, lambda work: slips.release(work, request))

    def asked(self, who: Person) -> OwnCall | None:
        """The newest call of an expert that still waits for an answer, or was confirmed."""
        found = self.tender.door.read(lambda session: call_queries.own_calls(session, who.person))
        return next((one for one in found if one.is_open), None)

    @property
    def called(self) -> list[Person]:
        """Who has been called and may still answer."""
        return [one for one in self.experts if self.asked(one) is not None]

    def answer(self, who: Person, answer: str = "come", cause: str = "", note: str = "", call: str = "") -> dict[str, JSON]:
        """The expert's own signed answer; it names the call and nothing else."""
        number = call or next(one.number for one in [self.asked(who)] if one is not None)
        request = who.act("call.answer", number, "", 0, {"answer": answer, "cause": cause, "note": note})
        return self.perform(who, lambda work: calls.answer(work, number, request))

    def all_answer(self) -> None:
        """Everybody who was called and has not answered will come."""
        for who in self.called:
            if (asked := self.asked(who)) is not None and asked.state is CallState.PLACED:
                self.answer(who)

    def confirmed(self) -> Self:
        """The list is sealed."""
        self.drawn()
        self.all_answer()
        return self
