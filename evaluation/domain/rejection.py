"""Votes to reject: what a member failed is put to a vote of all, on the grounds that the law lists; the majority decides, the minority
stands beside it. And whether competition is lacking where fewer than three bids are left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from evaluation.domain.body import Body
from evaluation.domain.preliminary import Finding
from trading.domain.clock import LegalRegime

FEWEST = 3
STAYS = "stays"
REASON = 500


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which a bid is out: id and article. Nothing that is not listed may be one."""

    id: str
    article: str


_TL, _ORDER_87 = "招标投标法实施条例", "政府采购货物和服务招标投标管理办法"
GROUNDS: Mapping[LegalRegime, tuple[Ground, ...]] = {
    LegalRegime.CONSTRUCTION: (
        Ground("no_signature", f"{_TL} 第五十一条第一项"),
        Ground("no_agreement", f"{_TL} 第五十一条第二项"),
        Ground("not_qualified", f"{_TL} 第五十一条第三项"),
        Ground("two_bids", f"{_TL} 第五十一条第四项"),
        Ground("price_out_of_bounds", f"{_TL} 第五十一条第五项"),
        Ground("not_responsive", f"{_TL} 第五十一条第六项"),
        Ground("unfair_dealing", f"{_TL} 第五十一条第七项"),
        Ground("same_control", f"{_TL} 第三十四条"),
        Ground("member_bids_twice", f"{_TL} 第三十七条"),
    ),
    LegalRegime.GOVERNMENT_PROCUREMENT: (
        Ground("no_deposit", f"{_ORDER_87} 第六十三条第一项"),
        Ground("not_signed", f"{_ORDER_87} 第六十三条第二项"),
        Ground("unqualified", f"{_ORDER_87} 第六十三条第三项"),
        Ground("above_budget", f"{_ORDER_87} 第六十三条第四项"),
        Ground("unacceptable_condition", f"{_ORDER_87} 第六十三条第五项"),
        Ground("otherwise_void", f"{_ORDER_87} 第六十三条第六项"),
        Ground("deemed_collusion", f"{_ORDER_87} 第三十七条"),
        Ground("same_controller", "政府采购法实施条例 第十八条"),
    ),
}


def article_of(ground: str) -> str:
    """The article behind a ground of either family."""
    return next(one.article for listed in GROUNDS.values() for one in listed if one.id == ground)


def challenged(reviews: Iterable[Sequence[Finding]]) -> tuple[str, ...]:
    """The bids that any member failed on any check: a vote is held on these, and on no other."""
    return tuple(sorted({finding.bid for findings in reviews for finding in findings if not finding.passes}))


@dataclass(frozen=True, slots=True)
class BidVote:
    """One member's vote on one bid: the ground on which it is out, or `STAYS`; the reason either way."""

    bid: str
    ground: str
    reason: str

    @property
    def rejects(self) -> bool:
        """Whether the bid is to be out."""
        return self.ground != STAYS


@dataclass(frozen=True, slots=True)
class RejectionVoteBody:
    """One member's votes on all bids put to the vote."""

    votes: tuple[BidVote, ...]

    @classmethod
    def read(cls, body: object, bids: Collection[str], regime: LegalRegime) -> RejectionVoteBody:
        """From the signed body of `rejection.vote`: exactly one vote on each bid; raises RuleBroken."""
        items = Body(body, "votes").objects("votes", "bid", "ground", "reason")
        votes = tuple(_vote(item, regime) for item in items)
        if sorted(vote.bid for vote in votes) != sorted(bids):
            raise RuleBroken("rejection.vote.incomplete", wanted=len(bids), given=len({vote.bid for vote in votes} & set(bids)))
        return cls(votes)


def _vote(item: Body, regime: LegalRegime) -> BidVote:
    vote = BidVote(item.text("bid", 20, 1), item.text("ground", 40, 1), item.text("reason", REASON).strip())
    if not vote.reason:
        raise RuleBroken("rejection.vote.reason", bid=vote.bid)
    if vote.rejects and vote.ground not in {ground.id for ground in GROUNDS[regime]}:
        raise RuleBroken("rejection.vote.ground", bid=vote.bid)
    return vote


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a bid: the seats on each side, and how often each ground was named."""

    bid: str
    rejected: bool
    against: tuple[str, ...]  # seats that want it out
    keeping: tuple[str, ...]
    grounds: Mapping[str, int]

    def to_json(self) -> dict[str, JSON]:
        """As the platform records it."""
        sides: dict[str, JSON] = {"against": list(self.against), "keeping": list(self.keeping)}
        return {"bid": self.bid, "rejected": self.rejected, **sides, "grounds": dict(self.grounds)}


def decide(votes: Mapping[str, Sequence[BidVote]]) -> tuple[Decision, ...]:
    """Each bid by simple majority of the members; `votes` is seat → votes, of every member. Equal sides reject nobody.

    The minority is recorded with it (重庆市招标投标条例 art. 34; 87号令 art. 61).
    """
    bids = sorted({vote.bid for given in votes.values() for vote in given})
    return tuple(_decided(bid, votes) for bid in bids)


def _decided(bid: str, votes: Mapping[str, Sequence[BidVote]]) -> Decision:
    mine = {seat: vote for seat, given in votes.items() for vote in given if vote.bid == bid}
    against = tuple(sorted((seat for seat, vote in mine.items() if vote.rejects), key=int))
    keeping = tuple(sorted((seat for seat, vote in mine.items() if not vote.rejects), key=int))
    named = [mine[seat].ground for seat in against]
    return Decision(bid, 2 * len(against) > len(votes), against, keeping, {ground: named.count(ground) for ground in sorted(set(named))})


# Fewer than three bids left


class Competition(StrEnum):
    """What fewer than three bids mean for the tender."""

    ENOUGH = "enough"  # it goes on
    LACKING = "lacking"  # the committee rejects all bids (12号令 art. 27)
    ABANDONED = "abandoned"  # 废标: the law leaves no choice (政府采购法 art. 36)


class Stage(StrEnum):
    """When bids fell out."""

    REVIEW = "review"
    PRICES = "prices"


def competition_without_vote(standing: int, regime: LegalRegime) -> Competition | None:
    """What the number of bids left, one at least, decides alone; None where the committee has to vote."""
    if standing >= FEWEST:
        return Competition.ENOUGH
    return Competition.ABANDONED if regime is LegalRegime.GOVERNMENT_PROCUREMENT else None


@dataclass(frozen=True, slots=True)
class CompetitionVoteBody:
    """One member's vote whether competition is clearly lacking."""

    stage: str
    lacking: bool
    reason: str

    @classmethod
    def read(cls, body: object, stage: str) -> CompetitionVoteBody:
        """From the signed body of `competition.vote`; raises RuleBroken for another stage or no reason."""
        fields = Body(body, "stage", "lacking", "reason")
        said = cls(fields.text("stage", 10, 1), fields.flag("lacking"), fields.text("reason", REASON).strip())
        if said.stage != stage:
            raise RuleBroken("competition.vote.stage")
        if not said.reason:
            raise RuleBroken("competition.vote.reason")
        return said


def count_competition(votes: Mapping[str, bool]) -> Competition:
    """By simple majority; `votes` is seat → whether competition is lacking, of every member."""
    return Competition.LACKING if 2 * sum(votes.values()) > len(votes) else Competition.ENOUGH
