"""Invitation (邀请招标): who is invited and why, whom the lot is open to, and what an invitee answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.kernel.actor import Actor
from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from trading.domain.clock import Law, LegalRegime
from trading.domain.lot import OPENED_OR_LATER, LotState, Parties, roles_of

FEWEST_INVITEES = 3  # 招标投标法 art. 17; 政府采购法 art. 34
MOST_INVITEES = 50
FEWEST_ARTICLES = {
    LegalRegime.CONSTRUCTION: "招标投标法第十七条",
    LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购法第三十四条",
}


class InvitationReason(Enum):
    """Why a lot is not tendered openly (招标投标法实施条例 art. 8; 政府采购法 art. 29)."""

    FEW = "few"  # special demands or conditions, so that only few can bid
    COST = "cost"  # an open tender would cost too large a part of the contract


REASON_ARTICLES = {
    (LegalRegime.CONSTRUCTION, InvitationReason.FEW): "招标投标法实施条例第八条第一款第一项",
    (LegalRegime.CONSTRUCTION, InvitationReason.COST): "招标投标法实施条例第八条第一款第二项",
    (LegalRegime.GOVERNMENT_PROCUREMENT, InvitationReason.FEW): "政府采购法第二十九条第一项",
    (LegalRegime.GOVERNMENT_PROCUREMENT, InvitationReason.COST): "政府采购法第二十九条第二项",
}
APPROVAL_ARTICLES = {
    LegalRegime.CONSTRUCTION: "招标投标法实施条例第八条",
    LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购法第二十七条",
}


@dataclass(frozen=True, slots=True)
class Invitee:
    """An organisation that is invited, with its name and code on file."""

    org: OrgId
    name: str
    uscc: str

    @classmethod
    def read(cls, body: Body) -> Invitee:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        read = cls(OrgId(body.uuid("org")), body.text("name", 120), body.text("uscc", 18))
        body.done()
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        return {"org": str(self.org), "name": self.name, "uscc": self.uscc}


@dataclass(frozen=True, slots=True)
class Invitation:
    """The member `invitation` of a notice: why, by whose approval, and who is invited."""

    reason: InvitationReason
    explanation: str
    approval: str
    invitees: tuple[Invitee, ...]

    @classmethod
    def read(cls, body: Body) -> Invitation:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        read = cls(
            reason=body.choice("reason", InvitationReason),
            explanation=body.text("explanation", 500),
            approval=body.text("approval", 100, least=0),
            invitees=tuple(Invitee.read(one) for one in body.objects("invitees", least=0, most=MOST_INVITEES)),
        )
        body.done()
        return read


def check_invitation(said: Invitation, law: Law, parties: frozenset[OrgId] = frozenset()) -> None:
    """Raises RuleBroken for the first rule that an invitation breaks. `parties`: tenderer and agency, who invite and are not invited."""
    if len({one.org for one in said.invitees}) < len(said.invitees):
        raise RuleBroken("invitation.invitee_twice")
    if len(said.invitees) < FEWEST_INVITEES:
        raise RuleBroken("invitation.too_few", FEWEST_ARTICLES[law.regime], least=FEWEST_INVITEES)
    if any(one.org in parties for one in said.invitees):
        raise RuleBroken("invitation.party_invited", "招标投标法第十七条")
    if law.mandatory and not said.approval:
        raise RuleBroken("invitation.approval_missing", APPROVAL_ARTICLES[law.regime])


def public_body(signed: Mapping[str, JSON]) -> dict[str, JSON]:
    """What everybody may read of a signed notice: who is invited, and how many, stays out (招标投标法 art. 22), and so does the digest of
    what a prequalification came to."""
    shown = dict(signed)
    if "prequalification" in shown:
        shown["prequalification"] = {}
    if isinstance(said := signed.get("invitation"), Mapping):
        shown["invitation"] = {name: value for name, value in said.items() if name != "invitees"}
    return shown


# Whom the lot is open to

EVERYBODYS = OPENED_OR_LATER - {LotState.FAILED}  # of what was opened; a lot that failed unopened stays closed
_STAFF = frozenset({Role.CENTRE, Role.SUPERVISOR, Role.FINANCE, Role.OFFICER, Role.SYSTEM})


def is_everybodys(invited: bool, state: LotState) -> bool:
    """Whether anybody may look at a lot whose notice is out: of an invitation from the opening on."""
    return not invited or state in EVERYBODYS


def is_staff(actor: Actor, parties: Parties) -> bool:
    """Whether this actor works for the lot: its parties, the centre with its offices, the supervisor."""
    return bool(roles_of(actor, parties) - {Role.BIDDER}) or bool(actor.roles & _STAFF)


def may_name_invitees(actor: Actor, parties: Parties, state: LotState) -> bool:
    """Whether this actor may see who is invited: who invites; from the opening on everybody who may see the lot."""
    return bool(roles_of(actor, parties) & {Role.TENDERER, Role.AGENCY}) or state in EVERYBODYS


# What an invitee answers


class InviteeState(Enum):
    """What an invitee has said."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class InviteeAction(Enum):
    """What an invitee can say, until the deadline and as often as it likes."""

    CONFIRM = "confirm"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What the answer depends on: `has_bid`: a sealed bid of this invitee stands."""

    now: datetime
    deadline: datetime | None
    lot: LotState
    has_bid: bool = False


_ANSWERABLE = at(LotState.NOTICED, LotState.BIDDING, LotState.SUSPENDED)


def answers_are_taken(facts: AnswerFacts) -> Refusal | None:
    """From the letter to the deadline."""
    in_time = facts.deadline is not None and facts.now < facts.deadline
    return None if in_time and facts.lot in _ANSWERABLE else WrongState("invitation.answer.not_taken")


def may_decline(facts: AnswerFacts) -> Refusal | None:
    """Who has a bid sealed takes it back first."""
    return answers_are_taken(facts) or (WrongState("invitation.answer.has_bid") if facts.has_bid else None)


_BIDDER = at(Role.BIDDER)

MOVES: Moves[InviteeAction, InviteeState, Role, AnswerFacts] = Moves(
    "invitee",
    (
        Move(InviteeAction.CONFIRM, frozenset(InviteeState), InviteeState.CONFIRMED, _BIDDER, answers_are_taken),
        Move(InviteeAction.DECLINE, frozenset(InviteeState), InviteeState.DECLINED, _BIDDER, may_decline),
    ),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of `invitation.answer`: for which organisation, and what."""

    org: OrgId
    answer: InviteeAction

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Answer:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(OrgId(body.uuid("org")), body.choice("answer", InviteeAction))
        body.done()
        return read


def may_bid(state: InviteeState) -> Refusal | None:
    """Who has declined confirms before it bids."""
    return WrongState("bid.invitation_declined") if state is InviteeState.DECLINED else None
