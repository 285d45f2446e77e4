"""Checks of a tender document before its publication: all of them at once, on a draft that need not be whole yet, each with its article."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum

from core.kernel.errors import Refusal, RuleBroken
from core.kernel.money import Money
from trading.domain import document as documents
from trading.domain.clock import Law, LegalRegime
from trading.domain.project import Category

CONTENT_ARTICLE = "招标投标法第十九条"
CEILING_ARTICLE = "招标投标法实施条例第二十七条"
SCORING_ARTICLE = "政府采购货物和服务招标投标管理办法第五十五条"
TIE_ARTICLE = "政府采购货物和服务招标投标管理办法第五十七条"
CANDIDATES_ARTICLE = "招标投标法实施条例第五十三条"
LEAST_PRICE_POINTS = {Category.GOODS: Decimal(30), Category.SERVICES: Decimal(10)}  # of 100 (SCORING_ARTICLE)
FULL = Decimal(100)
MOST_CANDIDATES = 3
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?")


class Outcome(Enum):
    """How a check came out."""

    HOLDS = "ok"
    BROKEN = "bad"
    DOUBTFUL = "warn"  # allowed, and worth a second thought
    OPEN = "open"  # what it looks at has not been filled in


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its stable code, how it came out, the article behind it, the form's field, and what fills the gaps of its sentence."""

    code: str
    outcome: Outcome
    article: str = ""
    field: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the checks look at: the document's content as far as it is filled in, and what else of the lot bears on it.

    `release_at` and `deadline` are those of the notice, published or drafted, None before that.
    """

    content: Mapping[str, object]
    law: Law
    category: Category
    estimate: Money
    plan_fixed: bool
    release_at: datetime | None = None
    deadline: datetime | None = None

    @property
    def method(self) -> Mapping[str, object]:
        """The method part, empty where there is none."""
        return _object(self.content, "method")

    @property
    def is_comprehensive(self) -> bool:
        """Whether points decide."""
        return self.method.get("method") == "comprehensive"

    @property
    def envelopes(self) -> tuple[str, ...]:
        """The names of the envelopes."""
        return tuple(str(one.get("env")) for one in _rows(self.content, "envelopes"))


Rule = Callable[[Draft], Check | None]
"""A check, or None where it has nothing to look for in such a document."""


def examine(draft: Draft) -> tuple[Check, ...]:
    """Every check that bears on this document, in the order of the form."""
    return tuple(found for rule in _RULES if (found := rule(draft)) is not None)


def ready(checks: Sequence[Check]) -> bool:
    """Whether nothing is broken or open."""
    return all(check.outcome in (Outcome.HOLDS, Outcome.DOUBTFUL) for check in checks)


def _decide(code: str, holds: bool, article: str = "", place: str = "method", **facts: object) -> Check:
    return Check(code, Outcome.HOLDS if holds else Outcome.BROKEN, article, place, {name: str(value) for name, value in facts.items()})


# The document


def _plan(draft: Draft) -> Check:
    return _decide("check.plan_fixed", draft.plan_fixed, CONTENT_ARTICLE, "award-plan")


def _files(draft: Draft) -> Check:
    names = [str(one.get("name")) for one in _rows(draft.content, "files")]
    if not names:
        return Check("check.files", Outcome.OPEN, CONTENT_ARTICLE, "files")
    return _decide("check.files", len(set(names)) == len(names), CONTENT_ARTICLE, "files", count=len(names))


def _ceiling(draft: Draft) -> Check:
    fen = _fen(draft.content.get("ceiling"))
    return _decide("check.ceiling", bool(fen), CEILING_ARTICLE, "ceiling")


def _ceiling_in_method(draft: Draft) -> Check:
    written, fen = _fen(draft.method.get("price_ceiling")), _fen(draft.content.get("ceiling"))
    if written is None or fen is None:
        return Check("check.ceiling_in_method", Outcome.OPEN, CEILING_ARTICLE, "method")
    return _decide("check.ceiling_in_method", written == fen, CEILING_ARTICLE, "method")


def _deposit(draft: Draft) -> Check:
    article, fen = documents.DEPOSIT_ARTICLE[draft.law.regime], draft.content.get("deposit_fen")
    most = Money(draft.estimate.fen * documents.DEPOSIT_PERCENT // 100)
    if not isinstance(fen, int):
        return Check("check.deposit", Outcome.OPEN, article, "deposit", {"most": str(most)})
    return _decide("check.deposit", fen * 100 <= draft.estimate.fen * documents.DEPOSIT_PERCENT, article, "deposit", most=most)


def _envelopes(draft: Draft) -> Check:
    if not draft.envelopes:
        return Check("check.envelopes", Outcome.OPEN, CONTENT_ARTICLE, "envelopes")
    fits = draft.envelopes in documents.ENVELOPE_ORDERS
    return _decide("check.envelopes", fits and (len(draft.envelopes) < 2 or "technical" in _parts(draft)), CONTENT_ARTICLE, "envelopes")


def _blind(draft: Draft) -> Check | None:
    """With one envelope the experts have names and prices before them while they score: allowed, and told."""
    if not draft.envelopes or "technical" not in _parts(draft):
        return None
    outcome = Outcome.HOLDS if draft.envelopes[0] == "technical" else Outcome.DOUBTFUL
    return Check("check.blind", outcome, "", "envelopes")


def _periods(draft: Draft) -> Check:
    """The time between release and deadline (T2, T3), by the notice or its draft."""
    if draft.release_at is None or draft.deadline is None:
        return Check("check.periods", Outcome.OPEN, "", "notice")
    found = [draft.law.too_early(code, draft.release_at, draft.deadline) for code in ("T2", "T3")]
    broken = next((refusal for refusal in found if refusal is not None), None)
    if broken is None:
        bound = draft.law.binding("T3", draft.release_at) or draft.law.binding("T2", draft.release_at)
        return Check("check.periods", Outcome.HOLDS, "" if bound is None else bound.article, "notice")
    return Check("check.periods", Outcome.BROKEN, broken.article, "notice", {"earliest": str(broken.facts.get("earliest", ""))})


# The method


def _form(draft: Draft) -> Check:
    """The method has the form of a scoring case; its own page says where it has not."""
    if not draft.method:
        return Check("check.method", Outcome.OPEN, CONTENT_ARTICLE, "method")
    fen = _fen(draft.method.get("price_ceiling"))
    refusal: Refusal | None = None
    try:
        documents.check_method(draft.method, Money(int(fen or 0)), len(draft.envelopes))
    except RuleBroken as broken:
        refusal = None if broken.code.startswith(("document.ceiling", "method.ceiling", "method.envelopes")) else broken
    member = "" if refusal is None else str(refusal.facts.get("member", ""))
    return _decide("check.method", refusal is None, CONTENT_ARTICLE, "method", member=member)


def _points(draft: Draft) -> Check | None:
    """What can be had in all, weighted, makes 100 points."""
    if not draft.is_comprehensive:
        return None
    total = _price_points(draft) + sum((_points_of(one) for one in _rows(draft.method, "criteria")), Decimal(0))
    return _decide("check.points", total == FULL, CONTENT_ARTICLE, sum=_plain(total))


def _price_weight(draft: Draft) -> Check | None:
    """Goods: price at least 30 of 100 points, services: at least 10, in government procurement."""
    least = LEAST_PRICE_POINTS.get(draft.category)
    if not draft.is_comprehensive or draft.law.regime is not LegalRegime.GOVERNMENT_PROCUREMENT or least is None:
        return None
    return _decide("check.price_weight", _price_points(draft) >= least, SCORING_ARTICLE, least=least, points=_plain(_price_points(draft)))


def _price_formula(draft: Draft) -> Check | None:
    """Government procurement scores prices against the lowest; no bid is dropped."""
    if not draft.is_comprehensive or draft.law.regime is not LegalRegime.GOVERNMENT_PROCUREMENT:
        return None
    return _decide("check.price_formula", _object(draft.method, "price").get("kind") == "lowest_ratio", SCORING_ARTICLE)


def _reference(draft: Draft) -> Check | None:
    """A benchmark made of the secret reference price needs the commitment to it."""
    if not any(one.get("kind") == "reference" for one in _benchmarks(_object(_object(draft.method, "price"), "benchmark"))):
        return None
    return _decide("check.reference", bool(draft.content.get("reference_price_commit")), CEILING_ARTICLE, "reference_price_commit")


def _trimming(draft: Draft) -> Check | None:
    """From how many values on a trimmed mean trims, and how many it drops, is never left to whoever computes."""
    trimmed = [one for one in _benchmarks(_object(_object(draft.method, "price"), "benchmark")) if one.get("kind") == "trimmed_mean"]
    aggregation = _object(draft.method, "aggregation")
    trimmed += [aggregation] if aggregation.get("kind") == "trimmed_mean" else []
    if not trimmed:
        return None
    return _decide("check.trimming", all(_is_explicit(one) for one in trimmed), CONTENT_ARTICLE)


def _is_explicit(one: Mapping[str, object]) -> bool:
    counts = [one.get(name) for name in ("drop_high", "drop_low", "trim_from")]
    whole = [count for count in counts if isinstance(count, int) and not isinstance(count, bool)]
    return len(whole) == 3 and whole[2] > whole[0] + whole[1]


def _ties(draft: Draft) -> Check | None:
    if not draft.is_comprehensive:
        return None
    keys = [str(key) for key in _list(draft.method, "tie_break")]
    sound = bool(keys) and len(set(keys)) == len(keys) and "draw" not in keys[:-1]
    procures = draft.law.regime is LegalRegime.GOVERNMENT_PROCUREMENT
    return _decide("check.ties", sound and (not procures or keys[0] == "lower_price"), TIE_ARTICLE if procures else CONTENT_ARTICLE)


def _minimum(draft: Draft) -> Check | None:
    """A threshold that nobody can reach would reject every bid."""
    wanted = _object(draft.method, "part_minimum")
    if not wanted:
        return None
    most = {part: Decimal(0) for part in _parts(draft)}
    for one in _rows(draft.method, "criteria"):
        most[str(one.get("part"))] += _points_of(one)
    return _decide("check.minimum", all(_number(least) <= most.get(part, Decimal(0)) for part, least in wanted.items()), CONTENT_ARTICLE)


def _candidates(draft: Draft) -> Check:
    count = draft.method.get("candidates")
    if not isinstance(count, int):
        return Check("check.candidates", Outcome.OPEN, CANDIDATES_ARTICLE, "method")
    return _decide("check.candidates", 1 <= count <= MOST_CANDIDATES, CANDIDATES_ARTICLE, most=MOST_CANDIDATES)


def _slopes(draft: Draft) -> Check | None:
    """As a rule a bid above the benchmark loses no less than one as far below it."""
    price = _object(draft.method, "price")
    if price.get("kind") != "deviation":
        return None
    doubtful = _number(price.get("above")) < _number(price.get("below"))
    return Check("check.slopes", Outcome.DOUBTFUL if doubtful else Outcome.HOLDS, "", "method")


_RULES: tuple[Rule, ...] = (
    *(_plan, _files, _ceiling, _deposit, _envelopes, _blind, _form, _ceiling_in_method, _points, _price_weight, _price_formula),
    *(_slopes, _reference, _trimming, _minimum, _ties, _candidates, _periods),
)


# Reading what may not be whole


def _price_points(draft: Draft) -> Decimal:
    price = _object(draft.method, "price")
    return Decimal(0) if price.get("kind") == "none" else _points_of(price)


def _points_of(one: Mapping[str, object]) -> Decimal:
    return _number(one.get("max")) * (_number(one["weight"]) if "weight" in one else Decimal(1))


def _parts(draft: Draft) -> set[str]:
    return {str(one.get("part")) for one in _rows(draft.method, "criteria")}


def _benchmarks(benchmark: Mapping[str, object]) -> list[Mapping[str, object]]:
    """A benchmark and those that it mixes."""
    mixed = [_object(part, "of") for part in _rows(benchmark, "parts")]
    return [benchmark, *mixed] if benchmark else []


def _object(members: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = members.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(members: Mapping[str, object], name: str) -> Sequence[object]:
    value = members.get(name)
    return value if isinstance(value, list | tuple) else ()


def _rows(members: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    return [row for row in _list(members, name) if isinstance(row, Mapping)]


def _number(value: object) -> Decimal:
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else Decimal(0)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _fen(value: object) -> Decimal | None:
    return _number(value) * 100 if isinstance(value, str) and _NUMBER.fullmatch(value) else None
