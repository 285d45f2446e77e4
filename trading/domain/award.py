"""The award: the plan fixed before the notice, the report handed down by the evaluation, and the award notice (中标通知书)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId
from core.kernel.money import Money
from trading.domain.body import Body
from trading.domain.clock import LegalRegime


class AwardMethod(Enum):
    """How the winner is found among the candidates; all but the first separate award from evaluation (评定分离)."""

    RANK_ONE = "RANK_ONE"  # 排名第一的中标候选人: Regulation on Tendering and Bidding, art. 55
    DIRECT_VOTE = "DIRECT_VOTE"
    ELIMINATION_VOTE = "ELIMINATION_VOTE"
    VOTE_THEN_DRAW = "VOTE_THEN_DRAW"
    PRICE_COMPETITION = "PRICE_COMPETITION"
    COLLECTIVE_DELIBERATION = "COLLECTIVE_DELIBERATION"
    SCORING_AWARD = "SCORING_AWARD"


class TieKey(Enum):
    """What decides after equal votes."""

    PRICE = "price"
    EVALUATION_SCORE = "evaluation_score"
    DRAW = "draw"


FEWEST_MEMBERS = 5


@dataclass(frozen=True, slots=True)
class Factor:
    """An award factor and its published definition."""

    name: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPlan:
    """The plan in the signed body of `award_plan.fix`. `quorum`: members who must be present; `legal_basis`: number of the document on
    which separation rests, `region_rule`: version of the local rule; both "" for RANK_ONE."""

    method: AwardMethod
    members: int
    quorum: int
    ties: tuple[TieKey, ...]
    factors: tuple[Factor, ...]
    legal_basis: str
    region_rule: str

    @property
    def separation(self) -> bool:
        """Whether award is separated from evaluation."""
        return self.method is not AwardMethod.RANK_ONE

    @classmethod
    def read(cls, plan: Mapping[str, object]) -> AwardPlan:
        """Of the plan object; raises RuleBroken `body.malformed` naming the member."""
        body = Body(plan, "plan.")
        method = body.choice("method", AwardMethod)
        least = 0 if method is AwardMethod.RANK_ONE else 1
        read = cls(
            method=method,
            members=body.count("members", most=99),
            quorum=body.count("quorum", most=99),
            ties=tuple(_tie(key) for key in body.texts("ties", 3, 20)),
            factors=tuple(_factor(entry) for entry in body.objects("factors", least=least, most=20)),
            legal_basis=body.text("legal_basis", 100, least=0),
            region_rule=body.text("region_rule", 100, least=0),
        )
        body.done()
        return read


def _tie(key: str) -> TieKey:
    try:
        return TieKey(key)
    except ValueError:
        raise RuleBroken("body.malformed", member="plan.ties") from None


def _factor(body: Body) -> Factor:
    factor = Factor(body.text("name", 60), body.text("definition", 500))
    body.done()
    return factor


def check_plan(plan: AwardPlan, signed_sha256: str, computed_sha256: str, regime: LegalRegime) -> None:
    """Raises RuleBroken for the first rule that the plan breaks."""
    if signed_sha256 != computed_sha256:
        raise RuleBroken("award_plan.digest_other")
    if not plan.separation:
        if plan.members or plan.quorum or plan.ties or plan.factors:
            raise RuleBroken("award_plan.rank_one_needs_nothing", "招标投标法实施条例第五十五条")
        return
    check_basis(plan, regime)
    if plan.members < FEWEST_MEMBERS or plan.members % 2 == 0:
        raise RuleBroken("award_plan.members_unfit", least=FEWEST_MEMBERS)
    if not plan.members // 2 < plan.quorum <= plan.members:
        raise RuleBroken("award_plan.quorum_unfit", members=plan.members)
    if len(set(plan.ties)) < len(plan.ties) or not plan.ties:
        raise RuleBroken("award_plan.ties_unfit")


def check_basis(plan: AwardPlan, regime: LegalRegime) -> None:
    """Raises RuleBroken where the separation of award and evaluation does not name the document and the local rule on which it rests."""
    if regime is LegalRegime.GOVERNMENT_PROCUREMENT and not plan.region_rule:
        raise RuleBroken("award_plan.separation_forbidden", "政府采购法实施条例第四十三条")
    if not plan.legal_basis or not plan.region_rule:
        raise RuleBroken("award_plan.basis_missing", "招标投标法实施条例第五十五条")


# The evaluation's report


@dataclass(frozen=True, slots=True)
class Recommended:
    """A bidder whom the committee recommends, with the price at which the contract would be made."""

    org: OrgId
    price: Money


@dataclass(frozen=True, slots=True)
class AcceptedReport:
    """A signed evaluation report as the evaluation hands it down; `candidates` in rank order where `ranked`, else in any order."""

    report_sha256: str
    case_sha256: str
    ranked: bool
    candidates: tuple[Recommended, ...]


MOST_CANDIDATES = 3


def check_report(report: AcceptedReport, separation: bool) -> None:
    """Raises RuleBroken unless the report fits the award plan: ranked, with at most three candidates, unless the award is separated
    (Regulation art. 53); never empty, nobody twice."""
    if report.ranked == separation:
        raise RuleBroken("report.ranking_unfit", "招标投标法实施条例第五十三条")
    if not report.candidates or len({candidate.org for candidate in report.candidates}) < len(report.candidates):
        raise RuleBroken("report.candidates_unfit", "招标投标法实施条例第五十三条")
    if report.ranked and len(report.candidates) > MOST_CANDIDATES:
        raise RuleBroken("report.too_many_candidates", "招标投标法实施条例第五十三条", most=MOST_CANDIDATES)


# The award notice


@dataclass(frozen=True, slots=True)
class AwardNotice:
    """The signed body of `award.notice`."""

    winner: OrgId
    price: Money
    result_sha256: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> AwardNotice:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(OrgId(body.uuid("winner")), Money(body.count("price_fen", least=1)), body.digest("result_sha256"))
        body.done()
        return read


def check_notice(notice: AwardNotice, decided: AwardNotice) -> None:
    """Raises RuleBroken unless the notice names the winner, price and result that were decided."""
    if notice.winner != decided.winner:
        raise RuleBroken("award_notice.winner_other", "招标投标法实施条例第五十五条")
    if notice.price != decided.price:
        raise RuleBroken("award_notice.price_other", "招标投标法第四十六条", price=str(decided.price))
    if notice.result_sha256 != decided.result_sha256:
        raise RuleBroken("award_notice.result_other")
