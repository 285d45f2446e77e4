"""Doubted scores replayed: who doubted which, the two votes counted again, the explanation, and the scores that count from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.verify.entries import Entry
from app.verify.replay import committee, findings
from app.verify.replay.committee import Seated
from app.verify.replay.stops import stops_of
from app.verify.replay.story import Story, each_before, same
from app.verify.verdict import Broken, inside
from evaluation.domain import doubt as rules
from evaluation.domain.doubt import DoubtBody, ExplanationBody, Question, ReplacementBody, SilenceBody, State, Terms, VoteBody
from evaluation.domain.finding import AnswerBody, corrected, rules_of_items
from evaluation.domain.room_pause import extended
from evaluation.domain.sheet import BidScores, SheetRules

KINDS = ("doubt.raise", "doubt.vote", "doubt.result", "doubt.answer", "doubt.silence", "doubt.replace")
REPORT = ("report.draft", "report.sign", "report.deadline", "report.refusal")
Sheets = Mapping[str, Sequence[BidScores]]


def standing(story: Story) -> Story:
    """The story without the reports that a later doubt has voided, and the signatures under them."""
    newest = story.last("doubt.raise")
    if newest is None:
        return story
    return replace(story, entries=[entry for entry in story.entries if entry.kind not in REPORT or entry.seq > newest.seq])


@dataclass
class Doubted:
    """A doubt, and what was said of it so far."""

    entry: Entry
    said: DoubtBody
    state: State = State.VOTING
    about: str = ""  # the digest that votes name now
    votes: dict[str, bool] = field(default_factory=dict)
    found: Entry | None = None  # the result by which it was found abnormal
    scores: list[AnswerBody] = field(default_factory=list)  # what counts instead


@dataclass
class Round:
    """Doubts that were open together: from the first until nothing of any of them was awaited."""

    first: Entry
    last: Entry
    changed: Mapping[str, Sequence[AnswerBody]] = field(default_factory=dict)  # all that counts after it
    is_over: bool = False
    changes: bool = False


@dataclass
class _Played:
    story: Story
    sheets: Sheets
    terms: Terms
    rules: SheetRules
    answers: Mapping[str, Sequence[AnswerBody]]
    doubts: dict[str, Doubted] = field(default_factory=dict)  # by digest
    rounds: list[Round] = field(default_factory=list)
    counting: dict[str, list[AnswerBody]] = field(default_factory=dict)

    def raised(self, entry: Entry, seated: Seated) -> Doubted:
        with inside(entry.member):
            said = DoubtBody.read(entry.body, self.rules)
        seat, known = seated.seat_of(entry), [one.said for one in self.doubts.values()]
        entry.require(self.terms.is_open and said.seat in seated.seats and said.seat != seat, "doubt_differs")
        entry.require(not rules.is_doubted_before(said, known), "doubt_differs")
        entry.require(said.bid in self._ranked(entry), "doubt_differs")
        each_before([*self.story.all("finding.answer"), *self._totals(entry)[:1]], [entry], "too_early")
        entry.require(not any(one.seq < entry.seq for one in self.story.all("report.submit")), "too_late", kind=entry.kind)
        if not self.rounds or self.rounds[-1].is_over:
            self.rounds.append(Round(entry, entry))
        one = self.doubts[entry.digest] = Doubted(entry, said, about=entry.digest)
        return one

    def _totals(self, entry: Entry) -> list[Entry]:
        return [one for one in self.story.all("summary") if one.seq < entry.seq]

    def _ranked(self, entry: Entry) -> set[str]:
        """The bids of the ranking that stood then; what the summary says is checked with the scores."""
        totals = self._totals(entry)
        entry.require(bool(totals), "too_early")
        rows: Any = totals[-1].part("result")["rows"]
        return {str(one["bid"]) for one in rows}

    def voted(self, entry: Entry, seated: Seated) -> Doubted:
        one, question = self._voting(entry, str(entry.body.get("about")))
        with inside(entry.member):
            said = VoteBody.read(entry.body, one.about, question)
        seat = seated.seat_of(entry)
        entry.require(seat in rules.voters(seated.seats, one.said.seat) - set(one.votes), "said_twice", seat=seat)
        one.votes[seat] = said.yes
        return one

    def counted(self, entry: Entry, seated: Seated) -> Doubted:
        one, question = self._voting(entry, entry.text("about"))
        same(entry, entry.text("question"), question.value, "doubt_differs")
        silent = rules.voters(seated.seats, one.said.seat) - set(one.votes)
        entry.require(not silent, "member_silent", seat=", ".join(sorted(silent, key=int)), kind="doubt.vote")
        given = {seat: one.votes[seat] for seat in sorted(one.votes, key=int)}
        for name, side in (("yes", True), ("no", False)):
            same(entry, entry.texts(name), [seat for seat, yes in given.items() if yes is side], "doubt_miscounted")
        one.state = rules.outcome(question, given, len(seated.seats), self.terms)
        same(entry, entry.text("state"), one.state.value, "doubt_miscounted")
        one.votes, one.about = {}, ""
        one.found = entry if one.state is State.ANSWERING else one.found
        return one

    def answered(self, entry: Entry, seated: Seated) -> Doubted:
        one = self._named(entry, State.ANSWERING)
        entry.require(seated.seat_of(entry) == one.said.seat, "doubt_differs")
        with inside(entry.member):
            said = ExplanationBody.read(entry.body, one.said, self.rules, self.terms)
        one.state, one.about = said.state(self.terms), entry.digest
        if one.state is State.RESCORED:
            one.scores = rules.corrections(one.said.bid, said.scores, said.ticks)
        return one

    def silent(self, entry: Entry, _seated: Seated) -> Doubted:
        one = self._named(entry, State.ANSWERING)
        with inside(entry.member):
            SilenceBody.read(entry.body)
        entry.require(one.found is not None, "too_early")
        assert one.found is not None
        until = extended(one.found.at + rules.TIME, one.found.at, stops_of(self.story.entries))
        entry.require(entry.at >= until, "too_early")
        one.state = self.terms.unexplained
        return one

    def replaced(self, entry: Entry, seated: Seated) -> Doubted:
        one = self._named(entry, State.NOTING)
        entry.require(seated.seat_of(entry) == rules.noter(seated.chair, one.said.seat, seated.seats), "not_the_chair")
        assert self.terms.places is not None  # or nothing waits for a note
        means = rules.means(corrected(self.sheets, self._all()), one.said, self.terms.places)
        with inside(entry.member):
            said = ReplacementBody.read(entry.body, one.entry.digest, means)
        one.state, one.scores = State.REPLACED, rules.corrections(one.said.bid, said.scores, {})
        return one

    def _voting(self, entry: Entry, about: str) -> tuple[Doubted, Question]:
        for one in self.doubts.values():
            if one.about == about and one.state in (State.VOTING, State.WEIGHING):
                return one, Question.ABNORMAL if one.state is State.VOTING else Question.HOLDS
        raise Broken(entry.member, "doubt_differs")

    def _named(self, entry: Entry, state: State) -> Doubted:
        one = self.doubts.get(str(entry.body.get("doubt")))
        if one is None or one.state is not state:
            raise Broken(entry.member, "doubt_differs")
        return one

    def _all(self) -> dict[str, list[AnswerBody]]:
        """What counts now in the place of signed scores."""
        return {seat: [*self.answers.get(seat, ()), *self.counting.get(seat, ())] for seat in {*self.answers, *self.counting}}

    def after(self, one: Doubted, entry: Entry) -> None:
        """The round goes on, or is over with this entry."""
        here = self.rounds[-1]
        here.last = entry
        if one.state.changes:
            self.counting.setdefault(one.said.seat, []).extend(one.scores)
            here.changes = True
        here.is_over = all(each.state.is_over for each in self.doubts.values())
        here.changed = self._all()


def rounds(story: Story, sheets: Sheets) -> list[Round]:
    """Every round of doubts with what counts after it; `sheets`: as they were signed. Raises Broken over what could not be said then."""
    if not story.all(*KINDS):
        return []
    items = rules_of_items(story.method, story.score_rules, story.code_names())
    played = _Played(story, sheets, rules.terms_of(story.regime, story.score_rules), items, findings.answers(story))
    steps: dict[str, Callable[[Entry, Seated], Doubted]] = {
        "doubt.raise": played.raised,
        "doubt.vote": played.voted,
        "doubt.result": played.counted,
        "doubt.answer": played.answered,
        "doubt.silence": played.silent,
        "doubt.replace": played.replaced,
    }
    for entry, seated in committee.sittings(story):
        if entry.kind in steps:
            played.after(steps[entry.kind](entry, seated), entry)
    return played.rounds


def totals(story: Story, sheets: Sheets) -> list[Mapping[str, Sequence[AnswerBody]]]:
    """What counts in the place of signed scores at each summary that there must be; raises Broken for a summary too many, too few, or at
    another moment than when something changed."""
    said = findings.answers(story)
    again = any(one.score for given in said.values() for one in given)
    due: list[tuple[Entry | None, Mapping[str, Sequence[AnswerBody]]]] = [(None, {})]
    if again:
        due.append((story.all("finding.answer")[-1], said))
    due += [(one.last, one.changed) for one in _changing(rounds(story, sheets))]
    for kind in ("summary", "price.result", "consistency.result"):
        found = story.all(kind)
        if found:
            found[-1].require(len(found) == len(due), "event_twice", kind=kind)
        for entry, (after, _) in zip(found, due, strict=False):
            entry.require(after is None or after.seq < entry.seq, "too_early")
    return [changed for _, changed in due]


def _changing(held: Sequence[Round]) -> Iterator[Round]:
    return (one for one in held if one.is_over and one.changes)


def check_doubts(story: Story, sheets: Sheets) -> int:
    """No report was drafted while a doubt was open; returns how many scores count otherwise than they were signed."""
    held = rounds(story, sheets)
    for draft in story.all("report.draft"):
        draft.require(all(one.is_over for one in held), "doubt_open")
        each_before([*(one.last for one in held), *story.all("summary")], [draft], "too_early")
    counted = held[-1].changed if held else {}
    return len({(seat, one.matter) for seat, given in counted.items() for one in given if one.score})
