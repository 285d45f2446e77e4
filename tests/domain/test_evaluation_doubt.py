"""Doubted scores: what may be signed, who votes and who notes, what the votes come to, and the mean of the others worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.errors import RuleBroken
from evaluation.domain.doubt import (
    DoubtBody,
    ExplanationBody,
    Question,
    ReplacementBody,
    Side,
    SilenceBody,
    State,
    Terms,
    VoteBody,
    corrections,
    is_doubted_before,
    means,
    noter,
    outcome,
    terms_of,
    voters,
)
from evaluation.domain.finding import AnswerBody
from evaluation.domain.room import Facts
from evaluation.domain.room_doubts import doubts_a_score, nothing_is_doubted
from evaluation.domain.sheet import BidScores, rules_of
from trading.domain.clock import LegalRegime

A, B = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT
REPLACING, RESCORING, BOTH = Terms(rescores=False, places=2), Terms(rescores=True, places=None), Terms(rescores=True, places=1)
METHOD = {"criteria": [{"id": name, "part": "technical", "max": "20", "weight": "1"} for name in ("plan", "team", "credit", "faults")]}
SAID = {
    "criteria": [
        {"id": "credit", "mode": "range", "objective": True},
        {"id": "faults", "mode": "deduction", "deductions": [{"id": "d1", "text": "缺项", "points": "5"}]},
    ]
}
RULES = rules_of(METHOD, SAID, ["T-10", "T-11"])
SHA = "ab" * 32
DOUBT = {"seat": "3", "bid": "T-10", "criteria": ["plan", "team"], "side": "low", "reason": " 过低 "}
READ = DoubtBody("3", "T-10", ("plan", "team"), Side.LOW, "过低")
VOTE = {"about": SHA, "question": "abnormal", "yes": True, "reason": "有依据"}
ANSWER: dict[str, Any] = {"doubt": SHA, "explanation": "方案缺项", "scores": {}, "ticks": {}}


def refused(act: Any, *given: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        act(*given)
    return refusal.value.code


def test_the_terms_are_those_of_the_family_and_of_the_document() -> None:
    replacing = {"criteria": [], "abnormal": {"deviation_percent": "30", "order": False, "replace": {"places": 2}}}
    bound = {"criteria": [], "abnormal": {"deviation_percent": "30", "order": False}}
    assert [terms_of(A, said).is_open for said in ({}, bound, SAID, replacing)] == [False, False, False, True]
    assert terms_of(B, {}) == RESCORING and terms_of(A, replacing) == REPLACING and terms_of(B, replacing) == Terms(True, 2)
    assert (RESCORING.unexplained, REPLACING.unexplained) == (State.KEPT, State.NOTING)


def test_a_doubt_names_scores_of_a_ranked_bid_and_why() -> None:
    assert DoubtBody.read(DOUBT, RULES) == READ
    for change, code in {
        ("side", "odd"): "evaluation.body",
        ("reason", " "): "doubt.raise.reason",
        ("criteria", ()): "doubt.raise.criteria",
        ("criteria", ("plan", "plan")): "doubt.raise.criteria",
        ("criteria", ("plan", "")): "evaluation.body",
        ("criteria", "plan"): "evaluation.body",
        ("criteria", ("a",) * 501): "evaluation.body",
        ("criteria", ("credit",)): "doubt.raise.objective",
        ("criteria", ("other",)): "score.criterion_unknown",
        ("bid", "T-12"): "score.bid_unknown",
    }.items():
        assert refused(DoubtBody.read, DOUBT | dict([change]), RULES) == code
    same, other = DoubtBody("3", "T-10", ("team",), Side.HIGH, "过高"), DoubtBody("4", "T-10", ("team",), Side.HIGH, "过高")
    assert is_doubted_before(same, [other, READ]) and not is_doubted_before(other, [READ, same])


def test_a_vote_is_on_what_is_voted_on_now() -> None:
    assert VoteBody.read(VOTE, SHA, Question.ABNORMAL) == VoteBody(SHA, Question.ABNORMAL, True, "有依据")
    assert refused(VoteBody.read, VOTE, SHA, Question.HOLDS) == "doubt.vote.other"
    assert refused(VoteBody.read, VOTE, "cd" * 32, Question.ABNORMAL) == "doubt.vote.other"
    assert refused(VoteBody.read, VOTE | {"reason": " "}, SHA, Question.ABNORMAL) == "doubt.vote.reason"


def test_an_answer_explains_or_scores_again_or_refuses() -> None:
    read = ExplanationBody.read
    assert read(ANSWER, READ, RULES, REPLACING).state(REPLACING) is State.WEIGHING
    silent = read(ANSWER | {"explanation": " ", "scores": {"plan": ""}}, READ, RULES, RESCORING)
    assert [silent.state(terms) for terms in (REPLACING, RESCORING, BOTH)] == [State.NOTING, State.KEPT, State.NOTING]
    again = ANSWER | {"scores": {"plan": "12"}}
    assert read(again, READ, RULES, RESCORING).state(RESCORING) is State.RESCORED
    assert refused(read, again, READ, RULES, REPLACING) == "doubt.answer.no_rescoring"
    assert refused(read, ANSWER | {"scores": {"faults": "15"}}, READ, RULES, BOTH) == "doubt.answer.other"
    assert refused(read, ANSWER | {"ticks": {"plan": ["d1"]}}, READ, RULES, BOTH) == "doubt.answer.other"
    assert refused(read, ANSWER | {"scores": {"plan": "20.5"}}, READ, RULES, BOTH) == "score.above_maximum"
    faults = DoubtBody("3", "T-10", ("faults",), Side.LOW, "过低")
    ticked = ANSWER | {"scores": {"faults": "15"}, "ticks": {"faults": ["d1"]}}
    assert read(ticked, faults, RULES, BOTH).ticks == {"faults": ("d1",)}
    assert refused(read, ticked | {"ticks": {}}, faults, RULES, BOTH) == "score.deduction_differs"


def test_silence_and_replacement_are_noted_in_words() -> None:
    assert SilenceBody.read({"doubt": SHA, "note": " 没有说明 "}) == SilenceBody(SHA, "没有说明")
    assert refused(SilenceBody.read, {"doubt": SHA, "note": ""}) == "evaluation.body"
    said = {"doubt": SHA, "scores": {"plan": "12.17"}, "note": "说明不成立"}
    assert ReplacementBody.read(said, SHA, {"plan": "12.17"}).note == "说明不成立"
    assert refused(ReplacementBody.read, said, "cd" * 32, {"plan": "12.17"}) == "doubt.replace.differs"
    assert refused(ReplacementBody.read, said, SHA, {"plan": "12.16"}) == "doubt.replace.differs"
    assert refused(ReplacementBody.read, said | {"note": " "}, SHA, {"plan": "12.17"}) == "doubt.replace.note"


def test_all_others_vote_and_the_chair_notes_but_not_on_themselves() -> None:
    assert voters("12345", "3") == frozenset("1245")
    assert [noter(chair, doubted, "23145") for chair, doubted in (("4", "3"), ("4", "4"), ("1", "1"), ("9", "1"))] == ["4", "1", "2", "2"]


@pytest.mark.parametrize(
    ("members", "yes", "no", "abnormal", "holds"),
    [
        (7, 4, 2, State.ANSWERING, State.UPHELD),  # 4 of 7, whoever is concerned included, is more than half
        (7, 3, 3, State.DISMISSED, State.UPHELD),
        (7, 2, 4, State.DISMISSED, State.NOTING),
        (5, 3, 1, State.ANSWERING, State.UPHELD),
        (5, 2, 2, State.DISMISSED, State.UPHELD),
        (5, 1, 3, State.DISMISSED, State.NOTING),
    ],
)
def test_more_than_half_of_all_members_decide(members: int, yes: int, no: int, abnormal: State, holds: State) -> None:
    votes = {str(seat): seat <= yes for seat in range(1, yes + no + 1)}
    assert outcome(Question.ABNORMAL, votes, members, REPLACING) is abnormal
    assert outcome(Question.HOLDS, votes, members, REPLACING) is holds
    assert outcome(Question.HOLDS, votes, members, RESCORING) is (State.KEPT if holds is State.NOTING else holds)


def test_what_is_over_and_what_changes() -> None:
    waiting = {State.VOTING, State.ANSWERING, State.WEIGHING, State.NOTING}
    assert {state for state in State if not state.is_over} == waiting
    assert {state for state in State if state.changes} == {State.RESCORED, State.REPLACED}


def test_the_mean_of_the_others_by_hand() -> None:
    """(11 + 11.5 + 12 + 12.5 + 13 + 13) ÷ 6 = 73 ÷ 6 = 12.1666… and (8 + 9 + 9 + 9 + 9.5 + 10) ÷ 6 = 54.5 ÷ 6 = 9.08333…"""
    plan, team = ("11", "11.5", "1", "12", "12.5", "13", "13"), ("8", "9", "0", "9", "9", "9.5", "10")
    sheets = {
        str(seat): [BidScores("T-11", {"plan": "20", "team": "20"}, {}), BidScores("T-10", {"plan": one, "team": two}, {})]
        for seat, (one, two) in enumerate(zip(plan, team, strict=True), 1)
    }
    assert means(sheets, READ, 2) == {"plan": "12.17", "team": "9.08"}
    assert means(sheets, READ, 0) == {"plan": "12", "team": "9"}
    assert means({seat: sheets[seat] for seat in "367"}, READ, 1) == {"plan": "13.0", "team": "9.8"}  # 9.75: half up


def test_what_counts_instead_is_taken_as_answers_to_findings_are() -> None:
    found = corrections("T-10", {"plan": "12.17", "faults": "15"}, {"faults": ("d1",)})
    assert found == [AnswerBody("T-10", "plan", "12.17", "", {}), AnswerBody("T-10", "faults", "15", "", {"faults": ("d1",)})]


def test_nobody_doubts_who_has_signed_or_before_findings_are_settled() -> None:
    def said(**facts: Any) -> str:
        refusal = doubts_a_score(Facts(**({"seat": "1", "doubtable": True} | facts)))
        return "" if refusal is None else refusal.code

    assert said() == "" and said(doubtable=False) == "doubt.not_provided"
    assert said(signed=frozenset("1")) == said(noted=frozenset("1")) == "doubt.raise.signed"
    assert said(unsettled=True, answers_due=frozenset("2")) == "finding.answers_missing"
    assert nothing_is_doubted(Facts()) is None
    assert {getattr(nothing_is_doubted(facts), "code", "") for facts in (Facts(doubts_open=1), Facts(doubts_ended=1))} == {"doubt.open"}
    assert getattr(nothing_is_doubted(Facts(unsettled=True)), "code", "") == "finding.answers_missing"
