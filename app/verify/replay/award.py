"""The award: published candidates, one ballot for each member and round counted again, and the same winner and price to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.verify.entries import Entry
from app.verify.replay import bids, report
from app.verify.replay.story import Story, before, each_before, same
from app.verify.verdict import inside
from core.kernel import clock
from core.kernel.calendar import end_of, legal_day
from evaluation.domain.award import Result
from evaluation.domain.award_session import BallotBody, Candidate, Cast, count, rounds_json
from evaluation.domain.scoring_case import digest


def check_publicity(story: Story) -> int:
    """The candidates published are the report's, at their contract prices, for as long as the notice said; returns how many."""
    submit = story.the("report.submit")
    published = story.the("candidates.publish")
    wanted = report.candidates(story)
    rank = {org: 0 if story.separation else place for place, (org, _) in enumerate(wanted, 1)}
    made = {org: (rank[org], one.price.fen) for org, one in wanted}
    shown = {str(one["org"]): (one["rank"], one["price_fen"]) for one in published.parts("candidates")}
    same(published, shown, made, "candidates_differ")
    same(published, published.text("report_sha256"), submit.text("report_sha256"), "digest_differs", field="report_sha256")
    first, until = date.fromisoformat(published.text("from")), date.fromisoformat(published.text("until"))
    published.require(first == legal_day(published.at), "publicity_differs")
    published.require((until - first).days >= story.notice.count("publicity_days"), "publicity_differs")
    for ended in story.all("publicity.end"):
        ended.require(clock.moment(ended.text("until")) >= end_of(until), "publicity_differs")
        ended.require(ended.at >= clock.moment(ended.text("until")), "too_early", kind=ended.kind)
        same(ended, ended.text("winner"), "" if story.separation else wanted[0][0], "winner_differs")
    return len(shown)


def check_vote(story: Story) -> str:
    """The award committee is the plan's, none of it sat among the evaluators, and its ballots give the result; returns the winner."""
    opened, result = story.the("award.open"), story.the("award.result")
    plan = story.plan.part("plan")
    same(opened, opened.text("plan_sha256"), story.plan.text("plan_sha256"), "digest_differs", field="plan_sha256")
    members = opened.texts("members")
    opened.require(len(set(members)) == len(members) == plan["members"], "committee_size", members=len(members))
    experts = {entry.actor.rpartition(":")[2] for entry in story.all("room.sign_in")}
    opened.require(not experts & set(members), "evaluated_before")
    ballots = story.all("ballot")
    cast = _ballots(story, members, ballots)
    each_before(ballots, [result], "too_early")
    with inside(result.member):
        counted = count(plan, members, _candidates(story), cast)
    assert counted is not None
    told: dict[str, Any] = {
        "rounds": list(rounds_json(counted)),
        "winner": counted.winner or "",
        "how": str(counted.how or ""),
        "tied": list(counted.tied),
    }
    same(result, result.text("result_sha256"), digest(told), "vote_differs")
    same(result, [dict(one) for one in result.parts("rounds")], told["rounds"], "vote_differs")
    same(result, result.text("winner"), told["winner"], "winner_differs")
    _check_rounds(story, plan, members, cast)
    return result.text("winner")


def _ballots(story: Story, members: list[str], ballots: list[Entry]) -> list[Cast]:
    standing = [org for org, _ in report.candidates(story)]
    found: list[Cast] = []
    for entry in ballots:
        member = entry.actor.rpartition(":")[2]
        entry.require(member in members, "not_a_member", actor=entry.actor)
        with inside(entry.member):
            said = BallotBody.read(entry.body, standing, entry.statement.round)
        given = {(one.round, one.member) for one in found}
        entry.require((said.round, member) not in given, "said_twice", seat=member)
        found.append(Cast(said.round, member, said.choice))
    return found


def _check_rounds(story: Story, plan: Mapping[str, Any], members: list[str], cast: list[Cast]) -> None:
    for entry in story.all("award.round"):
        until = [one for one in cast if one.round <= entry.statement.round]
        with inside(entry.member):
            counted: Result | None = count(plan, members, _candidates(story), until)
        assert counted is not None
        same(entry, dict(entry.part("votes")), dict(counted.rounds[-1].tally.votes), "vote_differs")
        same(entry, entry.texts("standing"), list(counted.next_round), "vote_differs")


def _candidates(story: Story) -> list[Candidate]:
    """The candidates with what the plan's keys for ties look at."""
    rows: Any = story.the("summary").part("result")["rows"]
    totals = {row["bid"]: row["total"] for row in rows}
    return [Candidate(org, one.price.decimal, Decimal(str(totals[one.code] or 0))) for org, one in report.candidates(story)]


def winner_of(story: Story) -> tuple[str, str]:
    """The organisation that won, and the digest of what decided it."""
    if story.separation:
        result = story.the("award.result")
        return result.text("winner"), result.text("result_sha256")
    return report.candidates(story)[0][0], story.the("report.submit").text("report_sha256")


def check_notice(story: Story) -> int:
    """The award notice names the winner that was decided, at the price that was bid; returns the price in fen."""
    notice = story.the("award.notice")
    winner, decided = winner_of(story)
    price = {org: one.price.fen for org, one in report.candidates(story)}
    same(notice, notice.text("winner"), winner, "winner_differs")
    same(notice, notice.count("price_fen"), price[winner], "price_differs")
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
