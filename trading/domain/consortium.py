"""Consortia (联合体): who bids together, with which shares and duties, who has signed it, and what each may still do alone.

Being named binds nobody: a firm is bound by its own signature (招标投标法 art. 31). Whoever is bound neither bids alone nor in another
consortium for the same lot (招标投标法实施条例 art. 37).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, Stale, WrongState
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from core.kernel.sealing import MOST_MEMBERS
from trading.domain.bid import BidFacts, bidding_is_open

ARTICLE = "招标投标法第三十一条"
BOUND_ARTICLE = "招标投标法实施条例第三十七条"
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A member: its part of the contract in percent, and what it does."""

    org: OrgId
    name: str
    uscc: str
    share: Decimal
    duty: str

    @classmethod
    def read(cls, body: Body) -> Member:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        org, name, uscc = OrgId(body.uuid("org")), body.text("name", 120), body.text("uscc", 18)
        read = cls(org, name, uscc, Decimal(body.amount("share")), body.text("duty", 200))
        body.done()
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        return {"org": str(self.org), "name": self.name, "uscc": self.uscc, "share": f"{self.share:.2f}", "duty": self.duty}


@dataclass(frozen=True, slots=True)
class Agreement:
    """The body of `consortium.register`: the agreement (联合体协议), the lead member first."""

    members: tuple[Member, ...]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Agreement:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(tuple(Member.read(one) for one in body.objects("members", least=1, most=MOST_MEMBERS)))
        body.done()
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it is signed."""
        return {"members": [member.to_json() for member in self.members]}

    @property
    def lead(self) -> Member:
        """The lead member (牵头人)."""
        return self.members[0]

    @property
    def orgs(self) -> tuple[OrgId, ...]:
        """All members, the lead first."""
        return tuple(member.org for member in self.members)

    @property
    def name(self) -> str:
        """The name under which all of them stand in receipts, records and notices."""
        return joint_name([member.name for member in self.members])


def joint_name(names: Sequence[str]) -> str:
    """The lead's name and those of the others."""
    return f"{names[0]}（联合体牵头人）、" + "、".join(names[1:])


def check_agreement(agreement: Agreement, most: int, lead: OrgId, parties: frozenset[OrgId]) -> None:
    """Raises RuleBroken for the first rule that an agreement breaks. `most`: members that the tender document allows, 0 for no consortium;
    `lead`: whose person signs; `parties`: tenderer and agency."""
    orgs = agreement.orgs
    if not most:
        raise RuleBroken("consortium.not_accepted", ARTICLE)
    if agreement.lead.org != lead:
        raise RuleBroken("consortium.lead_other")
    if len(orgs) < 2 or len(orgs) > most:
        raise RuleBroken("consortium.members_unfit", ARTICLE, most=most)
    if len(set(orgs)) < len(orgs):
        raise RuleBroken("consortium.member_twice", BOUND_ARTICLE)
    if parties & set(orgs):
        raise RuleBroken("consortium.party_member", ARTICLE)
    if sum(member.share for member in agreement.members) != 100 or any(member.share <= 0 for member in agreement.members):
        raise RuleBroken("consortium.shares_unfit", ARTICLE)
    if len(agreement.name) > LONGEST_NAME:
        raise RuleBroken("consortium.name_too_long", most=LONGEST_NAME)


@dataclass(frozen=True, slots=True)
class MemberSigning:
    """The body of `consortium.sign` and `consortium.dissolve`: for which organisation, and the digest of the registration."""

    org: OrgId
    register_sha256: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> MemberSigning:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(OrgId(body.uuid("org")), body.digest("register_sha256"))
        body.done()
        return read


# Its life


class ConsortiumState(Enum):
    """The life of a consortium for one lot."""

    DRAFTED = "drafted"  # saved by its lead, signed by nobody
    FORMING = "forming"  # signed by its lead, not yet by all
    FORMED = "formed"  # signed by all: it may bid
    DISSOLVED = "dissolved"


class ConsortiumAction(Enum):
    """What can happen to a consortium."""

    REGISTER = "register"
    SIGN = "sign"
    SIGN_LAST = "sign_last"
    DISSOLVE = "dissolve"


@dataclass(frozen=True, slots=True)
class ConsortiumFacts:
    """What the rules look at, all of it of the actor's own organisation: whether it is bound by another consortium for the lot, whether a
    bid of its own stands, whether it has signed this one, whether this one's bid stands."""

    bid: BidFacts
    is_bound: bool = False
    has_bid: bool = False
    has_signed: bool = False
    is_sealed: bool = False


def may_join(facts: ConsortiumFacts) -> Refusal | None:
    """Who is bound elsewhere, or has bid alone, joins none."""
    if (closed := bidding_is_open(facts.bid)) is not None:
        return closed
    if facts.has_signed:
        return WrongState("consortium.signed_already")
    if facts.is_bound:
        return RuleBroken("consortium.bound", BOUND_ARTICLE)
    return RuleBroken("consortium.has_bid", BOUND_ARTICLE) if facts.has_bid else None


def may_leave(facts: ConsortiumFacts) -> Refusal | None:
    """While its bid is in, a consortium stays as it is."""
    return bidding_is_open(facts.bid) or (WrongState("consortium.sealed") if facts.is_sealed else None)


_S, _BIDDER = ConsortiumState, at(Role.BIDDER)

MOVES: Moves[ConsortiumAction, ConsortiumState, Role, ConsortiumFacts] = Moves(
    "consortium",
    (
        Move(ConsortiumAction.REGISTER, at(_S.DRAFTED), _S.FORMING, _BIDDER, may_join),
        Move(ConsortiumAction.SIGN, at(_S.FORMING), _S.FORMING, _BIDDER, may_join),
        Move(ConsortiumAction.SIGN_LAST, at(_S.FORMING), _S.FORMED, _BIDDER, may_join),
        Move(ConsortiumAction.DISSOLVE, at(_S.FORMING, _S.FORMED), _S.DISSOLVED, _BIDDER, may_leave),
    ),
)

STANDING = at(_S.FORMING, _S.FORMED)
"""The states in which it binds who has signed it."""


# What it means for sealing


@dataclass(frozen=True, slots=True)
class Standing:
    """How a firm stands towards consortia for a lot: `members` of the one that it leads, the lead first; `is_whole`: all of them have
    signed; `is_member`: it has signed another's."""

    members: tuple[OrgId, ...] = ()
    is_whole: bool = False
    is_member: bool = False


def check_sealing(named: Sequence[tuple[str, ...]], standing: Standing) -> None:
    """Raises RuleBroken for who is a member of another's consortium or whose own is not signed by all, Stale for a statement that names
    other members than those. `named`: what each envelope's statement says."""
    if standing.is_member:
        raise RuleBroken("bid.seal.consortium_member", BOUND_ARTICLE)
    if standing.members and not standing.is_whole:
        raise RuleBroken("bid.seal.consortium_unsigned", ARTICLE)
    if set(named) != {tuple(str(org) for org in standing.members)}:
        raise Stale("bid.seal.consortium_other")


def number_of(register_sha256: str) -> str:
    """A consortium's number, made from the digest of its registration: a running one would count them."""
    return f"LH-{register_sha256[:16].upper()}"
