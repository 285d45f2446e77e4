"""What members answered to objective items that differ, replayed: each whom it was about, before the report, and nobody else."""

from __future__ import annotations

from typing import Any

from app.verify.replay import committee
from app.verify.replay.story import Story, each_before
from app.verify.verdict import inside
from evaluation.domain.finding import AnswerBody, Matter, due, rules_of_items


def _due(story: Story) -> dict[str, frozenset[Matter]]:
    """Who had to answer on what, by the first comparison."""
    told, totals = story.all("consistency.result"), story.all("summary")
    if not told or not totals:
        return {}
    rows: Any = totals[0].part("result")["rows"]
    return due(told[0].parts("findings"), {str(one["bid"]) for one in rows})


def answers(story: Story) -> dict[str, list[AnswerBody]]:
    """Seat → the answers of its member; raises Broken for one that was not asked for, a second on the same, or a score out of bounds."""
    wanted, found = _due(story), {}  # type: dict[str, frozenset[Matter]], dict[str, list[AnswerBody]]
    for entry, seated in committee.sittings(story):
        if entry.kind == "finding.answer":
            seat = seated.seat_of(entry)
            with inside(entry.member):
                said = AnswerBody.read(entry.body, rules_of_items(story.method, story.score_rules, story.code_names()))
            known = {one.matter for one in found.get(seat, ())}
            entry.require(said.matter in wanted.get(seat, frozenset()) - known, "answer_differs", seat=seat)
            found.setdefault(seat, []).append(said)
    return found


def check_answers(story: Story) -> None:
    """Everybody has answered on everything before the report was drafted."""
    said, draft = answers(story), story.last("report.draft")
    if draft is not None:
        for seat, matters in _due(story).items():
            draft.require(matters <= {one.matter for one in said.get(seat, ())}, "answer_missing", seat=seat)
        each_before(story.all("finding.answer", "summary"), [draft], "too_early")
