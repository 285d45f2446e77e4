"""Questions to bidders replayed: asked by who was chair, answered in time or not at all; corrections and votes on prices counted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.verify.entries import Entry
from app.verify.replay import committee, votes
from app.verify.replay.story import Story, same
from app.verify.verdict import inside
from core.kernel.jcs import JSON
from evaluation.domain import question as rules
from evaluation.domain.question import Answer, Kind, PriceVoteBody, Proposal, Question
from evaluation.domain.rejection import Stage

ENDS = ("bid_question.answer", "bid_question.overdue")


@dataclass(frozen=True)
class Asked:
    """A question and how it ended."""

    entry: Entry
    said: Question
    end: Entry | None
    answer: Answer | None

    @property
    def accepts(self) -> str:
        """What the bidder said to a correction."""
        return "" if self.answer is None else self.answer.accepts


def asked(story: Story) -> list[Asked]:
    """The questions of the lot with their ends; raises Broken for an answer to none, too late, or a second end."""
    bids, regime = story.the("blind.map").texts("bids"), story.regime
    ends: dict[str, Entry] = {}
    answers: dict[str, Answer] = {}
    for entry in story.all(*ENDS):
        question = _answered(entry, answers) if entry.kind == ENDS[0] else _lapsed(story, entry)
        entry.require(question not in ends, "question_differs")
        ends[question] = entry
    found = []
    for entry in story.all("bid_question.ask"):
        with inside(entry.member):
            said = Question.read(entry.body, bids, regime)
        end = ends.pop(entry.digest, None)
        answer = answers.get(entry.digest)
        if end is not None:
            in_time = end.at < said.until if answer is not None else end.at >= said.until
            end.require(end.seq > entry.seq and in_time, "question_differs")
        if answer is not None and end is not None:
            with inside(end.member):
                answer.check(said.correction)
        found.append(Asked(entry, said, end, answer))
    for stray in ends.values():
        stray.require(False, "question_differs")
    return found


def _answered(entry: Entry, answers: dict[str, Answer]) -> str:
    with inside(entry.member):
        said = Answer.read(entry.body)
    answers[said.question] = said
    return said.question


def _lapsed(story: Story, entry: Entry) -> str:
    number = entry.count("number")
    questions = story.all("bid_question.ask")
    entry.require(0 < number <= len(questions), "question_differs")
    same(entry, entry.text("bid"), questions[number - 1].body.get("bid"), "question_differs")
    return questions[number - 1].digest


def check_questions(story: Story) -> int:
    """Every question was the chair's, and ended before what it holds up; returns how many."""
    for entry, seated in committee.sittings(story):
        if entry.kind in ("bid_question.ask", "price_check.close"):
            entry.require(bool(seated.chair) and seated.seat_of(entry) == seated.chair, "not_the_chair")
        elif entry.kind == "bid_question.propose":
            seated.seat_of(entry)
            with inside(entry.member):
                Proposal.read(entry.body, story.the("blind.map").texts("bids"))
    questions = asked(story)
    for wall in story.all("preliminary.result", "technical.lock", "summary"):
        for one in questions:
            held = one.entry.seq > wall.seq or (one.end is not None and one.end.seq < wall.seq)
            wall.require(held, "question_open")
    return len(questions)


def accepted(story: Story) -> dict[str, list[dict[str, JSON]]]:
    """Code name → corrections that its bidder accepted in a signed answer."""
    return rules.adjustments([(one.said.bid, one.said.rule, one.said.correction, one.accepts) for one in asked(story)])


def out_by_price(story: Story) -> frozenset[str]:
    """The bids that the committee found invalid after their prices were asked about; the counting is checked by `check_prices`."""
    return frozenset(entry.text("bid") for entry in story.all("price_matter.result") if entry.body.get("stays") is False)


def check_prices(story: Story, read_out: Mapping[str, Decimal], method: Mapping[str, Any]) -> int:
    """Low prices flagged again, each asked about and voted on; every vote counted again; returns how many bids were found invalid.

    `read_out`: code name → price, of the bids whose prices are open.
    """
    limits = story.review.low_price
    flags = _flags(story, read_out, method) if limits is not None else {}
    questions = asked(story)
    ended = [(one.said.bid, one.said.kind, one.said.correction, one.accepts) for one in questions if one.end is not None]
    due = rules.matters(ended)
    results = {entry.text("bid"): entry for entry in story.all("price_matter.result")}
    summary = story.last("summary")
    if summary is not None and not votes.is_lacking(story):
        enquired = {one.said.bid for one in questions if one.said.kind is Kind.LOW_PRICE}
        summary.require(set(flags) <= enquired and set(results) == set(due), "price_matter_differs")
        summary.require(not story.review.looks_at_prices or story.has("price_check.close"), "price_matter_differs")
    for bid, entry in results.items():
        entry.require(bid in due, "price_matter_differs")
        same(entry, dict(entry.body), rules.decide_price(bid, _votes(story, bid)).to_json(), "price_matter_differs")
    out = out_by_price(story)
    votes.check_competition(story, Stage.PRICES, len(set(read_out) - out) if out else 0)
    return len(out)


def _flags(story: Story, read_out: Mapping[str, Decimal], method: Mapping[str, Any]) -> dict[str, list[str]]:
    said = story.last("price_matter.result") if not story.has("low_price.flag") else story.the("low_price.flag")
    if said is None or said.kind != "low_price.flag":
        if (summary := story.last("summary")) is not None and read_out:
            summary.require(False, "event_missing", kind="low_price.flag")
        return {}
    before = [one for one in asked(story) if one.end is not None and one.end.seq < said.seq]
    corrections = rules.adjustments([(one.said.bid, one.said.rule, one.said.correction, one.accepts) for one in before])
    ceiling = None if method.get("price_ceiling") is None else Decimal(str(method["price_ceiling"]))
    found = rules.flagged(rules.corrected(read_out, corrections, ceiling), ceiling, story.review.low_price or {})
    same(said, {bid: list(limits) for bid, limits in said.part("bids").items()}, found, "price_matter_differs")
    return found


def _votes(story: Story, bid: str) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for entry, seated in committee.sittings(story):
        if entry.kind == "price_matter.vote" and entry.body.get("bid") == bid:
            seat = seated.seat_of(entry)
            entry.require(seat not in found, "said_twice", seat=seat)
            with inside(entry.member):
                found[seat] = PriceVoteBody.read(entry.body, [bid]).stays
    forming: Sequence[Entry] = story.all("committee.form")
    for one in forming[-1].parts("seats"):
        forming[-1].require(one["code"] in found, "member_silent", seat=one["code"], kind="price_matter.vote")
    return found
