"""The review counted again: what any member failed was voted on by all, nothing else was, and the majority of the signed votes decided."""

from __future__ import annotations

from app.verify.entries import Entry
from app.verify.replay import committee
from app.verify.replay.story import Story, each_before, same
from app.verify.verdict import inside
from evaluation.domain.preliminary import Finding, ReviewBody, checks_of
from evaluation.domain.rejection import (
    FEWEST,
    Competition,
    CompetitionVoteBody,
    Decision,
    RejectionVoteBody,
    Stage,
    challenged,
    competition_without_vote,
    count_competition,
    decide,
)


def result(story: Story) -> Entry:
    """The decision of the review that counts: the last one, since a successor's review has it decided anew."""
    return story.all("preliminary.result")[-1]


def findings(story: Story) -> dict[str, tuple[Finding, ...]]:
    """Seat → what its member signed in the review; raises Broken for a review that is not whole."""
    bids = story.the("blind.map").texts("bids")
    checks = checks_of(story.regime, story.review)
    found = {}
    for seat, entry in committee.everyone(story, "preliminary.review").items():
        with inside(entry.member):
            found[seat] = ReviewBody.read(entry.body, bids, checks).findings
    return found


def check_review(story: Story) -> int:
    """The decision on every bid, counted again from signed reviews and votes; returns how many bids stand."""
    decided, bids = result(story), story.the("blind.map").texts("bids")
    reviews = committee.everyone(story, "preliminary.review")
    each_before(reviews.values(), [decided], "too_early")
    decisions = _decisions(story, decided, challenged(findings(story).values()))
    rejected = [{"bid": one.bid, "grounds": list(one.grounds)} for one in decisions if one.rejected]
    same(decided, [dict(one) for one in decided.parts("votes")], [one.to_json() for one in decisions], "rejection_differs")
    same(decided, [dict(one) for one in decided.parts("rejected")], rejected, "rejection_differs")
    standing = sorted(set(bids) - {str(one["bid"]) for one in rejected})
    same(decided, decided.texts("standing"), standing, "rejection_differs")
    check_competition(story, Stage.REVIEW, len(standing))
    return len(standing)


def _decisions(story: Story, decided: Entry, bids: tuple[str, ...]) -> tuple[Decision, ...]:
    """What the votes came to since the committee sits as it does: a successor's arrival voids the votes before it."""
    formed = story.all("committee.form")[-1].seq
    opened = [entry for entry in story.all("rejection.open") if entry.seq > formed]
    decided.require(decided.seq > formed and bool(opened) == bool(bids), "rejection_differs")
    if not bids:
        return ()
    same(opened[-1], opened[-1].texts("bids"), list(bids), "rejection_differs")
    each_before(committee.everyone(story, "preliminary.review").values(), opened, "too_early")
    votes = committee.everyone(story, "rejection.vote", since=opened[0].seq)
    each_before(votes.values(), [decided], "too_early")
    read = {}
    for seat, entry in votes.items():
        with inside(entry.member):
            read[seat] = RejectionVoteBody.read(entry.body, bids, story.regime).votes
    return decide(read)


def is_lacking(story: Story) -> bool:
    """Whether the platform said that no bid goes on for want of competition; what it said is checked with the review."""
    newest = story.all("competition.result")[-1:]
    after = [entry for entry in newest if entry.seq > story.all("committee.form")[-1].seq]
    return any(entry.text("outcome") != Competition.ENOUGH for entry in after)


def check_competition(story: Story, stage: Stage, standing: int) -> None:
    """Where fewer than three bids were left, the law or the members' votes said what that means, and nobody asked otherwise."""
    formed = story.all("committee.form")[-1]
    said = [entry for entry in story.all("competition.result") if entry.seq > formed.seq and entry.text("stage") == stage]
    if not 0 < standing < FEWEST:
        for entry in said:
            entry.require(False, "competition_differs")
        return
    ended = (story.last("technical.lock") if stage is Stage.REVIEW else None) or story.last("summary")
    if not said:
        if ended is not None:
            ended.require(False, "event_missing", kind="competition.result")
        return
    entry, by_law = said[-1], competition_without_vote(standing, story.regime)
    votes: dict[str, bool] = {}
    if by_law is None:
        for seat, vote in committee.everyone(story, "competition.vote", since=result(story).seq).items():
            with inside(vote.member):
                votes[seat] = CompetitionVoteBody.read(vote.body, stage).lacking
            each_before([vote], [entry], "too_early")
    outcome = count_competition(votes) if by_law is None else by_law
    same(entry, [entry.part("votes"), entry.count("standing"), entry.text("outcome")], [votes, standing, outcome], "competition_differs")
