"""A lot that failed: the reason published is what happened, and nothing was awarded afterwards."""

from __future__ import annotations

from app.verify.replay import bids, report
from app.verify.replay.story import Story
from trading.domain.failure import FailureReason
from trading.domain.lot import FEWEST_BIDS

AFTERWARDS = ("opening.start", "candidates.publish", "award.notice", "contract.sign")
_OF_ROUND = (FailureReason.FEW_APPLICANTS.value, FailureReason.FEW_PASSED.value)
"""Of these reasons the replay of the round says whether they hold."""


def check_failure(story: Story) -> str:
    """Fewer than three bids stood at the deadline, or the committee recommended nobody; returns the reason."""
    said = story.the("failure.publish")
    reason = said.text("reason")
    if reason == FailureReason.TOO_FEW.value:
        said.require(len(_bids(story)) < FEWEST_BIDS, "failure_differs")
        said.require(not story.all(*AFTERWARDS), "failure_differs")
    elif reason in _OF_ROUND:
        said.require(story.has("prequalification.publish"), "failure_differs")
        said.require(not story.all("notice.publish", *AFTERWARDS), "failure_differs")
    else:
        said.require(reason == FailureReason.ALL_REJECTED.value, "failure_differs")
        said.require(story.has("report.submit") and not report.candidates(story), "failure_differs")
        said.require(not story.all(*AFTERWARDS[1:]), "failure_differs")
    return reason


def _bids(story: Story) -> list[bids.Seal]:
    """The first envelopes of the bids that stood."""
    return [seal for seal in bids.accepted(story).values() if seal.body.env == story.envelopes[0]]
