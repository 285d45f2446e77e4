"""What was said about the award of one lot, in order: the statements of people and of the platform from which the shield is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from trading.domain.award_plan import publishes_after

PLAN, DOCUMENT, NOTICE = "award_plan.fix", "document.publish", "notice.publish"
DEADLINES = ("lot.resume", "bidding.go_on", "deadline.extend")
REPORT_SIGNED, REPORT, CANDIDATES, PUBLICITY_OVER = "report.sign", "report.submit", "candidates.publish", "publicity.end"
PAPER, ENTRY, REGISTER = "award.paper", "interference.entry", "interference.close"
OPENED, MATRIX, ROUND, RESULT = "award.open", "award.matrix", "award.round", "award.result"
SIGN_IN, DECLARED, REPLACED = "award.sign_in", "award.declare", "award.replace"
DRAW, DRAWN = "award_draw.request", "award_draw.result"
VOICES = ("award.opinion", "ballot")
"""How a member speaks in a round."""
DRAFT, SIGNED, DECLINED = "award.report.draft", "award.report.sign", "award.report.decline"

OF_THE_FILE = (PAPER, MATRIX, DRAFT, SIGNED, DECLINED)
"""What is said for the file alone, and moves no session."""

PROCEDURE = (
    *(PLAN, DOCUMENT, NOTICE, *DEADLINES, REPORT_SIGNED, REPORT, CANDIDATES, PUBLICITY_OVER),
    *(PAPER, ENTRY, REGISTER, OPENED, MATRIX, SIGN_IN, DECLARED, REPLACED, DRAW, DRAWN, *VOICES, ROUND, RESULT),
    *(DRAFT, SIGNED, DECLINED),
)
"""All that the table of clauses looks at."""
EVALUATED = ("score", "technical.lock", "blind.opened", "summary")
"""What the comparison of the candidates takes from the evaluation, beside the procedure."""


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: by whom (a person's id, "" for the platform), when it was received, the digest of its payload, what it says."""

    kind: str
    round: int
    person: str
    role: str
    at: datetime
    sha256: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seat:
    """A member by number and post; `left` stepped back or was replaced."""

    number: int
    person: str
    post: str
    left: bool = False


class Told:
    """All statements of a lot's award in their order; what was said in a round that is not complete is left out."""

    __slots__ = ("_said",)

    def __init__(self, said: Iterable[Said]) -> None:
        everything = tuple(said)
        complete = {one.round for one in everything if one.kind == ROUND}
        if any(one.kind == RESULT for one in everything):
            complete.add(max((one.round for one in everything if one.kind in VOICES), default=0))
        self._said = tuple(one for one in everything if one.kind not in VOICES or one.round in complete)

    def all(self, *kinds: str) -> list[Said]:
        """The statements of these kinds, oldest first."""
        return [one for one in self._said if one.kind in kinds]

    def last(self, kind: str) -> Said | None:
        """The newest of a kind."""
        return next((one for one in reversed(self._said) if one.kind == kind), None)

    def before(self, kind: str) -> Told:
        """What had been said when the first statement of a kind came; everything where there is none."""
        place = next((at for at, one in enumerate(self._said) if one.kind == kind), len(self._said))
        return Told(self._said[:place])

    def place(self, one: Said) -> int:
        """Where a statement stands in the order."""
        return self._said.index(one)

    @property
    def notice(self) -> Said | None:
        """The tender notice."""
        return self.last(NOTICE)

    @property
    def plan(self) -> Said | None:
        """The award plan that the notice names."""
        return self._named(PLAN, "award_plan_sha256", "plan_sha256")

    @property
    def publishes_after(self) -> bool:
        """Whether the plan has the result published after the award, and the candidates not before it."""
        return self.plan is not None and publishes_after(self.plan.body["plan"])

    @property
    def document(self) -> Said | None:
        """The tender document that the notice names."""
        return self._named(DOCUMENT, "document_sha256", "document_sha256")

    def _named(self, kind: str, in_notice: str, own: str) -> Said | None:
        notice = self.notice
        wanted = "" if notice is None else str(notice.body.get(in_notice, ""))
        return next((one for one in reversed(self.all(kind)) if str(one.body[own]) == wanted), None)

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Everybody who sits or has sat in the award committee, by number: those named, or drawn from the list, then successors."""
        opened = self.last(OPENED)
        if opened is None:
            return ()
        listed = {str(person): str(post) for person, post in opened.body["members"].items()}
        chosen = self._chosen(sorted(listed))
        found = [Seat(number, person, listed[person]) for number, person in enumerate(chosen, 1)]
        for one in self.all(DECLARED, REPLACED):
            leaves = str(one.body["member"]) if one.kind == REPLACED else ("" if one.body["none"] else one.person)
            found = [replace(seat, left=True) if seat.person == leaves else seat for seat in found]
            if one.kind == REPLACED and one.body["successor"]:
                found.append(Seat(len(found) + 1, str(one.body["successor"]), str(one.body["post"])))
        return tuple(found)

    def _chosen(self, listed: list[str]) -> list[str]:
        """Those on the list who sit at first: all of them, or whom the draw put first, the chair's post being no matter of chance."""
        plan = self.plan
        if plan is None or plan.body["plan"].get("selection", "named") == "named":
            return listed
        drawn = self.members_draw
        if drawn is None:
            return []
        order = [str(one) for one in drawn.body["order"]]
        chair = [one for one in listed if one not in order]
        return chair + order[: int(plan.body["plan"]["members"]) - len(chair)]

    @property
    def members_draw(self) -> Said | None:
        """The draw by which members were taken from the list."""
        names = {one.body["draw"] for one in self.all(DRAW) if one.body["purpose"] == "members"}
        return next((one for one in reversed(self.all(DRAWN)) if one.body["draw"] in names), None)

    @property
    def members(self) -> tuple[str, ...]:
        """The persons in office, by number; empty before the session."""
        return tuple(seat.person for seat in self.seats if not seat.left)

    def papers(self, *categories: str) -> list[Said]:
        """The papers that the tenderer filed under these categories."""
        return [one for one in self.all(PAPER) if one.body["category"] in categories]

    @property
    def entries(self) -> tuple[str, ...]:
        """The digests of the entries in the register of interference, oldest first."""
        return tuple(one.sha256 for one in self.all(ENTRY))

    def closers(self) -> list[Said]:
        """Who signed the register as it stands: a signature over fewer entries counts no longer. One for each person, oldest first."""
        standing = list(self.entries)
        valid = {one.person: one for one in self.all(REGISTER) if list(one.body["entries"]) == standing}
        return sorted(valid.values(), key=self.place)

    def signers(self) -> list[Said]:
        """Who signed the award report that was drafted, and whose refusal the tenderer has noted, oldest first."""
        draft = self.last(DRAFT)
        wanted = "" if draft is None else draft.body["report_sha256"]
        return [one for one in self.all(SIGNED, DECLINED) if one.body["report_sha256"] == wanted]
