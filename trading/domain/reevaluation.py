"""A re-evaluation (复评): on whose word the original committee reviews again before the contract, on which ground, and which items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import RuleBroken, Stale
from core.kernel.roles import Role
from trading.domain.clock import LegalRegime

MOST_ITEMS = 100


class Ground(Enum):
    """Why a committee reviews again."""

    COMPLAINT = "complaint"  # the decision on a complaint orders it
    ORDERED = "ordered"  # the supervisor orders it of its own motion
    CHANGED = "changed"  # a candidate's business or finances have changed materially
    ILLEGAL_ACT = "illegal_act"  # a candidate has broken the law
    ERROR = "error"  # the evaluation was in error


_WORKS, _PROCUREMENT = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT

GROUNDS: Mapping[LegalRegime, Mapping[Role, Mapping[Ground, str]]] = {
    _WORKS: {
        Role.SUPERVISOR: {Ground.COMPLAINT: "招标投标法实施条例第六十一条", Ground.ORDERED: "招标投标法实施条例第七十一条"},
        Role.TENDERER: {
            Ground.CHANGED: "招标投标法实施条例第五十六条",
            Ground.ILLEGAL_ACT: "招标投标法实施条例第五十六条",
            Ground.ERROR: "招标投标法实施条例第四十九条",
        },
    },
    _PROCUREMENT: {
        Role.SUPERVISOR: {Ground.COMPLAINT: "政府采购法第五十六条", Ground.ORDERED: "政府采购法第五十九条"},
        Role.TENDERER: {Ground.ERROR: "政府采购法实施条例第四十四条"},
    },
}
"""Family of law → who may order → grounds with their articles. Art. 56 is of works alone; it ends with the award notice."""


def article_of(regime: LegalRegime, ground: Ground) -> str:
    """The article on which an order rests, "" where the law of this family knows no such ground."""
    return next((known[ground] for known in GROUNDS[regime].values() if ground in known), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The signed body of `reevaluation.order`: the report that is looked at again, the ground, and the items.

    `complaint`: the number of the decided complaint, "" for other grounds. `review`: the preliminary review of all bids; `criteria`: ids
    of the scored items, of all bids. What is not named stands.
    """

    report_sha256: str
    ground: Ground
    complaint: str
    review: bool
    criteria: tuple[str, ...]
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Order:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member, `reevaluation.no_items` for an order of nothing."""
        body = Body(signed)
        read = cls(
            report_sha256=body.digest("report_sha256"),
            ground=body.choice("ground", Ground),
            complaint=body.text("complaint", 24, 0),
            review=body.flag("review"),
            criteria=body.texts("criteria", MOST_ITEMS, 60),
            reason=body.text("reason", 1000),
        )
        body.done()
        if list(read.criteria) != sorted(set(read.criteria)):
            raise RuleBroken("body.malformed", member="criteria")
        if not read.review and not read.criteria:
            raise RuleBroken("reevaluation.no_items")
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What an order is held against: the report in force, the criteria of the tender document, and whether the complaint that it names
    was decided for the complainant."""

    role: Role
    regime: LegalRegime
    report_sha256: str
    criteria: frozenset[str]
    complaint_upheld: bool = False


def check_order(said: Order, facts: OrderFacts) -> None:
    """Raises RuleBroken for a ground that is not this office's, an item that the document does not have, or a complaint that was not
    decided so; Stale for another report."""
    if said.ground not in GROUNDS[facts.regime][facts.role]:
        raise RuleBroken("reevaluation.ground_other")
    if said.report_sha256 != facts.report_sha256:
        raise Stale("reevaluation.other_report")
    for unknown in sorted(set(said.criteria) - facts.criteria):
        raise RuleBroken("reevaluation.item_unknown", criterion=unknown)
    if (said.ground is Ground.COMPLAINT) != bool(said.complaint):
        raise RuleBroken("reevaluation.complaint_missing")
    if said.complaint and not facts.complaint_upheld:
        raise RuleBroken("reevaluation.complaint_not_upheld", article_of(facts.regime, Ground.COMPLAINT))
