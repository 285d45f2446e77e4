"""Who wins where the award is not separated: the first candidate, or whom the tenderer chose among several who share the first place."""

from __future__ import annotations

from uuid import UUID

from app.verify.replay import report
from app.verify.replay.story import Story, before
from app.verify.verdict import inside
from core.kernel.ids import OrgId
from trading.domain.award import Choice, check_choice


def first(story: Story) -> list[str]:
    """The organisations that have the first place in the report."""
    return [org for org, one in report.candidates(story) if one.rank == 1]


def winner(story: Story) -> str:
    """Who has won; raises Broken where the tenderer had to choose and did not, chose before the publicity was over, or another."""
    found = first(story)
    if len(found) == 1:
        return found[0]
    chosen = story.the("award.choose")
    with inside(chosen.member):
        said = Choice.read(chosen.body)
        check_choice(said, story.the("report.submit").text("report_sha256"), [OrgId(UUID(org)) for org in found])
    before(story.last("publicity.end"), chosen, "too_early")
    return str(said.winner)
