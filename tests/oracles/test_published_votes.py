"""A vote by elimination that others held and published round by round."""

from __future__ import annotations

import json
from pathlib import Path

from evaluation.domain.award import How, Tally, elimination_vote


def test_the_host_city_vote_of_2005_ends_as_it_did() -> None:
    published = json.loads((Path(__file__).parent / "cases/053.json").read_text("utf-8"))
    tallies = [Tally(votes, sum(votes.values())) for votes in published["rounds"]]
    vote = elimination_vote("ABCDE", tallies)
    assert [one.eliminated for one in vote.rounds if one.eliminated] == published["expected"]["eliminated"]
    assert (vote.winner, vote.how) == (published["expected"]["winner"], How.MAJORITY)
