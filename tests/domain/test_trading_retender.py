"""Tendering again: what the law makes of an end, and which lot may follow which."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from core.kernel.body import Body
from core.kernel.calendar import CHINA
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.ids import OrgId
from trading.domain.clock import Law, LegalRegime
from trading.domain.failure import FailureReason
from trading.domain.lot import LotState
from trading.domain.project import Category
from trading.domain.retender import Consequence, Predecessor, Retender, Sequel, check_predecessor, consequence, consequence_of

C, P = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT
FEW, ALL = FailureReason.TOO_FEW, FailureReason.ALL_REJECTED
MINE, OTHER = OrgId(UUID(int=1)), OrgId(UUID(int=2))
ENDED = Predecessor(state=LotState.FAILED, tenderer=MINE, regime=C, succeeded=False)


WORKS, GOODS = Category.CONSTRUCTION, Category.GOODS
BOUND, FREE, BUYING = Law(C, True, CHINA), Law(C, False, CHINA), Law(P, True, CHINA)
AGAIN_ALL = Consequence(Sequel.AGAIN, "招标投标法第四十二条")
AGAIN_FEW = Consequence(Sequel.AGAIN, "招标投标法第二十八条")
MAY_STOP = Consequence(Sequel.MAY_STOP, "工程建设项目施工招标投标办法第三十八条")
OTHER_METHOD = Consequence(Sequel.OTHER_METHOD, "政府采购货物和服务招标投标管理办法第四十三条")


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        ((FEW, BOUND, WORKS, 1), AGAIN_FEW),
        ((FEW, BOUND, WORKS, 2), MAY_STOP),
        ((FEW, BOUND, GOODS, 2), AGAIN_FEW),
        ((ALL, BOUND, WORKS, 2), AGAIN_ALL),
        ((FEW, FREE, WORKS, 1), Consequence(Sequel.FREE)),
        ((FEW, BUYING, GOODS, 1), OTHER_METHOD),
        ((ALL, BUYING, GOODS, 2), OTHER_METHOD),
    ],
)
def test_what_the_law_makes_of_a_failure(failure: tuple[FailureReason, Law, Category, int], expected: Consequence) -> None:
    assert consequence(*failure) == expected


def test_a_lot_that_lives_or_has_a_contract_has_no_sequel_and_who_terminated_decides() -> None:
    law = Law(C, True, CHINA)
    found = {state: consequence_of(state, law, Category.CONSTRUCTION, 1) for state in LotState}
    assert {state for state, sequel in found.items() if sequel} == {LotState.FAILED, LotState.ALL_REJECTED, LotState.TERMINATED}
    assert found[LotState.TERMINATED] == Consequence(Sequel.FREE)


def test_a_lot_follows_an_ended_one_of_the_same_tenderer_and_law_that_nothing_follows_yet() -> None:
    check_predecessor(ENDED, MINE, C)
    refused = {
        "retender.other_tenderer": (ENDED, OTHER, C),
        "retender.other_regime": (ENDED, MINE, P),
        "retender.not_ended": (replace(ENDED, state=LotState.OPENING), MINE, C),
        "retender.succeeded_already": (replace(ENDED, succeeded=True), MINE, C),
    }
    for code, facts in refused.items():
        with pytest.raises(Refusal, match=code):
            check_predecessor(*facts)


def test_an_attempt_counts_from_two() -> None:
    assert Retender.read(Body({"predecessor": "T2026-000001-1", "round": 2})) == Retender("T2026-000001-1", 2)
    for wrong in ({"predecessor": "T2026-000001-1", "round": 1}, {"predecessor": "", "round": 2}, {"round": 2}):
        with pytest.raises(RuleBroken, match=r"body\.malformed"):
            Retender.read(Body(wrong))
