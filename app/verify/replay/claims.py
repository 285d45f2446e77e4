"""Claims under guarantees: decided on a ground that is there, noted, answered by the guarantor's own signature, receipted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from app.verify.entries import Entry
from app.verify.replay import holds
from app.verify.replay.story import Story, same
from app.verify.replay.treasury import in_force
from app.verify.verdict import Broken, inside
from core.kernel.encoding import unb64
from core.kernel.errors import Refusal
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain.claim import (
    DECIDE,
    MOVES,
    NOTE,
    RECEIPT,
    ClaimAction,
    ClaimBody,
    ClaimFacts,
    ClaimState,
    ReceiptBody,
    check_claim,
    check_receipt,
    is_open,
    left_of,
)
from deposits.domain.claim_messages import Expected, SignedWord, Verdict, check_word
from deposits.domain.forfeiture import NoteBody, check_ground, check_payee

PREFIX = "claim."
ANSWER = "claim.answer"
_WHO = frozenset({Role.SYSTEM, Role.SUPERVISOR, Role.TENDERER})
_VERDICTS: Mapping[str, ClaimAction] = {
    Verdict.UNDER_REVIEW.value: ClaimAction.RECEIVE,
    Verdict.PAID.value: ClaimAction.PAY,
    Verdict.REFUSED.value: ClaimAction.REFUSE,
}


@dataclass
class Claim:
    """One claim as it stands."""

    said: ClaimBody
    state: ClaimState = ClaimState.DECIDED


@dataclass
class Claims:
    """The claims under one guarantee, by the digest of the tenderer's statement."""

    found: dict[str, Claim] = field(default_factory=dict)

    def is_open(self) -> bool:
        """Whether one waits for supervisor or guarantor."""
        return any(is_open(one.state) for one in self.found.values())

    def left(self, amount: Money) -> Money:
        """What they have left of the guarantee over `amount`."""
        return left_of(amount, [(one.state, one.said.decision.amount) for one in self.found.values()])


@dataclass(frozen=True)
class About:
    """The guarantee that claims are held against; `stands`: it was opened and verified, and has not ended; `secures`: a performance."""

    guarantee: str
    bidder: str
    guarantee_no: str
    amount: Money
    valid_to: datetime
    stands: bool
    root: x509.Certificate
    secures: bool


def guarantee_of(entry: Entry, known: Mapping[str, str]) -> str:
    """Under which guarantee a statement about a claim is, "" where nobody knows; `known`: claim → guarantee."""
    if entry.kind == DECIDE:
        return entry.text("guarantee")
    return known.get(entry.text("decision_sha256" if entry.kind == NOTE else "claim_sha256"), "")


def check_claim_entry(story: Story, claims: Claims, about: About, entry: Entry) -> bool:
    """One statement about a claim fits those before it; returns whether it leaves nothing of the guarantee. Raises Broken."""
    if entry.kind == DECIDE:
        _decided(story, claims, about, entry)
    elif entry.kind == NOTE:
        _noted(claims, entry)
    elif entry.kind == ANSWER:
        return _answered(claims, about, entry)
    elif entry.kind == RECEIPT:
        _receipted(claims, entry)
    else:
        raise Broken(entry.member, "kind_unknown", kind=entry.kind)
    return False


def _decided(story: Story, claims: Claims, about: About, entry: Entry) -> None:
    entry.require(entry.digest not in claims.found, "said_twice", seat=entry.digest)
    tenderer, facts = str(story.the("project.register").part("tenderer")["name"]), holds.facts_of(story, entry, about.bidder, about.secures)
    with inside(entry.member):
        said = ClaimBody.read(entry.body)
        refusal = check_claim(said, ClaimFacts(entry.at, claims.left(about.amount), about.valid_to, about.stands, claims.is_open()))
        if refusal is not None:
            raise refusal
        check_ground(said.decision, facts, about.secures)
        check_payee(said.payee, tenderer, facts.is_procurement, in_force(story.rates, entry.at))
    claims.found[entry.digest] = Claim(said)


def _noted(claims: Claims, entry: Entry) -> None:
    with inside(entry.member):
        said = NoteBody.read(entry.body)
    _move(claims.found[said.decision_sha256], ClaimAction.AGREE if said.agrees else ClaimAction.DISAGREE, entry)


def _answered(claims: Claims, about: About, entry: Entry) -> bool:
    """The guarantor's word under its registered root; the platform's own word about it counts for nothing."""
    digest = entry.text("claim_sha256")
    claim = claims.found[digest]
    same(entry, (entry.text("guarantee"), entry.text("bidder")), (about.guarantee, about.bidder), "guarantee_unknown")
    amount, account = claim.said.decision.amount, claim.said.payee.number
    with inside(entry.member):
        signed = SignedWord(unb64(entry.text("word")), unb64(entry.text("signature")))
        word = check_word(signed, Expected(about.guarantee, about.guarantee_no, digest, amount, account), about.root, entry.at)
    _move(claim, _VERDICTS[word.verdict], entry)
    return claims.left(about.amount).fen == 0


def _receipted(claims: Claims, entry: Entry) -> None:
    with inside(entry.member):
        said = ReceiptBody.read(entry.body)
        claim = claims.found[said.claim_sha256]
        if (refusal := check_receipt(said, claim.said.decision.amount)) is not None:
            raise refusal
    _move(claim, ClaimAction.CONFIRM, entry)


def _move(claim: Claim, action: ClaimAction, entry: Entry) -> None:
    try:
        claim.state = MOVES.choose(action, claim.state, _WHO, None)
    except Refusal:
        raise Broken(entry.member, "claim_out_of_order", state=claim.state.value) from None
