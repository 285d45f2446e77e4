"""Scores: the scoring case put together again from signed sheets and opened prices, and evaluated by the same functions as in the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.verify.entries import Entry
from app.verify.replay import coefficients, doubts, findings, opening, questions, unlocks, votes, weighings
from app.verify.replay.story import Story, before, each_before, once, same
from app.verify.verdict import inside
from evaluation.domain.checking import findings as compared
from evaluation.domain.finding import AnswerBody, corrected
from evaluation.domain.parts import LATER, TECHNICAL, merged, parts_of
from evaluation.domain.reference import ReferenceBody
from evaluation.domain.scoring_case import PricedBid, TechnicalResult, assemble, digest, full_result, technical_result, with_drawn
from evaluation.domain.sheet import BidScores, SheetBody, rules_of
from evaluation.domain.weighing import Priced


def method(story: Story) -> dict[str, Any]:
    """The method that the tender document published, with what was drawn, and the reference price once it was opened."""
    said = with_drawn({**story.method, "case": story.number}, coefficients.drawn(story))
    opened = story.last("reference_price.open")
    return said if opened is None else said | {"reference_price": opened.text("value")}


def sheets(story: Story) -> dict[str, Sequence[BidScores]]:
    """Seat → the technical sheet as it was signed, complete and within the document's limits; raises Broken."""
    standing = votes.result(story).texts("standing")
    return _part(story, TECHNICAL, standing) if TECHNICAL in parts_of(story.method) else {}


def _part(story: Story, part: str, bids: Sequence[str]) -> dict[str, Sequence[BidScores]]:
    """The sheets of one part, of every seat."""
    rules = rules_of(method(story), story.score_rules, bids, part)
    found: dict[str, Sequence[BidScores]] = {}
    for seat, entry in unlocks.signed(story, part, bids if story.everything else None).items():
        with inside(entry.member):
            found[seat] = SheetBody.read(entry.body, rules).sheets
    return found


def all_sheets(story: Story, passed: Sequence[str]) -> dict[str, Sequence[BidScores]]:
    """Seat → the sheets of all parts as one; the later parts are of the bids that passed, signed before the summary."""
    later = [part for part in parts_of(story.method) if part in LATER]
    signed = [entry for entry in story.all("score") if entry.body.get("part") in LATER]
    each_before(story.first("blind.opened"), signed, "too_early")
    each_before(signed, story.all("summary"), "too_late")
    parts = [sheets(story), *(_part(story, part, passed) for part in later)]
    return {seat: merged([one[seat] for one in parts if seat in one]) for seat in {seat for one in parts for seat in one}}


def check_reference_price(story: Story) -> None:
    """The reference price is the one that the document committed to, opened after the technical lock."""
    committed = story.document.body.get("reference_price_commit")
    for entry in story.all("reference_price.open"):
        with inside(entry.member):
            said = ReferenceBody.read(entry.body)
        entry.require(bool(committed) and said.matches(story.case, story.lot, str(committed)), "reference_differs")
    each_before(story.first("technical.lock"), story.all("reference_price.open"), "too_early")
    summary = story.last("summary")
    if summary is not None and committed and story.has("technical.lock"):
        summary.require(story.has("reference_price.open"), "reference_missing")


def check_technical(story: Story) -> int:
    """The technical result at the lock, from the sheets alone, before any price was known; returns how many passed."""
    lock = story.the("technical.lock")
    result = technical(story)
    same(lock, lock.text("result_sha256"), digest(result.to_json()), "technical_differs")
    held = story.code_names()
    if not held:
        return len(result.passed)  # the names were never opened
    same(lock, lock.texts("passed"), sorted(held[code] for code in result.passed), "technical_differs")
    same(lock, lock.texts("failed"), sorted(held[code] for code in result.failed), "technical_differs")
    each_before([entry for entry in story.all("score") if entry.body.get("part") == TECHNICAL], [lock], "too_early")
    each_before(story.first("technical.lock"), story.all("opened", round=1), "too_early")
    return len(result.passed)


@once
def technical(story: Story) -> TechnicalResult:
    """The technical stage recomputed."""
    standing = votes.result(story).texts("standing")
    with inside(story.the("technical.lock").member):
        return technical_result(assemble(method(story), [PricedBid(code) for code in standing], sheets(story)))


def check_summary(story: Story) -> str:
    """The whole evaluation from sheets and opened prices, and again where other scores count than before; returns the candidates."""
    due, found, prices = doubts.totals(story, _signed(story)), story.all("summary"), story.all("price.result")
    for entry in (found[-1], prices[-1] if prices else found[-1]):
        entry.require(len(found) == len(prices) == len(due), "event_twice", kind=entry.kind)
    return [_check_total(story, found[nth], prices[nth], scoring_case(story, said)) for nth, said in enumerate(due)][-1]


def _signed(story: Story) -> Mapping[str, Sequence[BidScores]]:
    return scored(story) if story.has("technical.lock") else {}


def summary(story: Story) -> Entry:
    """The summary that counts: the last, which `check_summary` looks at; with what was drawn where equal bids were left to a draw."""
    found = story.all("summary", "tie_draw.ranking")
    return found[-1] if found else story.the("summary")


def _check_total(story: Story, summary: Entry, prices: Entry, case: Mapping[str, Any]) -> str:
    """One summary and its prices; returns the candidates."""
    if len(story.envelopes) > 1 and story.has("technical.lock"):
        requests = [entry for entry in story.all("opening.request") if entry.seq < summary.seq]
        asked = {org for entry in requests for org in opening.asked_of(story, entry)}
        summary.require(set(story.the("technical.lock").texts("passed")) <= asked, "prices_never_asked")
    with inside(summary.member):
        result = full_result(case)
        for name, made in (("document", case), ("result", result)):
            same(summary, digest(dict(summary.part(name))), digest(made), "summary_differs", field=name)
        same(summary, summary.text("case_sha256"), digest(case), "digest_differs", field="case_sha256")
        same(summary, summary.text("result_sha256"), digest(result), "digest_differs", field="result_sha256")
    rows: Any = result["rows"]
    same(prices, prices.part("scores"), {one["bid"]: str(one["price_score"] or "") for one in rows}, "summary_differs", field="scores")
    same(prices, prices.text("benchmark"), str(result["benchmark"] or ""), "summary_differs", field="benchmark")
    chosen: Any = result["candidates"]
    return ", ".join(chosen)


def scoring_case(story: Story, said: Mapping[str, Sequence[AnswerBody]] | None = None) -> dict[str, Any]:
    """What `gongheng score` reads, from signed statements and opened envelopes alone; `said`: what members scored again."""
    standing = votes.result(story).texts("standing")
    if not story.has("technical.lock"):  # nobody was left to be scored, or too few
        standing = [] if votes.is_lacking(story) else standing
        return assemble(method(story), [PricedBid(code) for code in standing], {})
    passed, lacking = set(technical(story).passed), votes.is_lacking(story)
    corrections, out = questions.accepted(story), questions.out_by_price(story)
    changes, preferences = weighings.adopted(story)
    found = []
    for code in standing:
        bid = _priced(story, code, story.code_names()[code], code in passed)
        adjustments = [*corrections.get(code, ()), *changes.get(code, ())]
        is_out = bid.failed or lacking or code in out
        found.append(replace(bid, failed=is_out, adjustments=adjustments, preference=preferences.get(code, "")))
    return assemble(method(story), found, corrected(scored(story), said or {}))


def read_out(story: Story) -> dict[str, Decimal]:
    """Code name → price, of the bids that passed and whose prices are open."""
    held, found = story.code_names(), {}
    for code in technical(story).passed if story.has("technical.lock") else ():
        if (price := _priced(story, code, held[code], passed=True).price) is not None:
            found[code] = price
    return found


def check_prices(story: Story) -> int:
    """Questions about prices and votes on them; returns how many bids were found invalid."""
    return questions.check_prices(story, read_out(story), method(story))


def check_weighings(story: Story) -> int:
    """What was weighed between prices and evaluated prices; returns how much was adopted."""
    held, prices = story.code_names(), read_out(story)
    claims = weighings.claims(story, {code: held[code] for code in prices})
    files = opening.file_digests(story) if story.has("weighing.propose") and opening.can_reopen() else None
    bids = {
        code: Priced(price, (), frozenset(claims[code]), None if files is None else files.get(held[code], set()))
        for code, price in prices.items()
    }
    return weighings.check_weighings(story, bids)


def scored(story: Story) -> Mapping[str, Sequence[BidScores]]:
    """Seat → the sheets that count; where no bid was left at the price stage nobody had to go on scoring."""
    passed, held = technical(story).passed, story.code_names()
    out = questions.out_by_price(story)
    is_left = not votes.is_lacking(story) and any(
        code not in out and not _priced(story, code, held[code], passed=True).failed for code in passed
    )
    return all_sheets(story, passed) if is_left else sheets(story)


def check_consistency(story: Story) -> int:
    """What the sheets show when they are compared again; returns how many findings there are."""
    totals, told, marks = story.all("summary"), story.all("consistency.result"), _signed(story)
    due, found = doubts.totals(story, marks), ()  # type: Sequence[Mapping[str, Sequence[AnswerBody]]], Sequence[Any]
    told[-1].require(len(told) == len(totals) == len(due), "event_twice", kind="consistency.result")
    for total, said, counting in zip(totals, told, due, strict=True):
        before(total, said, "too_early")
        found = compared(method(story), story.score_rules, corrected(marks, counting))
        same(said, [dict(one) for one in said.parts("findings")], [dict(one) for one in found], "findings_differ")
    findings.check_answers(story)
    return len(found)


def check_doubts(story: Story) -> int:
    """Doubted scores; returns how many count otherwise than they were signed."""
    return doubts.check_doubts(story, _signed(story))


def _priced(story: Story, code: str, org: str, passed: bool) -> PricedBid:
    """A bid with what its last envelope says: nothing while it is shut, failed where it could not be opened or names no price."""
    if not passed:
        return PricedBid(code)
    opened = (story.opened_prices() if len(story.envelopes) > 1 else story.opened_bids(0)).get(org)
    if opened is None:
        return PricedBid(code, None, failed=True)
    price = opened.part("read_out").get("price")
    return PricedBid(code, None, failed=True) if price is None else PricedBid(code, Decimal(str(price)))
