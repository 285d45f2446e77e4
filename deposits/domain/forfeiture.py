"""Forfeiture of a deposit: the listed grounds, what each asks of the facts, and the way from decision to the supervisor's note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.account import BasicAccount, normal_name, normal_number
from deposits.domain.deposit import SUPERVISOR

_REGULATION = "招标投标法实施条例"
_NON_TAX = "政府非税收入管理办法第三条"


class Ground(Enum):
    """Why a deposit may be kept, or a performance security. Nothing else is a ground."""

    REVOKED = "revoked"  # the bid was revoked after the deadline
    NOT_DECRYPTED = "not_decrypted"  # it could not be opened by its bidder's own doing, which counts as revoked
    CONTRACT_REFUSED = "contract_refused"
    CONDITIONS = "conditions"  # the winner adds conditions
    NO_SECURITY = "no_security"  # the winner gives no performance security
    DOCUMENT = "document"  # a clause of the tender document
    BREACH = "breach"  # the contract is not performed: the one ground of the law on which a performance security may be kept


ARTICLES: Mapping[Ground, str] = {
    Ground.REVOKED: f"{_REGULATION}第三十五条",
    Ground.NOT_DECRYPTED: f"电子招标投标办法第三十一条、{_REGULATION}第三十五条",
    Ground.CONTRACT_REFUSED: f"{_REGULATION}第七十四条",
    Ground.CONDITIONS: f"{_REGULATION}第七十四条",
    Ground.NO_SECURITY: f"{_REGULATION}第七十四条",
    Ground.DOCUMENT: "招标文件的约定",
    Ground.BREACH: "招标投标法第六十条",
}
OF_THE_WINNER = frozenset({Ground.CONTRACT_REFUSED, Ground.CONDITIONS, Ground.NO_SECURITY})


@dataclass(frozen=True, slots=True)
class GroundFacts:
    """What a ground is held against. `documents`: the digests of the lot's tender documents that were published; `owes_security`: the
    winner was asked for a performance security and has not given it in time."""

    is_procurement: bool
    is_winner: bool
    is_contracted: bool
    has_failed_by_own_doing: bool
    documents: frozenset[str]
    owes_security: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionBody:
    """The signed body of `forfeit.decide`: whose deposit, how much, why, and to which account it goes."""

    deposit: UUID
    amount: Money
    ground: Ground
    clause: str  # of the tender document, "" for a ground of the law
    document_sha256: str
    reason: str
    payee: BasicAccount

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> DecisionBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member, and "account.number" for what is none."""
        body = Body(signed)
        read = cls(
            deposit=body.uuid("deposit"),
            amount=Money(body.count("amount_fen", least=1)),
            ground=body.choice("ground", Ground),
            clause=body.text("clause", 500, least=0),
            document_sha256=body.digest("document_sha256", optional=True),
            reason=body.text("reason", 2000),
            payee=BasicAccount(body.text("payee_name", 120), normal_number(body.text("payee_account", 60)), body.text("payee_bank", 100)),
        )
        body.done()
        return read


def check_ground(said: DecisionBody, facts: GroundFacts, secures: bool = False) -> None:
    """Raises RuleBroken with the article where the ground is not there: the law's articles do not reach government procurement, whose
    documents say what they keep deposits for; those of the winner end with the contract. `secures`: a performance security is to be kept,
    which stands for a contract that was made."""
    if secures and not (facts.is_winner and facts.is_contracted):
        raise RuleBroken("forfeit.no_contract", ARTICLES[Ground.BREACH])
    if said.ground is Ground.DOCUMENT:
        if not said.clause or said.document_sha256 not in facts.documents:
            raise RuleBroken("forfeit.clause_missing", ARTICLES[said.ground])
        return
    if said.clause or said.document_sha256:
        raise RuleBroken("forfeit.clause_not_wanted", ARTICLES[said.ground])
    if facts.is_procurement:
        raise RuleBroken("forfeit.by_document_alone", "政府采购货物和服务招标投标管理办法第二十条")
    if secures is not (said.ground is Ground.BREACH):
        raise RuleBroken("forfeit.other_security", ARTICLES[said.ground])
    if not secures:
        _check_of_a_bid(said, facts)


def _check_of_a_bid(said: DecisionBody, facts: GroundFacts) -> None:
    if said.ground in OF_THE_WINNER and (not facts.is_winner or facts.is_contracted):
        raise RuleBroken("forfeit.not_the_winner", ARTICLES[said.ground])
    if said.ground is Ground.NO_SECURITY and not facts.owes_security:
        raise RuleBroken("forfeit.security_not_owed", ARTICLES[said.ground])
    if (said.ground is Ground.NOT_DECRYPTED) != facts.has_failed_by_own_doing:
        raise RuleBroken("forfeit.other_failure", ARTICLES[said.ground])


def offered(in_procurement: bool, has_failed: bool, secures: bool) -> tuple[Ground, ...]:
    """The grounds that a tenderer can choose from; whether one is there `check_ground` looks at. `has_failed`: the bid could not be opened
    by its bidder's own doing."""
    if in_procurement:
        return (Ground.DOCUMENT,)
    if secures:
        return (Ground.BREACH, Ground.DOCUMENT)
    return (Ground.NOT_DECRYPTED, Ground.DOCUMENT) if has_failed else (Ground.REVOKED, *sorted(OF_THE_WINNER, key=_ORDER), Ground.DOCUMENT)


_ORDER = list(Ground).index


def check_payee(payee: BasicAccount, tenderer: str, is_procurement: bool, treasury: BasicAccount | None) -> None:
    """Raises RuleBroken where the money would go to anybody but the tenderer, in procurement but the treasury (政府采购: 上缴同级国库);
    `treasury`: the account that the place's finance keeps, None where it has none yet."""
    if is_procurement:
        if treasury is None:
            raise RuleBroken("forfeit.treasury_missing", _NON_TAX)
        if payee != treasury:
            raise RuleBroken("forfeit.payee_treasury", _NON_TAX, payee=treasury.name)
    elif normal_name(payee.name) != normal_name(tenderer):
        raise RuleBroken("forfeit.payee_other", f"{_REGULATION}第三十五条", payee=tenderer)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBody:
    """The signed body of `forfeit.note`: what the supervisor says to a decision, named by the digest of its statement."""

    decision_sha256: str
    agrees: bool
    text: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> NoteBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(decision_sha256=body.digest("decision_sha256"), agrees=body.flag("agrees"), text=body.text("text", 2000))
        body.done()
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverBody:
    """The signed body of `forfeit.waive`: the tenderer does not keep a deposit that it might keep."""

    deposit: UUID
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> WaiverBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(deposit=body.uuid("deposit"), reason=body.text("reason", 2000))
        body.done()
        return read


class ForfeitureState(Enum):
    """The life of a decision to keep a deposit."""

    DECIDED = "decided"  # signed by the tenderer; the supervisor has not spoken
    AGREED = "agreed"
    REFUSED = "refused"


class ForfeitureAction(Enum):
    """What the supervisor's note does."""

    AGREE = "agree"
    REFUSE = "refuse"


_S, _A = ForfeitureState, ForfeitureAction
MOVES: Moves[ForfeitureAction, ForfeitureState, Role, None] = Moves(
    "deposit_forfeiture",
    (
        Move(_A.AGREE, at(_S.DECIDED), _S.AGREED, SUPERVISOR),
        Move(_A.REFUSE, at(_S.DECIDED), _S.REFUSED, SUPERVISOR),
    ),
)
