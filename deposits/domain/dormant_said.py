"""What people sign about dormant deposits: the body of each statement, read member by member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.money import Money
from deposits.domain.account import normal_number
from deposits.domain.dormant import Material, Reason, Way

MOST_ROWS = 500
"""How many deposits one contact, one reason or one payout may be about."""
MOST_FILES = 20


def chain_of(ledger: str) -> str:
    """The chain of an old ledger: everything that was ever decided about its deposits."""
    return f"D-DORMANT-{ledger}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """`dormant.import` and `dormant.take_over`: finance answers for what comes on the ledger. `rows_sha256` names the paper of the rows."""

    ledger: str
    file_sha256: str  # "" where no file came
    rows_sha256: str
    rows: int
    total: Money
    left_out: int

    @classmethod
    def read(cls, members: Mapping[str, object]) -> TakenOver:
        """Raises RuleBroken "body.malformed"."""
        body = Body(members)
        said = cls(
            ledger=body.text("ledger", 20),
            file_sha256=body.digest("file_sha256", optional=True),
            rows_sha256=body.digest("rows_sha256"),
            rows=body.count("rows", 1),
            total=Money(body.count("total_fen", 1)),
            left_out=body.count("left_out"),
        )
        body.done()
        return said


@dataclass(frozen=True, slots=True)
class Published:
    """`dormant.publish`: what was not in the public list yet stands in it from today."""

    rows: int
    total: Money

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Published:
        """Raises RuleBroken "body.malformed"."""
        body = Body(members)
        said = cls(body.count("rows", 1), Money(body.count("total_fen", 1)))
        body.done()
        return said


class Channel(Enum):
    """How a payer was looked for."""

    PHONE = "phone"
    LETTER = "letter"
    MAIL = "mail"
    VISIT = "visit"
    AGENCY = "agency"  # through the tendering agency
    NOTICE = "notice"


class Found(Enum):
    """What came of it."""

    REACHED = "reached"
    WILL_CLAIM = "will_claim"
    NO_ANSWER = "no_answer"
    WRONG = "wrong"  # the number or address is nobody's
    DEREGISTERED = "deregistered"


@dataclass(frozen=True, slots=True)
class Contact:
    """`dormant.contact`: an attempt to find a payer."""

    rows: tuple[str, ...]
    on: date
    channel: Channel
    result: Found
    note: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Contact:
        """Raises RuleBroken "body.malformed"."""
        body = Body(members)
        rows = _rows(body)
        said = cls(rows, body.day("on"), body.choice("channel", Channel), body.choice("result", Found), body.text("note", 500, least=0))
        body.done()
        return said


@dataclass(frozen=True, slots=True)
class Reasoned:
    """`dormant.reason`: why these lie here."""

    rows: tuple[str, ...]
    reason: Reason
    note: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Reasoned:
        """Raises RuleBroken "body.malformed"."""
        body = Body(members)
        said = cls(_rows(body), body.choice("reason", Reason), body.text("note", 500))
        body.done()
        return said


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a claim."""

    material: Material
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Payee:
    """Where money is to go."""

    name: str
    account: str
    bank: str

    @classmethod
    def take(cls, body: Body) -> Payee:
        """The members `payee_…`. Raises RuleBroken "account.number"."""
        name, account, bank = body.text("payee_name", 120, 2), body.text("payee_account", 60), body.text("payee_bank", 100, 2)
        return cls(name, normal_number(account), bank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """`dormant.claim`: a firm asks for its deposit. `claimant` is the firm's name now."""

    row: str
    claimant: str
    uscc: str
    payee: Payee
    contact: str
    text: str
    files: tuple[File, ...]

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Claim:
        """Raises RuleBroken "body.malformed", "account.number", "dormant.file_twice"."""
        body = Body(members)
        said = cls(
            row=body.text("row", 24),
            claimant=body.text("claimant", 120, 2),
            uscc=body.text("uscc", 18, 18),
            payee=Payee.take(body),
            contact=body.text("contact", 120, 2),
            text=body.text("text", 1000, least=0),
            files=tuple(file for material in Material for file in _files(body, material)),
        )
        body.done()
        if len({file.sha256 for file in said.files}) != len(said.files):
            raise RuleBroken("dormant.file_twice")
        return said

    @property
    def materials(self) -> frozenset[Material]:
        """What it brings along."""
        return frozenset(file.material for file in self.files)


def _files(body: Body, material: Material) -> list[File]:
    found = []
    for one in body.objects(material.value, 0, MOST_FILES):
        found.append(File(material, one.text("name", 200), one.digest("sha256"), one.count("size", 1)))
        one.done()
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """`dormant.return`, `dormant.refuse`, `dormant.withdraw`: what becomes of a claim, by the digest of its statement."""

    claim_sha256: str
    reason: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Answer:
        """Raises RuleBroken "body.malformed"."""
        body = Body(members)
        said = cls(body.digest("claim_sha256"), body.text("reason", 500))
        body.done()
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`dormant.propose`: the first of two finance persons. `claim_sha256`: the claim that is paid, "" for a notary or the treasury."""

    payout: UUID
    way: Way
    rows: tuple[str, ...]
    total: Money
    claim_sha256: str
    payee: Payee
    reason: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Proposal:
        """Raises RuleBroken "body.malformed", "account.number"."""
        body = Body(members)
        said = cls(
            payout=body.uuid("payout"),
            way=body.choice("way", Way),
            rows=_rows(body),
            total=Money(body.count("total_fen", 1)),
            claim_sha256=body.digest("claim_sha256", optional=True),
            payee=Payee.take(body),
            reason=body.text("reason", 500),
        )
        body.done()
        return said


@dataclass(frozen=True, slots=True)
class Second:
    """`dormant.approve` and `dormant.reject`: the second person, over the very proposal."""

    proposal_sha256: str
    total: Money
    reason: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Second:
        """Raises RuleBroken "body.malformed"."""
        body = Body(members)
        said = cls(body.digest("proposal_sha256"), Money(body.count("total_fen", 1)), body.text("reason", 500, least=0))
        body.done()
        return said


@dataclass(frozen=True, slots=True)
class Arrived:
    """`dormant.restore` and `dormant.move_in`: a payment of nobody's is a holder's that sends one back, or ours from an old account."""

    ref: str
    payout: str  # the payout that waits for it, "" for money of an old account
    amount: Money
    interest: Money  # that the other account had earned, on top

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Arrived:
        """Raises RuleBroken "body.malformed"."""
        body = Body(members)
        said = cls(
            body.text("ref", 35), body.text("payout", 36, least=0), Money(body.count("amount_fen")), Money(body.count("interest_fen"))
        )
        if not said.amount.fen + said.interest.fen:
            raise RuleBroken("dormant.nothing_came")
        body.done()
        return said


def _rows(body: Body) -> tuple[str, ...]:
    rows = body.texts("rows", MOST_ROWS, 24)
    if not rows or len(set(rows)) != len(rows):
        raise RuleBroken("dormant.rows")
    return rows


def as_json(file: File) -> dict[str, JSON]:
    """A file as it stands in a statement."""
    return {"name": file.name, "sha256": file.sha256, "size": file.size}
