"""What was weighed between prices and evaluated prices replayed: every proposal fits document and bid, and every vote is counted again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app.verify.entries import Entry
from app.verify.replay import committee, questions
from app.verify.replay.story import Story, each_before, same
from app.verify.verdict import inside
from core.kernel.jcs import JSON
from evaluation.domain.weighing import Priced, Proposal, VoteBody, Weighed, Weighings, decide
from trading.domain.price_rules import Preference, claims_of


@dataclass
class Put:
    """A proposal with the votes on it, seat → whether it agrees, and its result, None while there is none."""

    entry: Entry
    said: Proposal
    votes: dict[str, bool] = field(default_factory=dict)
    result: Entry | None = None

    @property
    def weighed(self) -> Weighed:
        """As the rules look at it; the result is checked by `_decided`."""
        return Weighed(self.said, None if self.result is None else bool(self.result.body.get("adopted")))


def weighings(story: Story) -> Weighings:
    """What was adopted, by the document's rules; raises Broken for votes of strangers, twice or none, and results that no votes gave."""
    return Weighings(story.review.prices, tuple(one.weighed for one in _played(story)))


def adopted(story: Story) -> tuple[dict[str, list[dict[str, JSON]]], dict[str, str]]:
    """What it makes of the scoring case: adjustments and percentages of preference by code name; raises Broken."""
    with inside(f"weighing.propose ({story.lot})"):
        weighed = weighings(story)
        return weighed.adjustments(), weighed.preferences()


def _played(story: Story) -> list[Put]:
    found: dict[str, Put] = {}
    for entry, seated in committee.sittings(story):
        if entry.kind == "weighing.propose":
            seated.seat_of(entry)
            with inside(entry.member):
                said = Proposal.read(entry.body)
            found[entry.digest] = Put(entry, said)
        elif entry.kind == "weighing.vote":
            _vote(entry, seated.seat_of(entry), found)
        elif entry.kind == "weighing.result":
            _decided(story, entry, list(found.values()))
    return list(found.values())


def _vote(entry: Entry, seat: str, found: Mapping[str, Put]) -> None:
    with inside(entry.member):
        said = VoteBody.read(entry.body)
    put = found.get(said.proposal)
    if put is None or put.result is not None:
        entry.require(False, "weighing_differs")
        return
    entry.require(seat not in put.votes, "said_twice", seat=seat)
    put.votes[seat] = said.agrees


def _decided(story: Story, entry: Entry, puts: list[Put]) -> None:
    """Its number is that of the proposal among all that were ever made; all members had voted."""
    ever = [one.digest for one in story.everything or story.entries if one.kind == "weighing.propose"]
    number = entry.count("number")
    put = next((one for one in puts if 0 < number <= len(ever) and one.entry.digest == ever[number - 1]), None)
    if put is None or put.result is not None:
        entry.require(False, "weighing_differs")
        return
    for seat in sorted(committee.newest_seats(story), key=int):
        entry.require(seat in put.votes, "member_silent", seat=seat, kind="weighing.vote")
    made = {"number": number, "bid": put.said.bid, "rule": put.said.rule} | decide(put.votes).to_json()
    same(entry, dict(entry.body), made, "weighing_differs")
    put.result = entry


def check_weighings(story: Story, bids: Mapping[str, Priced]) -> int:
    """Every proposal could be made when it was made, all was decided before the chair said that prices were looked through, and that was
    before the summary; returns how many were adopted. `bids`: those whose prices are open, by code name."""
    closed, played = story.last("price_check.close"), _played(story)
    for place, put in enumerate(played):
        put.entry.require(closed is None or put.entry.seq < closed.seq, "too_late", kind=put.entry.kind)
        known = [Weighed(one.said, one.weighed.adopted if _is_decided_by(one, put.entry) else None) for one in played[:place]]
        with inside(put.entry.member):
            Weighings(story.review.prices, known).check(put.said, _priced(story, put.entry, bids))
    if closed is not None:
        out = _out_by(story, closed)
        for put in played:
            closed.require(_is_decided_by(put, closed) or put.said.bid in out, "weighing_open")
        due = weighings(story).claims_due({code: one.claims for code, one in bids.items() if code not in out})
        closed.require(not due, "weighing_open")
        each_before([closed], story.all("summary"), "too_early")
    return sum(put.weighed.adopted is True for put in played)


def _is_decided_by(put: Put, entry: Entry) -> bool:
    return put.result is not None and put.result.seq < entry.seq


def _out_by(story: Story, entry: Entry) -> frozenset[str]:
    """The bids found invalid for their price by then."""
    decided = [one for one in story.all("price_matter.result") if one.seq < entry.seq]
    return frozenset(one.text("bid") for one in decided if one.body.get("stays") is False)


def _priced(story: Story, entry: Entry, bids: Mapping[str, Priced]) -> dict[str, Priced]:
    """What a proposal was held against at its moment."""
    out, corrections = _out_by(story, entry), _corrections(story, entry)
    return {code: replace(one, corrections=corrections.get(code, ())) for code, one in bids.items() if code not in out}


def _corrections(story: Story, entry: Entry) -> dict[str, list[Decimal]]:
    """The corrections that counted by then, or might: accepted, or lower and not answered yet."""
    found: dict[str, list[Decimal]] = {}
    for one in questions.asked(story):
        if one.said.correction and one.entry.seq < entry.seq:
            answered = one.end is not None and one.end.seq < entry.seq
            if (answered and one.accepts == "yes") or (not answered and one.said.correction.startswith("-")):
                found.setdefault(one.said.bid, []).append(Decimal(one.said.correction))
    return found


def claims(story: Story, held: Mapping[str, str]) -> dict[str, dict[Preference, str]]:
    """Code name → what its bid claims, of bids whose last envelope is open; `held`: code name → organisation."""
    opened = story.opened_prices() if len(story.envelopes) > 1 else story.opened_bids(0)
    items = {code: opened[org].part("read_out").get("items", {}) for code, org in held.items()}
    return {code: claims_of({str(name): str(text) for name, text in said.items()}) for code, said in items.items()}
