"""Another account for a refund that the bank would not pay: the firm asks with its proof, and two persons of finance look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from core.kernel.body import Body
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.ids import PersonId
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.account import BasicAccount, normal_name, normal_number, plain_number
from deposits.domain.deposit import FINANCE
from deposits.domain.refund import RefundReason, RefundState

ACCOUNT_FAULTS = frozenset({"AC01", "AC04", "BE01"})
"""The bank's codes for an account that is none, that is closed, or that has another holder (ISO 20022, external status reasons)."""
MOST_FILES = 5


class AccountState(Enum):
    """The life of a request."""

    ASKED = "asked"
    CHECKED = "checked"  # by one person of finance
    APPROVED = "approved"
    REFUSED = "refused"


class AccountAction(Enum):
    """What can happen to a request."""

    CHECK = "check"
    APPROVE = "approve"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """Who acts, and who of finance approved before."""

    person: PersonId | None
    first: PersonId | None


def _is_another(facts: AccountFacts) -> Refusal | None:
    return None if facts.person != facts.first else NotAllowed("new_account.same_person")


_S, _A = AccountState, AccountAction
UNDECIDED = at(_S.ASKED, _S.CHECKED)
MOVES: Moves[AccountAction, AccountState, Role, AccountFacts] = Moves(
    "new_account",
    (
        Move(_A.CHECK, at(_S.ASKED), _S.CHECKED, FINANCE),
        Move(_A.APPROVE, at(_S.CHECKED), _S.APPROVED, FINANCE, _is_another),
        Move(_A.REFUSE, UNDECIDED, _S.REFUSED, FINANCE),
    ),
)


def next_action(state: AccountState) -> AccountAction:
    """What an approving signature does to a request in this state."""
    return _A.CHECK if state is _S.ASKED else _A.APPROVE


def is_approved(state: AccountState) -> bool:
    """Whether the refund goes to the new account."""
    return state is _S.APPROVED


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that shows whose the account is, such as the bank's confirmation that it was opened."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBody:
    """The signed body of `account.ask`: which refund, the firm as it is registered, the account that the refund is to go to, and why."""

    refund: UUID
    firm: str
    payee: BasicAccount
    reason: str
    proof: tuple[Proof, ...]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> AskBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member, "account.number" for what is none."""
        body = Body(signed)
        read = cls(
            refund=body.uuid("refund"),
            firm=body.text("firm", 120),
            payee=BasicAccount(body.text("name", 120), normal_number(body.text("account", 60)), body.text("bank", 100, least=2)),
            reason=body.text("reason", 1000),
            proof=tuple(_proof(one) for one in body.objects("proof", 0, MOST_FILES)),
        )
        body.done()
        return read


def _proof(one: Body) -> Proof:
    read = Proof(one.text("name", 200), one.digest("sha256"), one.count("size", least=1))
    one.done()
    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveBody:
    """The signed body of `account.approve`: a request by the digest of its statement, and the account that was looked at."""

    request_sha256: str
    account: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ApproveBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(request_sha256=body.digest("request_sha256"), account=body.text("account", 34))
        body.done()
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseBody:
    """The signed body of `account.refuse`: a request by the digest of its statement, and what is wrong with it."""

    request_sha256: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> RefuseBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(request_sha256=body.digest("request_sha256"), reason=body.text("reason", 1000))
        body.done()
        return read


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund as a request finds it: who had paid and was to get it back, and what the bank said."""

    state: RefundState
    reason: RefundReason
    cause: str
    replaced: bool
    payee: str
    account: str


def may_be_asked(facts: RefundFacts) -> bool:
    """Whether the bank would not pay for the account's sake, and the refund is the firm's own: what is kept goes to another."""
    is_own = facts.reason not in (RefundReason.FORFEITED, RefundReason.DORMANT)
    return is_own and facts.state is RefundState.REJECTED and not facts.replaced and facts.cause in ACCOUNT_FAULTS


def check_ask(said: AskBody, firm: str, facts: RefundFacts) -> None:
    """Raises WrongState "new_account.not_needed" where nothing is to be changed, RuleBroken "new_account.other_name" where firm, payer and
    holder are not one name, "new_account.same" for the account that failed, "new_account.no_proof"."""
    if not may_be_asked(facts):
        raise WrongState("new_account.not_needed")
    if normal_name(facts.payee) != normal_name(firm):
        raise RuleBroken("new_account.not_own_payment", payer=facts.payee)
    check_names(said, firm)
    if said.payee.number == plain_number(facts.account):
        raise RuleBroken("new_account.same")


def check_names(said: AskBody, firm: str) -> None:
    """Raises RuleBroken "new_account.other_name", "new_account.no_proof": what can be seen of the statement alone."""
    if len({normal_name(said.firm), normal_name(said.payee.name), normal_name(firm)}) != 1:
        raise RuleBroken("new_account.other_name", organisation=firm)
    if not said.proof:
        raise RuleBroken("new_account.no_proof")
