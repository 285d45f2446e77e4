"""What members of the award committee sign: ballots and opinions, each with reasons that point to the page that shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.kernel.errors import RuleBroken
from evaluation.domain.award_methods import PROCEDURES, Holds, Voice
from evaluation.domain.body import Body
from trading.domain.award_plan import AwardPlan

SECTIONS = ("candidates", "scores", "rejections", "price", "sheets")
"""Parts of the evaluation report that a reason may name."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_POINTS = re.compile(r"(0|[1-9]\d{0,2})(\.\d{1,2})?")
MOST_PAGES = 20_000


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, and where it is seen: a page of the paper with digest `source`, or a section (`report:…`) or factor (`factor:…`) with page 0."""

    text: str
    source: str
    page: int

    @property
    def is_paper(self) -> bool:
        """Whether it names a page of a paper."""
        return _DIGEST.fullmatch(self.source) is not None


@dataclass(frozen=True, slots=True)
class Sources:
    """What reasons may point to: papers by digest with their pages (None where nobody has counted them), sections and factors."""

    papers: Mapping[str, int | None]
    places: frozenset[str]

    def check(self, reason: Reason) -> None:
        """Raises RuleBroken unless what the reason names exists."""
        if reason.source in self.places:
            if reason.page:
                raise RuleBroken("ballot.page_unknown", page=reason.page)
            return
        if reason.source not in self.papers:
            raise RuleBroken("ballot.source_unknown")
        pages = self.papers[reason.source] or MOST_PAGES
        if not 1 <= reason.page <= pages:
            raise RuleBroken("ballot.page_unknown", page=reason.page)


def places_of(plan: AwardPlan) -> frozenset[str]:
    """The sections of the report and the factors of the plan, as reasons name them."""
    return frozenset({f"report:{one}" for one in SECTIONS} | {f"factor:{one.id}" for one in plan.factors})


@dataclass(frozen=True, slots=True)
class Said:
    """A ballot or an opinion as signed; `choice` "" where it holds none or the member abstains."""

    round: int
    choice: str
    scores: Mapping[str, Mapping[str, str]] | None
    opinion: str
    reasons: tuple[Reason, ...]

    @property
    def org(self) -> UUID | None:
        """The chosen candidate, None for none."""
        return UUID(self.choice) if self.choice else None

    def voice(self, member: str) -> Voice:
        """What the count hears."""
        return Voice(member, self.choice or None, self.scores)

    def kept(self) -> dict[str, Any]:
        """What is stored beside the choice."""
        scores = None if self.scores is None else {org: dict(sheet) for org, sheet in self.scores.items()}
        return {"scores": scores, "opinion": self.opinion}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a ballot is read against: the plan, the round and who stands in it, and the digest of the formula's output."""

    plan: AwardPlan
    number: int
    standing: tuple[str, ...]
    output_sha256: str = ""


def read_ballot(body: object, now: Round) -> Said:
    """From the signed body of `ballot`, as the plan's method wants it; raises RuleBroken."""
    holds = PROCEDURES[now.plan.method].holds
    member = {Holds.CHOICE: "choice", Holds.OUTPUT: "output_sha256", Holds.SCORES: "scores"}[holds]
    fields = Body(body, "round", member, "reasons")
    choice, scores = "", None
    if holds is Holds.CHOICE:
        choice = _choice(fields.text("choice", 40), now, now.plan.abstention)
    elif holds is Holds.OUTPUT:
        if fields.text("output_sha256", 64, 64) != now.output_sha256:
            raise RuleBroken("ballot.output_other")
    else:
        scores = _scores(body, now)
    return Said(_round(fields, now), choice, scores, "", _reasons(fields))


def read_opinion(body: object, now: Round) -> Said:
    """From the signed body of `award.opinion`: whom the member would choose, the opinion in words, and reasons; raises RuleBroken."""
    fields = Body(body, "round", "choice", "opinion", "reasons")
    choice = _choice(fields.text("choice", 40), now, may_abstain=False)
    return Said(_round(fields, now), choice, None, fields.text("opinion", 2000, 5).strip(), _reasons(fields))


def _round(fields: Body, now: Round) -> int:
    number = fields.whole("round", 1)
    if number != now.number:
        raise RuleBroken("ballot.round", round=now.number)
    return number


def _choice(said: str, now: Round, may_abstain: bool) -> str:
    if said not in now.standing and not (may_abstain and not said):
        raise RuleBroken("ballot.choice")
    return said


def _scores(body: object, now: Round) -> dict[str, dict[str, str]]:
    """Points for every candidate and factor, none above the factor's weight."""
    given = body["scores"] if isinstance(body, Mapping) else None
    if not isinstance(given, Mapping) or set(given) != set(now.standing):
        raise RuleBroken("ballot.scores_missing")
    most = {factor.id: Decimal(factor.weight) for factor in now.plan.factors}
    found: dict[str, dict[str, str]] = {}
    for org, sheet in given.items():
        if not isinstance(sheet, Mapping) or set(sheet) != set(most):
            raise RuleBroken("ballot.scores_missing")
        for name, points in sheet.items():
            if not isinstance(points, str) or _POINTS.fullmatch(points) is None or Decimal(points) > most[name]:
                raise RuleBroken("ballot.score_unfit", factor=name, most=str(most[name]))
        found[str(org)] = dict(sheet)
    return found


def _reasons(fields: Body) -> tuple[Reason, ...]:
    rows = fields.objects("reasons", "text", "source", "page", most=20)
    reasons = tuple(Reason(row.text("text", 1000, 2), row.text("source", 80, 1), row.whole("page", 0, MOST_PAGES)) for row in rows)
    if not reasons:
        raise RuleBroken("ballot.reason_missing")
    return reasons


def check_reasons(reasons: Iterable[Reason], sources: Sources) -> None:
    """Raises RuleBroken for the first reason that points to nothing."""
    for reason in reasons:
        sources.check(reason)
