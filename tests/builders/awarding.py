"""The award committee of a room: opened, signed in, declared, voting in every method, drawing lots; each step through the services."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from core.kernel import draw as kernel
from core.kernel.jcs import JSON
from evaluation.services import award_lots, award_seats, awards
from tests.builders.people import Person
from tests.builders.trading import Tender
from trading.queries import awards as trading_awards


class Awarding:
    """What a room does once the candidates are public."""

    tender: Tender
    award_members: list[Person]

    @property
    def case(self) -> str:
        raise NotImplementedError

    @property
    def parties(self) -> tuple[Person, ...]:
        raise NotImplementedError

    def signed(self, who: Person, kind: str, body: Mapping[str, Any], service: Any, **how: Any) -> dict[str, JSON]:
        raise NotImplementedError

    def open_award(self, who: Person | None = None, **changes: Any) -> dict[str, JSON]:
        """The tenderer opens the session; nobody has signed in yet."""
        body = {"members": self.posts(), "plan_sha256": self.tender.lot.award_plan_sha256} | changes
        return self.signed(who or self.tender.tenderer, "award.open", body, awards.open_session, step_up=True)

    def posts(self) -> dict[str, str]:
        """The list: the chair's post for the first where the plan has one, the plan's last post for all others."""
        plan = self.tender.lot.award_plan or {}
        posts, chair = plan.get("posts") or ["定标成员"], plan.get("chair_post")
        return {str(one.person): chair if chair and not place else posts[-1] for place, one in enumerate(self.award_members)}

    def award_sign_in(self, who: Person) -> dict[str, JSON]:
        return self.signed(who, "award.sign_in", {}, award_seats.sign_in, step_up=True)

    def award_declare(self, who: Person, reason: str = "") -> dict[str, JSON]:
        return self.signed(who, "award.declare", {"none": not reason, "reason": reason}, award_seats.declare, step_up=True)

    def replace_member(self, leaves: Person | None, comes: Person | None, **changes: Any) -> dict[str, JSON]:
        members = {"member": str(leaves.person) if leaves else "", "successor": str(comes.person) if comes else ""}
        body = members | {"post": "定标成员" if comes else "", "reason": "因公出差，不能到会"} | changes
        return self.signed(self.tender.tenderer, "award.replace", body, award_seats.replace, step_up=True)

    def voting(self) -> Any:
        """The session is open, everybody is present and has declared."""
        self.open_award()
        self.assemble_award(self.award_members)
        return self

    def assemble_award(self, members: Sequence[Person]) -> None:
        for who in members:
            self.award_sign_in(who)
        for who in members:
            self.award_declare(who)

    def draw_lots(self, name: str) -> None:
        """Three parties commit, then reveal."""
        drawing = {who.role.value: secrets.token_bytes(32) for who in self.parties}
        for who in self.parties:
            party = who.role.value
            made = kernel.commit(self.case, name, party, drawing[party]).hex()
            self.signed(who, "award_draw.commit", {"draw": name, "party": party, "commit": made}, award_lots.commit)
        for who in self.parties:
            said = {"draw": name, "party": who.role.value, "value": drawing[who.role.value].hex()}
            self.signed(who, "award_draw.reveal", said, award_lots.reveal)

    @property
    def candidates(self) -> list[str]:
        found = self.tender.door.read(lambda session: trading_awards.candidates(session, self.tender.lot_id))
        return sorted(str(one.org) for one in found)

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Reasons that point to the report's third page and to a factor of the plan."""
        report = self.tender.lot.report_sha256
        return [{"text": "同类业绩最多，报价合理", "source": report, "page": 3}, {"text": "履约评价好", "source": "factor:F1", "page": 0}]

    def opinion(self, who: Person, choice: str, round_number: int = 1, **changes: Any) -> dict[str, JSON]:
        body = {"round": round_number, "choice": choice, "opinion": "履约情况好，报价合理。", "reasons": self.reasons} | changes
        return self.signed(who, "award.opinion", body, awards.speak, step_up=True, round_number=round_number)

    def cast(self, who: Person, round_number: int = 1, **body: Any) -> dict[str, JSON]:
        """A ballot that holds something else than a choice."""
        said = {"round": round_number, "reasons": self.reasons} | body
        return self.signed(who, "ballot", said, awards.vote, step_up=True, round_number=round_number)

    def ballot(self, who: Person, choice: str, round_number: int = 1, **changes: Any) -> dict[str, JSON]:
        body = {"round": round_number, "choice": choice, "reasons": self.reasons} | changes
        return self.signed(who, "ballot", body, awards.vote, step_up=True, round_number=round_number)
