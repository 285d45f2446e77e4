"""The publicity of candidates and the contract: what must be shown and signed, and by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.kernel.calendar import CHINA
from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId
from core.kernel.money import Money
from trading.domain import contract
from trading.domain.clock import Law, LegalRegime
from trading.domain.contract import ContractFacts, ContractSigning
from trading.domain.publicity import Publicity, PublicityFacts, PublishedCandidate, check, last_day

LAW = Law(LegalRegime.CONSTRUCTION, True, CHINA)
NOW = datetime(2026, 9, 24, 2, tzinfo=UTC)
A, B = (PublishedCandidate(OrgId(UUID(int=n)), f"第{n}公司", 0, Money(100)) for n in (1, 2))
FACTS = PublicityFacts(now=NOW, law=LAW, days=3, counts_from=NOW, report_sha256="ab" * 32, candidates=(A, B))


def publicity(**changes: Any) -> Publicity:
    shown = [{"org": str(c.org), "name": c.name, "rank": c.rank, "price_fen": c.price.fen} for c in changes.pop("candidates", (B, A))]
    body: dict[str, Any] = {"candidates": shown, "from": "2026-09-24", "until": "2026-09-28", "report_sha256": "ab" * 32, "late_reason": ""}
    return Publicity.read(body | changes)


def test_a_publicity_runs_over_the_holiday() -> None:
    assert last_day(LAW, 3, date(2026, 9, 24)) == date(2026, 9, 28)
    check(publicity(), FACTS)
    check(publicity(until="2026-10-08"), FACTS)


def test_a_late_publicity_says_why() -> None:
    check(publicity(late_reason="异议答复期间暂停"), replace(FACTS, counts_from=NOW - timedelta(days=9)))


@pytest.mark.parametrize(
    ("changes", "facts", "code"),
    [
        ({"report_sha256": "00" * 32}, FACTS, "publicity.report_other"),
        ({"candidates": (A,)}, FACTS, "publicity.candidates_other"),
        ({"candidates": (A, replace(B, rank=1))}, FACTS, "publicity.candidates_other"),
        ({"from": "2026-09-23"}, FACTS, "publicity.first_day_other"),
        ({"until": "2026-09-27"}, FACTS, "publicity.too_short"),
        ({}, replace(FACTS, winner="w", result_sha256="cd" * 32), "publicity.result_other"),
        ({"winner": str(A.org), "result_sha256": "cd" * 32}, FACTS, "publicity.result_other"),
        ({}, replace(FACTS, counts_from=NOW - timedelta(days=9)), "publicity.late_unexplained"),
        ({"late_reason": "无"}, FACTS, "publicity.reason_unneeded"),
        ({"extra": 1}, FACTS, "body.malformed"),
    ],
)
def test_a_publicity_that_breaks_a_rule_is_refused(changes: dict[str, Any], facts: PublicityFacts, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check(publicity(**changes), facts)
    assert refused.value.code == code


def test_a_candidate_with_a_stranger_member_is_refused() -> None:
    with pytest.raises(RuleBroken, match=r"candidates\.0\.x"):
        publicity(candidates=(A,)) and Publicity.read(
            {
                "candidates": [{"org": str(A.org), "name": "a", "rank": 0, "price_fen": 1, "x": 1}],
                "from": "2026-09-24",
                "until": "2026-09-28",
                "report_sha256": "ab" * 32,
                "late_reason": "",
            }
        )


MEMBER = OrgId(UUID(int=7))
SIGNING = ContractFacts(now=NOW, law=LAW, award_notice_at=NOW - timedelta(days=2), price=Money(100), offered_sha256="")


def signing(**changes: Any) -> ContractSigning:
    body: dict[str, Any] = {"contract_sha256": "ab" * 32, "price_fen": 100, "late_reason": ""}
    return ContractSigning.read(body | changes)


def test_a_member_of_a_consortium_signs_in_its_own_name() -> None:
    contract.check(signing(org=str(MEMBER)), replace(SIGNING, org=MEMBER))


def test_both_sign_one_text_in_time() -> None:
    contract.check(signing(), SIGNING)
    contract.check(signing(), replace(SIGNING, offered_sha256="ab" * 32))


def test_a_late_contract_says_why() -> None:
    contract.check(signing(late_reason="投诉处理期间暂停"), replace(SIGNING, award_notice_at=NOW - timedelta(days=60)))


@pytest.mark.parametrize(
    ("changes", "facts", "code", "article"),
    [
        ({"price_fen": 99}, SIGNING, "contract.price_other", "招标投标法第四十六条"),
        ({}, replace(SIGNING, offered_sha256="00" * 32), "contract.text_other", ""),
        ({}, replace(SIGNING, award_notice_at=NOW - timedelta(days=60)), "contract.late_unexplained", "招标投标法第四十六条"),
        ({"late_reason": "无"}, SIGNING, "contract.reason_unneeded", ""),
        ({"extra": 1}, SIGNING, "body.malformed", ""),
        ({"org": str(MEMBER)}, SIGNING, "contract.org_other", "招标投标法第三十一条"),
        ({}, replace(SIGNING, org=MEMBER), "contract.org_other", "招标投标法第三十一条"),
    ],
)
def test_a_signature_that_breaks_a_rule_is_refused(changes: dict[str, Any], facts: ContractFacts, code: str, article: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        contract.check(signing(**changes), facts)
    assert (refused.value.code, refused.value.article) == (code, article)
