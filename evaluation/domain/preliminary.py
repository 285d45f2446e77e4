"""The preliminary review: a checklist of the tender document or the law's own, and what each member found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.kernel.errors import RuleBroken
from evaluation.domain.body import Body
from trading.domain.clock import LegalRegime
from trading.domain.review_plan import ReviewPlan


@dataclass(frozen=True, slots=True)
class Check:
    """One item of the review: id, group (`formality`, `qualification`, `responsiveness`, `conformity`), the article behind it, and its
    words where the tender document has its own."""

    id: str
    group: str
    article: str
    text: str = ""


CHECKS: tuple[Check, ...] = (
    # 招标投标法实施条例 art. 51 names what must be rejected; groups as in the standard construction tender document
    Check("formality.signature", "formality", "招标投标法实施条例 第五十一条第一项"),
    Check("formality.single_bid", "formality", "招标投标法实施条例 第五十一条第四项"),
    Check("qualification.conditions", "qualification", "招标投标法实施条例 第五十一条第三项"),
    Check("qualification.consortium", "qualification", "招标投标法实施条例 第五十一条第二项"),
    Check("responsiveness.requirements", "responsiveness", "招标投标法实施条例 第五十一条第六项"),
    Check("responsiveness.fair_dealing", "responsiveness", "招标投标法实施条例 第五十一条第七项"),
)
CONFORMITY: tuple[Check, ...] = (
    # 符合性审查: the purchaser has looked at the qualification (87号令 art. 44), the committee looks at the rest (art. 50, 63)
    Check("conformity.signature", "conformity", "政府采购货物和服务招标投标管理办法 第六十三条第二项"),
    Check("conformity.deposit", "conformity", "政府采购货物和服务招标投标管理办法 第六十三条第一项"),
    Check("conformity.conditions", "conformity", "政府采购货物和服务招标投标管理办法 第六十三条第五项"),
    Check("conformity.requirements", "conformity", "政府采购货物和服务招标投标管理办法 第五十条"),
    Check("conformity.fair_dealing", "conformity", "政府采购货物和服务招标投标管理办法 第三十七条"),
)


def checks_of(regime: LegalRegime, plan: ReviewPlan) -> tuple[Check, ...]:
    """What the committee checks: the tender document's list, or the law's where the document has none."""
    if plan.checks:
        return tuple(Check(one.id, one.group, one.article, one.text) for one in plan.checks)
    return CHECKS if regime is LegalRegime.CONSTRUCTION else CONFORMITY


@dataclass(frozen=True, slots=True)
class Finding:
    """What one member found for one bid and one check; a failure needs its reason."""

    bid: str
    check: str
    passes: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewBody:
    """One member's whole review."""

    findings: tuple[Finding, ...]

    @classmethod
    def read(cls, body: object, bids: Iterable[str], checks: Sequence[Check] = CHECKS) -> ReviewBody:
        """From the signed body of `preliminary.review`: exactly one finding for each bid and check."""
        items = Body(body, "items").objects("items", "bid", "check", "pass", "reason")
        found = tuple(_finding(item) for item in items)
        wanted = {(bid, check.id) for bid in bids for check in checks}
        said = [(finding.bid, finding.check) for finding in found]
        if len(said) != len(set(said)) or set(said) != wanted:
            raise RuleBroken("preliminary.review.incomplete", wanted=len(wanted), given=len(set(said) & wanted))
        return cls(found)


def _finding(item: Body) -> Finding:
    found = Finding(item.text("bid", 20, 1), item.text("check", 60, 1), item.flag("pass"), item.text("reason", 500).strip())
    if not found.passes and not found.reason:
        raise RuleBroken("preliminary.review.reason", bid=found.bid)
    return found
