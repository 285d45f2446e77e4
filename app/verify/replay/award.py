"""The award: published candidates, the session played again from its ballots, and the same winner and price to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.verify.entries import Entry
from app.verify.replay import bids, opening, report, scores
from app.verify.replay.awarding import Replay
from app.verify.replay.first import first, winner
from app.verify.replay.story import Story, before, same
from app.verify.verdict import inside
from core.kernel import clock
from core.kernel.calendar import end_of, legal_day
from core.kernel.ids import PersonId
from evaluation.domain.award_ballot import Sources, places_of
from evaluation.domain.award_methods import Candidate
from evaluation.domain.shield_said import OF_THE_FILE
from trading.domain.award_plan import AwardPlan


def check_publicity(story: Story) -> int:
    """The candidates published are the report's, at their contract prices, for as long as the notice said, with the award's result where
    that is published after it; returns how many."""
    submit = story.the("report.submit")
    published = story.the("candidates.publish")
    wanted = report.candidates(story)
    made = {org: (0 if story.separation else one.rank, one.price.fen) for org, one in wanted}
    shown = {str(one["org"]): (one["rank"], one["price_fen"]) for one in published.parts("candidates")}
    same(published, shown, made, "candidates_differ")
    same(published, published.text("report_sha256"), submit.text("report_sha256"), "digest_differs", field="report_sha256")
    begins, until = date.fromisoformat(published.text("from")), date.fromisoformat(published.text("until"))
    published.require(begins == legal_day(published.at), "publicity_differs")
    published.require((until - begins).days >= story.notice.count("publicity_days"), "publicity_differs")
    ranked = [] if story.separation else first(story)
    won = _won(story, published) or (ranked[0] if len(ranked) == 1 else "")
    for ended in story.all("publicity.end"):
        ended.require(clock.moment(ended.text("until")) >= end_of(until), "publicity_differs")
        ended.require(ended.at >= clock.moment(ended.text("until")), "too_early", kind=ended.kind)
        same(ended, ended.text("winner"), won, "winner_differs")
    return len(shown)


def _won(story: Story, published: Entry) -> str:
    """Who had won when the result was published; "" where the candidates are published before the award."""
    if not story.publishes_after:
        published.require("winner" not in published.body and "result_sha256" not in published.body, "winner_differs")
        return ""
    result = story.the("award.result")
    before(result, published, "too_early")
    same(published, published.text("winner"), result.text("winner"), "winner_differs")
    same(published, published.text("result_sha256"), result.text("result_sha256"), "digest_differs", field="result_sha256")
    return result.text("winner")


def check_vote(story: Story) -> str:
    """The award committee is the plan's, none of it sat among the evaluators, and its ballots and draws give the result; returns the
    winner, "" while nobody has won."""
    opened = story.the("award.open")
    same(opened, opened.text("plan_sha256"), story.plan.text("plan_sha256"), "digest_differs", field="plan_sha256")
    with inside(story.plan.member):
        plan = AwardPlan.read(story.plan.part("plan"))
    experts = frozenset(PersonId(UUID(entry.actor.rpartition(":")[2])) for entry in story.all("room.sign_in"))
    ceiling = story.document.body.get("ceiling")
    replay = Replay(
        story,
        plan,
        _candidates(story),
        Decimal(str(ceiling)) if ceiling else None,
        experts,
        _sources(story, plan),
    )
    replay.play([entry for entry in story.entries if is_of_award(entry)])
    return "" if replay.result is None else replay.result.winner


def is_of_award(entry: Entry) -> bool:
    """Whether a statement moves the session; what is said for its file alone is checked with the file."""
    if entry.kind in ("award.choose", "award.notice", *OF_THE_FILE):
        return False
    return entry.kind == "ballot" or entry.kind.startswith(("award.", "award_draw."))


def _sources(story: Story, plan: AwardPlan) -> Sources:
    """What reasons may point to: the report, files of the tender document, of opened bids, of papers on file for the award; how many pages
    these have is not asked."""
    papers: dict[str, int | None] = {story.the("report.submit").text("report_sha256"): None}
    for entry in story.all("document.publish"):
        papers |= {str(one["sha256"]): None for one in entry.parts("files")}
    for entry in story.all("document.amend"):
        papers |= {str(one["sha256"]): None for one in entry.part("document").get("files", [])}
    named = {str(one.get("source")) for entry in story.all("ballot", "award.opinion") for one in entry.parts("reasons")}
    places = places_of(plan)
    if missing := named - places - set(papers):
        filed = _filed(story, missing)
        known = set().union(*opening.file_digests(story).values()) if opening.can_reopen() else missing - set(filed)
        _check_filed_before(story, {digest: seq for digest, seq in filed.items() if digest not in known})
        papers |= dict.fromkeys(missing & (known | set(filed)))
    return Sources(papers, places)


def _filed(story: Story, wanted: Set[str]) -> dict[str, int]:
    """Which of these papers the tenderer put on file for the award, and when first."""
    found: dict[str, int] = {}
    for entry in story.all("award.paper"):
        for one in entry.parts("files"):
            if one["sha256"] in wanted:
                found.setdefault(str(one["sha256"]), entry.seq)
    return found


def _check_filed_before(story: Story, filed: Mapping[str, int]) -> None:
    """A reason points to no paper that was put on file later."""
    for voice in story.all("ballot", "award.opinion"):
        for reason in voice.parts("reasons"):
            voice.require(filed.get(str(reason.get("source")), -1) < voice.seq, "too_early", kind=voice.kind, needs="award.paper")


def _candidates(story: Story) -> list[Candidate]:
    """The candidates with what formula and keys look at."""
    rows: Any = scores.summary(story).part("result")["rows"]
    totals = {row["bid"]: row["total"] for row in rows}
    found = [Candidate(org, one.price.decimal, Decimal(str(totals[one.code] or 0))) for org, one in report.candidates(story)]
    return sorted(found, key=lambda one: one.org)


def winner_of(story: Story) -> tuple[str, str]:
    """The organisation that won, and the digest of what decided it."""
    if story.separation:
        result = story.the("award.result")
        return result.text("winner"), result.text("result_sha256")
    return winner(story), story.the("report.submit").text("report_sha256")


def check_notice(story: Story) -> int:
    """The award notice names the winner that was decided, at the price that was bid; returns the price in fen."""
    notice = story.the("award.notice")
    won, decided = winner_of(story)
    price = {org: one.price.fen for org, one in report.candidates(story)}
    same(notice, notice.text("winner"), won, "winner_differs")
    same(notice, notice.count("price_fen"), price[won], "price_differs")
    same(notice, notice.text("result_sha256"), decided, "digest_differs", field="result_sha256")
    if story.separation:
        before(story.last("award.result"), notice, "too_early")
    return notice.count("price_fen")


def check_contract(story: Story) -> None:
    """Tenderer and winner, a consortium by all its members, signed the same contract, which is here, at the price of the notice."""
    notice = story.the("award.notice")
    signed = story.all("contract.sign")
    members = next((seal.body.consortium for _, org, seal in bids.places(story) if org == notice.text("winner")), ())
    for place, entry in enumerate(signed):
        same(entry, entry.role, "bidder" if place else "tenderer", "role_differs", role=entry.role)
        same(entry, entry.count("price_fen"), notice.count("price_fen"), "price_differs")
        same(entry, entry.text("contract_sha256"), signed[0].text("contract_sha256"), "digest_differs", field="contract_sha256")
    if signed:
        story.package.paper(signed[0].text("contract_sha256"))
        for entry in signed[1:]:
            entry.require(bool(members) or "org" not in entry.body, "member_unknown", org=str(entry.body.get("org")))
        if not members:
            signed[-1].require(len(signed) == 2, "signatures_differ")
            same(signed[-1], winner_org(story, signed[-1]), notice.text("winner"), "winner_differs")
        else:
            _check_members(signed[1:], members)


def _check_members(signed: Sequence[Entry], members: Sequence[str]) -> None:
    """Each member of the winning consortium signed once, by a person of its own (招标投标法 art. 31)."""
    for entry in signed:
        entry.require(entry.text("org") in members, "member_unknown", org=entry.text("org"))
    signed[-1].require(sorted(entry.text("org") for entry in signed) == sorted(members), "signatures_differ")
    signed[-1].require(len({entry.actor for entry in signed}) == len(members), "signed_twice")


def winner_org(story: Story, signed: Entry) -> str:
    """The organisation for which a bidder's person sealed; the winner's own where that person sealed nothing in this case."""
    orgs = {org for _, org, seal in bids.places(story) if seal.entry.actor == signed.actor}
    return next(iter(orgs)) if len(orgs) == 1 else story.the("award.notice").text("winner")
