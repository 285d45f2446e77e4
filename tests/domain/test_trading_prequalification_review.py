"""A review: who may sit in a committee, what a sheet must say, what the sheets come to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from core.kernel.errors import Refusal, RuleBroken
from core.kernel.ids import OrgId, PersonId
from trading.domain.prequalification import Criterion
from trading.domain.prequalification_review import (
    UNOPENED,
    Applicant,
    Conclusion,
    Failure,
    Outcome,
    ReviewCommittee,
    ReviewMember,
    ReviewSheet,
    check_committee,
    check_sheet,
    letter_number,
    tally,
)

ORGS = [OrgId(UUID(int=n)) for n in range(1, 5)]
CRITERIA = (Criterion("C1", "资质", "一级"), Criterion("C2", "业绩", "一项"))
APPLICANTS = [Applicant(org, f"第{org.int}公司", f"9132000000000000{org.int:02d}") for org in ORGS]


def members(experts: int, own: int) -> tuple[ReviewMember, ...]:
    return tuple(ReviewMember(PersonId(UUID(int=n)), f"成员{n}", n <= experts) for n in range(1, experts + own + 1))


def committee(experts: int, own: int) -> ReviewCommittee:
    return ReviewCommittee("17号", members(experts, own))


def said(verdicts: dict[OrgId, tuple[str, str]]) -> dict[str, Any]:
    """A sheet's body: of each applicant the reason against each criterion, "" where it is met."""
    findings = []
    for org, reasons in verdicts.items():
        items = [{"criterion": one.id, "passed": not reason, "reason": reason} for one, reason in zip(CRITERIA, reasons, strict=True)]
        findings.append({"org": str(org), "items": items})
    return {"findings": findings}


def sheet(*against: tuple[int, int, str]) -> ReviewSheet:
    """A sheet that finds all met but for these: applicant, criterion, reason."""
    verdicts = {org: ["", ""] for org in ORGS}
    for place, criterion, reason in against:
        verdicts[ORGS[place]][criterion] = reason
    return ReviewSheet.read(said({org: (one, two) for org, (one, two) in verdicts.items()}))


def code(do: object, *values: object) -> str:
    with pytest.raises(Refusal) as refused:
        do(*values)  # type: ignore[operator]
    return refused.value.code


def test_a_committee_is_odd_and_two_thirds_of_it_are_experts() -> None:
    check_committee(committee(4, 1))
    check_committee(committee(5, 2))
    assert code(check_committee, committee(2, 1)) == "prequalification.members_unfit"
    assert code(check_committee, committee(5, 1)) == "prequalification.members_unfit"
    assert code(check_committee, committee(3, 2)) == "prequalification.experts_few"
    twice = ReviewCommittee("17号", (*members(4, 0), members(1, 0)[0]))
    assert code(check_committee, twice) == "prequalification.member_twice"
    with pytest.raises(RuleBroken) as broken:
        check_committee(committee(3, 2))
    assert broken.value.article == "招标投标法实施条例第十八条"


def test_a_committee_reads_as_it_was_signed() -> None:
    made = committee(4, 1)
    assert ReviewCommittee.read(made.to_json()) == made
    assert code(ReviewCommittee.read, made.to_json() | {"more": 1}) == "body.malformed"
    assert code(ReviewCommittee.read, {"drawn": "", "members": []}) == "body.malformed"


def test_a_sheet_speaks_of_every_applicant_and_every_criterion() -> None:
    check_sheet(sheet(), CRITERIA, ORGS)
    check_sheet(sheet((0, 1, "没有业绩")), CRITERIA, ORGS)
    assert code(check_sheet, sheet(), CRITERIA, ORGS[:3]) == "prequalification.sheet.applicants"
    assert code(check_sheet, sheet(), CRITERIA[:1], ORGS) == "prequalification.sheet.criteria"
    assert code(check_sheet, sheet(), CRITERIA[::-1], ORGS) == "prequalification.sheet.criteria"


@pytest.mark.parametrize(("passed", "reason"), [(True, "很好"), (False, "")])
def test_a_reason_stands_exactly_where_something_is_not_met(passed: bool, reason: str) -> None:
    body = said(dict.fromkeys(ORGS, ("", "")))
    body["findings"][0]["items"][0] |= {"passed": passed, "reason": reason}
    assert code(check_sheet, ReviewSheet.read(body), CRITERIA, ORGS) == "prequalification.sheet.reason"


def test_a_sheet_names_nobody_twice() -> None:
    body = said({ORGS[0]: ("", "")})
    assert code(ReviewSheet.read, {"findings": body["findings"] * 2}) == "prequalification.sheet.applicants"
    assert code(ReviewSheet.read, body | {"more": 1}) == "body.malformed"


def test_more_than_half_decide_each_criterion() -> None:
    sheets = [sheet((0, 0, "证书过期")), sheet((0, 0, "证书过期"), (1, 1, "不足")), sheet((0, 0, "未提供"), (1, 1, "缺")), sheet(), sheet()]
    one, two, three, four = tally(APPLICANTS, CRITERIA, sheets)
    assert one.failures == (Failure("C1", "证书过期；未提供"),) and not one.passed
    assert two.passed and three.passed and four.passed
    assert not tally(APPLICANTS, CRITERIA, [sheet((2, 1, "无")), sheet()])[2].passed  # half is not more than half
    assert not any(found.passed for found in tally(APPLICANTS, CRITERIA, []))


def test_what_could_not_be_opened_has_not_passed_and_order_does_not_matter() -> None:
    shut = [replace(APPLICANTS[0], opened=False), *APPLICANTS[1:]]
    verdicts = dict.fromkeys(ORGS[1:], ("", ""))
    found = tally(shut[::-1], CRITERIA, [ReviewSheet.read(said(verdicts))])
    assert [one.org for one in found] == ORGS
    assert found[0].failures == (Failure(UNOPENED, ""),)


def test_a_conclusion_reads_as_it_was_signed() -> None:
    made = Conclusion(tally(APPLICANTS, CRITERIA, [sheet((0, 0, "证书过期"))]))
    assert Conclusion.read(made.to_json()) == made
    assert [one.org for one in made.passers] == ORGS[1:]
    body: Any = made.to_json()
    body["results"][0]["passed"] = True
    assert code(Conclusion.read, body) == "body.malformed"
    assert code(Conclusion.read, {"results": []}) == "body.malformed"


def test_letters_count_nobody() -> None:
    numbers = {letter_number("ab" * 32, org) for org in ORGS}
    assert len(numbers) == 4 and all(number.startswith("ZG-") and len(number) == 19 for number in numbers)
    assert Outcome(ORGS[0], "甲", "9", ()).passed
