"""One lot's story: its events by kind, and what several topics need of them, recomputed each time from what was signed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from app.verify.entries import Entry
from app.verify.keys import Keyring
from app.verify.logs import Heads
from app.verify.package import Package
from app.verify.verdict import Broken, inside
from core.kernel import clock
from trading.domain.award_plan import publishes_after
from trading.domain.clock import LegalRegime
from trading.domain.opening import LATER_PRICES, PRICES
from trading.domain.review_plan import ReviewPlan, plan_of

MOVES_DEADLINE: tuple[str, ...] = ("lot.resume", "bidding.go_on", "deadline.extend")
"""The kinds of event that set a new deadline, each in its member `deadline`."""


T = TypeVar("T")


@dataclass(frozen=True)
class Story:
    """The events of one lot (and those about the whole case) in their order, with all that is needed to check them."""

    package: Package
    case: str
    lot: str
    entries: Sequence[Entry]
    ring: Keyring
    heads: Heads
    deposits: Sequence[Entry] = ()
    registered: Sequence[Entry] = ()  # guarantors, on the platform's chain
    rates: Sequence[Entry] = ()  # of interest, in the order in which they were made
    reliefs: Sequence[Entry] = ()  # from deposits, likewise
    recorded: Sequence[Entry] = ()  # on the chain of the case's recordings, this lot's
    everything: Sequence[Entry] = ()  # where a replacement voided some of it: all that was said
    _found: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)  # by `once`

    @property
    def number(self) -> str:
        """The lot's number over all: `T2026-000001-1`."""
        return f"{self.case}-{self.lot}"

    def all(self, *kinds: str, round: int | None = None) -> list[Entry]:  # noqa: A002 - the member's name in a statement
        """The events of these kinds, of one round where it is given."""
        return [entry for entry in self.entries if entry.kind in kinds and round in (None, entry.statement.round)]

    def last(self, kind: str, round: int | None = None) -> Entry | None:  # noqa: A002
        """The newest of a kind, None where there is none."""
        found = self.all(kind, round=round)
        return found[-1] if found else None

    def the(self, kind: str, round: int | None = None) -> Entry:  # noqa: A002
        """The one event of a kind; raises Broken when there is none or a second."""
        found = self.all(kind, round=round)
        if not found:
            raise Broken(f"events/ ({self.lot or self.case})", "event_missing", kind=kind)
        found[-1].require(len(found) == 1, "event_twice", kind=kind)
        return found[0]

    def first(self, kind: str) -> list[Entry]:
        """The first of a kind that was ever said, voided since or not; none where it never was."""
        return [entry for entry in self.everything or self.entries if entry.kind == kind][:1]

    def has(self, kind: str) -> bool:
        """Whether it came to that."""
        return any(entry.kind == kind for entry in self.entries)

    # What several topics look at

    @property
    def notice(self) -> Entry:
        """The tender notice."""
        return self.the("notice.publish")

    @property
    def deadline(self) -> datetime:
        """The last deadline that was set."""
        return self.deadline_at(sys.maxsize)

    def deadline_at(self, seq: int) -> datetime:
        """The deadline that stood when the event of this number came: the notice's, or what a later order has made of it."""
        moved = [entry for entry in self.all(*MOVES_DEADLINE) if entry.seq < seq]
        return clock.moment(moved[-1].text("deadline") if moved else self.notice.text("deadline"))

    @property
    def document(self) -> Entry:
        """The tender document that the notice names."""
        wanted = self.notice.text("document_sha256")
        for entry in self.all("document.publish"):
            if entry.text("document_sha256") == wanted:
                return entry
        raise Broken(self.notice.member, "document_missing", document_sha256=wanted)

    @property
    def terms(self) -> Mapping[str, Any]:
        """The content of the tender document in force: as it was published, or as its last amendment put it."""
        amended = self.last("document.amend")
        return self.document.body if amended is None else amended.part("document")

    @property
    def method(self) -> Mapping[str, Any]:
        """The evaluation method in force."""
        method: Mapping[str, Any] = self.terms.get("method", {})
        return method

    @property
    def score_rules(self) -> Mapping[str, Any]:
        """How the criteria are scored, empty where the document says nothing of it."""
        rules: Mapping[str, Any] = self.terms.get("score_rules", {})
        return rules

    @property
    def review(self) -> ReviewPlan:
        """What the tender document in force says of the review."""
        return plan_of(self.terms.get("review"))

    @property
    def regime(self) -> LegalRegime:
        """The family of law of the case."""
        register = self.the("project.register")
        with inside(register.member):
            return LegalRegime(register.text("regime"))

    @property
    def plan(self) -> Entry:
        """The award plan that the notice names."""
        wanted = self.notice.text("award_plan_sha256")
        for entry in self.all("award_plan.fix"):
            if entry.text("plan_sha256") == wanted:
                return entry
        raise Broken(self.notice.member, "plan_missing", plan_sha256=wanted)

    @property
    def separation(self) -> bool:
        """Whether the award is decided apart from the evaluation (评定分离)."""
        return bool(self.plan.part("plan")["method"] != "RANK_ONE")

    @property
    def publishes_after(self) -> bool:
        """Whether the plan has the result published after the award."""
        return publishes_after(self.plan.part("plan"))

    @property
    def envelopes(self) -> list[str]:
        """The envelopes of a bid, in the order of their opening."""
        return [str(one["env"]) for one in self.document.parts("envelopes")]

    def opened_bids(self, round: int) -> dict[str, Entry]:  # noqa: A002
        """Organisation → the `opened` event of its envelope in one opening."""
        return {entry.text("bidder"): entry for entry in self.all("opened", round=round)}

    def opened_prices(self, until: int = sys.maxsize) -> dict[str, Entry]:
        """The same of the price envelopes, of whichever opening; of those up to a round where one is given."""
        later = [round_ for round_ in {entry.statement.round for entry in self.entries} if LATER_PRICES <= round_ <= until]
        return {org: entry for round_ in (PRICES, *sorted(later)) for org, entry in self.opened_bids(round_).items()}

    def code_names(self) -> dict[str, str]:
        """Code name → organisation, as opened by two persons after the technical lock; empty before."""
        opened = self.first("blind.opened")
        return {} if not opened else {str(code): str(org) for code, org in opened[0].part("map").items()}


def before(earlier: Entry | None, later: Entry, what: str) -> None:
    """Raises Broken over the later event unless the earlier one is there and stands before it."""
    later.require(earlier is not None and earlier.seq < later.seq, what)


def each_before(earlier: Iterable[Entry], later: Iterable[Entry], what: str) -> None:
    """Raises Broken over the first later event that an earlier one follows."""
    newest = max((entry.seq for entry in earlier), default=-1)
    for entry in later:
        entry.require(entry.seq > newest, what)


def same(entry: Entry, said: Mapping[str, Any] | Sequence[Any] | str | int | None, computed: object, what: str, **facts: object) -> None:
    """Raises Broken unless what an event says is what comes out when it is computed again."""
    entry.require(said == computed, what, **facts)


def once(read: Callable[[Story], T]) -> Callable[[Story], T]:
    """Reads of a story once what several checks ask of it; what is refused is refused to each of them."""

    @wraps(read)
    def known(story: Story) -> T:
        if read not in story._found:
            story._found[read] = read(story)
        found: T = story._found[read]
        return found

    return known
