"""Tendering again (重新招标): what the law makes of a lot that ended without a contract, and how a new lot follows an old one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import RuleBroken, WrongState
from core.kernel.ids import OrgId
from trading.domain.clock import Law, LegalRegime
from trading.domain.failure import FailureReason
from trading.domain.lot import CUT_SHORT, LotState
from trading.domain.project import Category


@dataclass(frozen=True, slots=True)
class Retender:
    """In a signed notice: the lot before, and which attempt this is (2: the first one after it)."""

    predecessor: str
    round: int

    @classmethod
    def read(cls, body: Body) -> Retender:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        read = cls(body.text("predecessor", 24), body.count("round", least=2, most=99))
        body.done()
        return read


class Sequel(Enum):
    """What may or must come after."""

    AGAIN = "again"  # must be tendered again
    MAY_STOP = "may_stop"  # no further tender is needed, with the approval of who approved the project where it needs one
    OTHER_METHOD = "other_method"  # again, or by another method with the approval of the finance department
    FREE = "free"  # the tenderer decides


@dataclass(frozen=True, slots=True)
class Consequence:
    """What the law makes of an end, and the article that says so, "" for none."""

    sequel: Sequel
    article: str = ""


_ENDS = {LotState.FAILED: FailureReason.TOO_FEW, LotState.ALL_REJECTED: FailureReason.ALL_REJECTED}
_AGAIN = {FailureReason.TOO_FEW: "招标投标法第二十八条", FailureReason.ALL_REJECTED: "招标投标法第四十二条"}
_AGAIN |= dict.fromkeys((FailureReason.FEW_APPLICANTS, FailureReason.FEW_PASSED), "招标投标法实施条例第十九条")


def consequence(reason: FailureReason, law: Law, category: Category, attempt: int) -> Consequence:
    """Of a failure at that attempt (1: the first). Procurement: 87号令 art. 43, whichever attempt. Construction, where the law makes one
    tender: again; works with too few bidders a second time need not go on (工程建设项目施工招标投标办法 art. 38)."""
    if law.regime is LegalRegime.GOVERNMENT_PROCUREMENT:
        return Consequence(Sequel.OTHER_METHOD, "政府采购货物和服务招标投标管理办法第四十三条")
    if not law.mandatory:
        return Consequence(Sequel.FREE)
    if reason is FailureReason.TOO_FEW and category is Category.CONSTRUCTION and attempt > 1:
        return Consequence(Sequel.MAY_STOP, "工程建设项目施工招标投标办法第三十八条")
    return Consequence(Sequel.AGAIN, _AGAIN[reason])


def consequence_of(state: LotState, law: Law, category: Category, attempt: int) -> Consequence | None:
    """Of the state in which a lot ended; None where it has a contract or lives on. Who terminated it is free."""
    if state not in CUT_SHORT:
        return None
    return consequence(_ENDS[state], law, category, attempt) if state in _ENDS else Consequence(Sequel.FREE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Predecessor:
    """What is known of the lot that another names as its predecessor; `succeeded`: a lot that follows it is registered."""

    state: LotState
    tenderer: OrgId
    regime: LegalRegime
    succeeded: bool


def check_predecessor(before: Predecessor, tenderer: OrgId, regime: LegalRegime) -> None:
    """Raises RuleBroken or WrongState for a predecessor that is another tenderer's or regime's, that has not ended, or has a successor."""
    if before.tenderer != tenderer:
        raise RuleBroken("retender.other_tenderer")
    if before.regime is not regime:
        raise RuleBroken("retender.other_regime")
    if before.state not in CUT_SHORT:
        raise WrongState("retender.not_ended")
    if before.succeeded:
        raise WrongState("retender.succeeded_already")
