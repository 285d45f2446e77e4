"""Checks before publication (发布前检查): how every rule stands for what is drafted or signed of a lot, and what holds its notice back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from core.kernel.errors import RuleBroken
from trading.domain.lot import LotAction
from trading.domain.readiness_rules import RULES, ReadinessFacts, Rule

__all__ = ["Finding", "ReadinessFacts", "Severity", "Standing", "check", "findings"]


class Severity(Enum):
    """What a rule that is not kept does to the publication."""

    BLOCKS = "blocks"
    WARNS = "warns"


class Standing(Enum):
    """How a rule stands."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"  # what it looks at is not there yet


@dataclass(frozen=True, slots=True)
class Finding:
    """How one rule stands; `step` and `field` are where it is mended, of an open one where that is made which it waits for; `refusal` says
    what is wrong, None where it is met or open."""

    code: str
    severity: Severity
    standing: Standing
    article: str
    step: LotAction
    field: str
    refusal: RuleBroken | None = None

    @property
    def holds_back(self) -> bool:
        """Whether the notice can't go out because of it."""
        return self.severity is Severity.BLOCKS and self.standing is not Standing.MET


def findings(facts: ReadinessFacts) -> tuple[Finding, ...]:
    """How every rule that is about this lot stands, in the order of the steps."""
    return tuple(_finding(rule, facts) for rule in RULES if rule.concerns(facts))


def check(facts: ReadinessFacts) -> None:
    """Raises RuleBroken where rules hold the publication back: the rule's own refusal where it is one, else `notice.not_ready` naming all
    codes, with the article of the first."""
    missed = [found for found in findings(facts) if found.holds_back]
    if len(missed) == 1 and missed[0].refusal is not None:
        raise missed[0].refusal
    if missed:
        raise RuleBroken("notice.not_ready", missed[0].article, count=len(missed), codes="、".join(found.code for found in missed))


def _finding(rule: Rule, facts: ReadinessFacts) -> Finding:
    period = facts.law.standing(rule.period, facts.now) if rule.period else None
    article = rule.article[facts.law.regime] or ("" if period is None else period.article)
    if not facts.has(rule.needs):
        return Finding(rule.code, _severity(rule, facts), Standing.OPEN, article, rule.needs or rule.step, "")
    refusal = rule.look(facts)
    if refusal is None:
        return Finding(rule.code, _severity(rule, facts), Standing.MET, article, rule.step, rule.field)
    said = RuleBroken(refusal.code, refusal.article or article, **refusal.facts)
    return Finding(rule.code, _severity(rule, facts, said), Standing.MISSED, said.article, rule.step, rule.field, said)


def _severity(rule: Rule, facts: ReadinessFacts, refusal: RuleBroken | None = None) -> Severity:
    """A region's own rule may bind where the nation's does not; a deviation that is explained and approved only warns."""
    blocks = facts.law.regime in rule.blocks or (bool(rule.period) and facts.law.binding(rule.period, facts.now) is not None)
    deviates = refusal is not None and refusal.code == "notice.deviates"
    return Severity.BLOCKS if blocks and not deviates else Severity.WARNS
