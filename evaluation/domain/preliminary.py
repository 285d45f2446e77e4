"""The preliminary review: formality, qualification and responsiveness checks, decided by the majority of the members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.kernel.errors import RuleBroken
from evaluation.domain.body import Body


@dataclass(frozen=True, slots=True)
class Check:
    """One item of the review: id, group (`formality`, `qualification`, `responsiveness`) and the article behind it."""

    id: str
    group: str
    article: str


CHECKS: tuple[Check, ...] = (
    # 招标投标法实施条例 art. 51 names what must be rejected; groups as in the standard construction tender document
    Check("formality.signature", "formality", "招标投标法实施条例 第五十一条第一项"),
    Check("formality.single_bid", "formality", "招标投标法实施条例 第五十一条第四项"),
    Check("qualification.conditions", "qualification", "招标投标法实施条例 第五十一条第三项"),
    Check("qualification.consortium", "qualification", "招标投标法实施条例 第五十一条第二项"),
    Check("responsiveness.requirements", "responsiveness", "招标投标法实施条例 第五十一条第六项"),
    Check("responsiveness.fair_dealing", "responsiveness", "招标投标法实施条例 第五十一条第七项"),
)


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


@dataclass(frozen=True, slots=True)
class Rejection:
    """A bid that more than half of the members failed, and on which checks."""

    bid: str
    checks: tuple[str, ...]


def decide(reviews: Mapping[str, Sequence[Finding]]) -> tuple[Rejection, ...]:
    """The bids that fail at least one check for more than half of the members; `reviews` is seat → findings, of every member.

    Disagreement is decided by simple majority and recorded (招标投标法 art. 42; local practice).
    """
    against: dict[tuple[str, str], int] = {}
    for findings in reviews.values():
        for finding in findings:
            if not finding.passes:
                against[finding.bid, finding.check] = against.get((finding.bid, finding.check), 0) + 1
    failed: dict[str, list[str]] = {}
    for (bid, check), count in sorted(against.items()):
        if 2 * count > len(reviews):
            failed.setdefault(bid, []).append(check)
    return tuple(Rejection(bid, tuple(checks)) for bid, checks in failed.items())
