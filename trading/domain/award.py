"""The award: the report handed down by the evaluation, and the award notice (中标通知书)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.money import Money

# The evaluation's report


@dataclass(frozen=True, slots=True)
class Recommended:
    """A bidder whom the committee recommends, with the price at which the contract would be made; `rank` 0: by its place in the list."""

    org: OrgId
    price: Money
    rank: int = 0


@dataclass(frozen=True, slots=True)
class AcceptedReport:
    """A signed evaluation report as the evaluation hands it down; `candidates` in rank order where `ranked`, else in any order."""

    report_sha256: str
    case_sha256: str
    ranked: bool
    candidates: tuple[Recommended, ...]

    @property
    def ranks(self) -> tuple[int, ...]:
        """The candidates' ranks, 0 for each of an unranked set; equal ones share theirs."""
        return tuple((one.rank or place) if self.ranked else 0 for place, one in enumerate(self.candidates, start=1))


MOST_CANDIDATES = 3


def check_report(report: AcceptedReport, separation: bool) -> None:
    """Raises RuleBroken unless the report fits the award plan: ranked, with at most three candidates or others who share the third place,
    unless the award is separated (Regulation art. 53); never empty, nobody twice."""
    if report.ranked == separation:
        raise RuleBroken("report.ranking_unfit", "招标投标法实施条例第五十三条")
    if not report.candidates or len({candidate.org for candidate in report.candidates}) < len(report.candidates):
        raise RuleBroken("report.candidates_unfit", "招标投标法实施条例第五十三条")
    if report.ranked and max(report.ranks) > MOST_CANDIDATES:
        raise RuleBroken("report.too_many_candidates", "招标投标法实施条例第五十三条", most=MOST_CANDIDATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardTold:
    """What the signed award report lets the public know: its digest, the method, how many sat and voted in how many rounds, and the votes
    of the winner in the last of them, None where votes did not decide."""

    report_sha256: str
    method: str
    members: int
    rounds: int
    votes: int | None

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the notice of the result."""
        said: dict[str, JSON] = {"report_sha256": self.report_sha256, "method": self.method, "members": self.members, "rounds": self.rounds}
        return said | {"votes": self.votes}


# The choice between several who share the first place


@dataclass(frozen=True, slots=True)
class Choice:
    """The signed body of `award.choose`: which of those who share the first place wins, and why (87号令 art. 68)."""

    winner: OrgId
    report_sha256: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Choice:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(OrgId(body.uuid("winner")), body.digest("report_sha256"), body.text("reason", 1000, least=2))
        body.done()
        return read


def check_choice(choice: Choice, report_sha256: str, first: Collection[OrgId]) -> None:
    """Raises RuleBroken unless one of the first in the report in force was chosen."""
    if choice.report_sha256 != report_sha256:
        raise RuleBroken("award_choice.report_other")
    if choice.winner not in first:
        raise RuleBroken("award_choice.not_first", "政府采购货物和服务招标投标管理办法第六十八条")


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
