"""Sheets, reviews, elections, recusals, reports and reference prices as they are signed: what is read, what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.kernel.draw import ordered
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from evaluation.domain.blind import code_names, map_digest
from evaluation.domain.body import Body
from evaluation.domain.committee import (
    CHAIR_DRAW,
    ChairVoteBody,
    Elected,
    RecusalDeclaration,
    SignInBody,
    SitePlan,
    VoteAgain,
    code_name,
    elect,
    seat_all,
)
from evaluation.domain.preliminary import CHECKS, Check, ReviewBody, checks_of
from evaluation.domain.reference import ReferenceBody, commitment
from evaluation.domain.report import Recommendation, SignatureBody, recommended
from evaluation.domain.sheet import Criterion, SheetBody, SheetRules, rules_of
from trading.domain.clock import LegalRegime
from trading.domain.review_plan import PlannedCheck, ReviewPlan

CRITERIA = (Criterion(id="tech", title="施工方法", max=Decimal(15)), Criterion(id="team", title="人员", max=Decimal(6)))
RULES = SheetRules(("T-10", "T-20"), CRITERIA)


def one(bid: str, tech: str = "12.5", team: str = "6", **reasons: str) -> dict[str, Any]:
    return {"bid": bid, "scores": {"tech": tech, "team": team}, "reasons": reasons}


def sheet(*sheets: dict[str, Any], part: str = "technical") -> dict[str, Any]:
    return {"part": part, "sheets": list(sheets)}


def code_of(body: object, rules: SheetRules = RULES) -> str:
    with pytest.raises(RuleBroken) as refused:
        SheetBody.read(body, rules)
    return refused.value.code


def test_a_complete_sheet_is_read_as_it_was_written() -> None:
    read = SheetBody.read(
        sheet(one("T-10", tech="12.50", team="0"), one("T-20", team="6.0", tech="15", team_reason="x") | {"reasons": {"tech": "好"}}), RULES
    )
    assert read.sheets[0].scores == {"tech": "12.50", "team": "0"} and read.sheets[1].reasons == {"tech": "好"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (sheet(one("T-10"), one("T-20", tech="15.5")), "score.above_maximum"),
        (sheet(one("T-10"), one("T-20", tech="12.3")), "score.off_step"),
        (sheet(one("T-10"), one("T-20", tech="12.25")), "score.off_step"),
        (sheet(one("T-10"), one("T-20", tech="-1")), "score.malformed"),
        (sheet(one("T-10"), one("T-20", tech="")), "score.malformed"),
        (sheet(one("T-10"), one("T-20", tech="1e1")), "score.malformed"),
        (sheet(one("T-10"), {"bid": "T-20", "scores": {"tech": "1"}, "reasons": {}}), "score.missing"),
        (sheet(one("T-10"), one("T-20") | {"scores": {"tech": "1", "team": "1", "extra": "1"}}), "score.criterion_unknown"),
        (sheet(one("T-10"), one("T-20", other="x")), "score.criterion_unknown"),
        (sheet(one("T-10"), one("T-99")), "score.bid_unknown"),
        (sheet(one("T-10")), "score.bids_differ"),
        (sheet(one("T-10"), one("T-10")), "score.bids_differ"),
        (sheet(one("T-10"), one("T-20"), part="commercial"), "score.part"),
        ({"part": "technical"}, "evaluation.body"),
        (sheet(one("T-10") | {"scores": {"tech": 1, "team": "1"}}), "evaluation.body"),
    ],
)
def test_a_sheet_with_a_fault_is_refused(body: object, code: str) -> None:
    assert code_of(body) == code


def test_the_rules_of_a_sheet_come_from_the_technical_part_of_the_method() -> None:
    method = {"criteria": [{"id": "a", "part": "technical", "max": "15"}, {"id": "b", "part": "credit", "max": "5"}]}
    rules = rules_of(method, {"criteria": [{"id": "a", "mode": "range", "title": "施工方法"}]}, ["T-10"])
    assert [(item.id, item.title, item.max) for item in rules.criteria] == [("a", "施工方法", Decimal(15))]
    assert rules_of({}, {}, []).criteria == ()
    assert rules_of(method, {}, [], "credit").criteria[0].title == "b"


# The preliminary review


def findings(bid: str, failing: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [
        {"bid": bid, "check": check.id, "pass": check.id not in failing, "reason": "" if check.id not in failing else "缺章"}
        for check in CHECKS
    ]


def test_a_review_covers_every_bid_and_check_exactly_once() -> None:
    both = [*findings("T-10"), *findings("T-20", ("formality.signature",))]
    assert len(ReviewBody.read({"items": both}, ["T-10", "T-20"]).findings) == 12
    for wrong in (findings("T-10"), [*both, both[0]], [*both[:-1], both[0]]):
        with pytest.raises(RuleBroken) as refused:
            ReviewBody.read({"items": wrong}, ["T-10", "T-20"])
        assert refused.value.code == "preliminary.review.incomplete"


def test_a_failure_without_a_reason_is_refused() -> None:
    items = [item | {"reason": ""} for item in findings("T-10", ("formality.signature",))]
    with pytest.raises(RuleBroken) as refused:
        ReviewBody.read({"items": items}, ["T-10"])
    assert refused.value.code == "preliminary.review.reason"


def test_the_checklist_is_the_documents_or_the_laws() -> None:
    assert checks_of(LegalRegime.CONSTRUCTION, ReviewPlan()) == CHECKS
    assert {check.group for check in checks_of(LegalRegime.GOVERNMENT_PROCUREMENT, ReviewPlan())} == {"conformity"}
    own = ReviewPlan((PlannedCheck("paper", "formality", "用招标文件所附格式", "招标文件第三章"),))
    assert checks_of(LegalRegime.CONSTRUCTION, own) == (Check("paper", "formality", "招标文件第三章", "用招标文件所附格式"),)


# The committee


def test_seats_are_given_out_site_by_site() -> None:
    seats = seat_all(["P3", "P1", "P2"], [SitePlan("主场", 2), SitePlan("副场", 1)])
    assert [(seat.code, seat.pseudonym, seat.site) for seat in seats] == [("1", "P3", "主场"), ("2", "P1", "主场"), ("3", "P2", "副场")]
    with pytest.raises(RuleBroken):
        seat_all(["P3"], [SitePlan("主场", 2)])
    assert code_name("3") == "专家3"


def test_the_chair_has_the_most_votes_and_ties_are_voted_again() -> None:
    assert elect({"1": "2", "2": "2", "3": "1"}) == Elected("2")
    assert elect({"1": "10", "2": "2", "3": "10", "4": "2", "5": "1"}) == VoteAgain(("2", "10"))


def test_a_re_vote_that_stays_equal_is_drawn_by_the_recorded_seed_and_one_that_moved_is_voted_again() -> None:
    equal, seed = {"1": "1", "2": "2", "3": "3"}, b"s" * 32
    first = ordered(seed, CHAIR_DRAW, ["1", "2", "3"])[0]
    assert elect(equal, ["1", "2", "3"], seed) == Elected(first, drawn=True)
    assert elect(equal | {"4": "1", "5": "2"}, ["1", "2", "3"], seed) == VoteAgain(("1", "2"))
    assert {elect(equal, ["1", "2", "3"], bytes([n]) * 32).code for n in range(60)} == {"1", "2", "3"}  # type: ignore[union-attr]


def test_a_chair_vote_is_for_this_round_and_its_contenders() -> None:
    among = frozenset({"1", "2"})
    assert ChairVoteBody.read({"round": 2, "choice": "1"}, among, 2) == ChairVoteBody(2, "1")
    for body, code in (({"round": 1, "choice": "1"}, "chair.vote.round"), ({"round": 2, "choice": "3"}, "chair.vote.choice")):
        with pytest.raises(RuleBroken) as refused:
            ChairVoteBody.read(body, among, 2)
        assert refused.value.code == code


def test_a_reason_stands_exactly_where_there_is_something_to_declare() -> None:
    assert RecusalDeclaration.read({"none": True, "reason": ""}).none
    assert RecusalDeclaration.read({"none": False, "reason": " 亲属 "}).reason == "亲属"
    for body in ({"none": True, "reason": "亲属"}, {"none": False, "reason": " "}):
        with pytest.raises(RuleBroken):
            RecusalDeclaration.read(body)


def test_a_member_signs_in_at_their_own_seat() -> None:
    assert SignInBody.read({"seat": "3", "site": "副场"}, "3", "副场")
    with pytest.raises(RuleBroken):
        SignInBody.read({"seat": "3", "site": "主场"}, "3", "副场")


# Blind codes, report, reference price


def test_code_names_are_dealt_and_the_commitment_covers_salt_and_map() -> None:
    dealt = code_names([41, 27], ["a", "b"])
    assert dealt == {"T-41": "a", "T-27": "b"}
    assert map_digest(bytes(32), dealt) != map_digest(b"\1" * 32, dealt) != map_digest(bytes(32), {"T-41": "b", "T-27": "a"})
    assert map_digest(bytes(32), dealt) == map_digest(bytes(32), dict(reversed(dealt.items())))
    for bidders in ([], [str(number) for number in range(91)]):
        with pytest.raises(RuleBroken):
            code_names(range(len(bidders)), bidders)


def test_a_member_signs_the_very_report_on_file() -> None:
    assert SignatureBody.read({"report_sha256": "ab" * 32, "dissent": " 不同意 "}, "ab" * 32).dissent == "不同意"
    with pytest.raises(RuleBroken):
        SignatureBody.read({"report_sha256": "cd" * 32, "dissent": ""}, "ab" * 32)


def test_candidates_come_in_rank_order_at_their_contract_price() -> None:
    priced = (("T-2", "12550000.005"), ("T-1", "13"), ("T-3", "9"))
    rows = [{"bid": bid, "contract_price": price, "rank": rank} for rank, (bid, price) in enumerate(priced, 1)]
    assert recommended({"rows": rows, "candidates": ["T-1", "T-2"]}) == (
        Recommendation("T-2", Money.yuan("12550000.01"), 1),
        Recommendation("T-1", Money.yuan("13.00"), 2),
    )


def test_a_reference_price_opens_its_commitment_and_no_other() -> None:
    salt = bytes(range(32))
    made = commitment("T2026-000001", "1", "137900000.00", salt)
    read = ReferenceBody.read({"value": "137900000.00", "salt": salt.hex()})
    assert read.matches("T2026-000001", "1", made) and not read.matches("T2026-000001", "2", made)
    for body in ({"value": "137900000.0", "salt": salt.hex()}, {"value": "0.10", "salt": salt.hex()}, {"value": "1.00", "salt": "Z" * 64}):
        with pytest.raises(RuleBroken) as refused:
            ReferenceBody.read(body)
        assert refused.value.code == "reference_price.malformed"


# Bodies


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("no object", lambda body: Body(body, "a")),
        ({"a": 1, "b": 2}, lambda body: Body(body, "a")),
        ({}, lambda body: Body(body, "a")),
        ({"a": 1}, lambda body: Body(body, "a").text("a")),
        ({"a": "xx"}, lambda body: Body(body, "a").text("a", most=1)),
        ({"a": "  "}, lambda body: Body(body, "a").text("a", least=1)),
        ({"a": "1"}, lambda body: Body(body, "a").whole("a")),
        ({"a": True}, lambda body: Body(body, "a").whole("a")),
        ({"a": 11}, lambda body: Body(body, "a").whole("a", most=10)),
        ({"a": 1}, lambda body: Body(body, "a").flag("a")),
        ({"a": "list"}, lambda body: Body(body, "a").objects("a", "b")),
        ({"a": 1}, lambda body: Body(body, "a").objects("a", "b")),
        ({"a": [{}] * 3}, lambda body: Body(body, "a").objects("a", most=2)),
        ({"a": ["x"]}, lambda body: Body(body, "a").objects("a", "b")),
        ({"a": []}, lambda body: Body(body, "a").texts("a")),
        ({"a": {"x": 1}}, lambda body: Body(body, "a").texts("a")),
        ({"a": {"x": "long"}}, lambda body: Body(body, "a").texts("a", most=2)),
        ({"a": {str(n): "" for n in range(501)}}, lambda body: Body(body, "a").texts("a")),
    ],
)
def test_a_malformed_body_is_refused_with_its_place(body: object, read: Any) -> None:
    with pytest.raises(RuleBroken) as refused:
        read(body)
    assert refused.value.code == "evaluation.body" and str(refused.value.facts["field"]).startswith("body")


def test_a_well_formed_body_is_read() -> None:
    fields = Body({"t": "x", "n": 3, "f": True, "o": [{"b": "y"}], "m": {"k": "v"}}, "t", "n", "f", "o", "m")
    assert (fields.text("t"), fields.whole("n"), fields.flag("f"), fields.texts("m")) == ("x", 3, True, {"k": "v"})
    assert fields.objects("o", "b")[0].text("b") == "y"
