"""Guarantees: applied for as the document asks, opened by the key they were closed to, found to be what they are, claimed and ended for
cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from app.verify.entries import Entry
from app.verify.replay import claims, performance, reliefs
from app.verify.replay.claims import About, Claims
from app.verify.replay.story import MOVES_DEADLINE, Story, same
from app.verify.verdict import Broken, inside
from core.kernel import clock
from core.kernel.age import read_identity
from core.kernel.encoding import unb64
from core.kernel.errors import Refusal
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain.guarantee import MOVES, STANDING, GuaranteeAction, GuaranteeState, Product, Wanted, can_be_claimed, must_hold_to
from deposits.domain.guarantee_file import examine
from deposits.domain.guarantee_messages import Contents
from deposits.domain.guarantor import REGISTER, Registration
from deposits.domain.performance import RETURN, asked_number

PREFIX = "guarantee."
_WHO = frozenset({Role.SYSTEM, Role.BIDDER})


@dataclass
class One:
    """What has been said of one guarantee so far: its application, its newest version, its state."""

    applied: Entry
    root: x509.Certificate
    state: GuaranteeState = GuaranteeState.APPLIED
    premium: int = -1
    issued: Entry | None = None
    verified: bool = False
    guarantee_no: str = ""
    claims: Claims = field(default_factory=Claims)


@dataclass
class Guarantees:
    """All guarantees of a lot, and who was registered."""

    roots: Mapping[str, tuple[Entry, x509.Certificate]]
    found: dict[str, One] = field(default_factory=dict)


def says_any(story: Story) -> bool:
    """Whether anything is said of guarantees of this lot, or of claims under them."""
    return any(entry.kind.startswith((PREFIX, claims.PREFIX)) for entry in story.deposits)


def check_guarantees(story: Story) -> str:
    """Every statement about the lot's guarantees fits those before it; how many were verified, of how many issued. Raises Broken."""
    known = Guarantees(registered(story.registered, story))
    for entry in story.deposits:
        if entry.kind == f"{PREFIX}apply":
            _applied(story, known, entry)
        elif entry.kind.startswith(PREFIX):
            _step(story, known, entry)
        elif entry.kind.startswith(claims.PREFIX):
            _claim(story, known, entry)
    issued = [one for one in known.found.values() if one.issued is not None]
    return f"{sum(one.verified for one in issued)}/{len(issued)}"


def _claim(story: Story, known: Guarantees, entry: Entry) -> None:
    """A statement about a claim, held against the guarantee as it stands; one that is paid whole ends it."""
    key = claims.guarantee_of(entry, {digest: key for key, one in known.found.items() for digest in one.claims.found})
    one = known.found.get(key)
    if one is None or one.issued is None:
        raise Broken(entry.member, "guarantee_unknown")
    bidder, valid_to = one.applied.text("bidder"), clock.moment(one.issued.text("valid_to"))
    secures, amount = one.applied.text("product") == Product.PERFORMANCE.value, Money(one.applied.count("amount_fen"))
    about = About(key, bidder, one.guarantee_no, amount, valid_to, can_be_claimed(one.state), one.root, secures)
    if claims.check_claim_entry(story, one.claims, about, entry):
        one.state = MOVES.choose(GuaranteeAction.CALL, one.state, _WHO, None)


def registered(entries: Sequence[Entry], story: Story) -> dict[str, tuple[Entry, x509.Certificate]]:
    """Root digest → the centre's statement and the root: who was registered, by a person of the centre, with a step-up."""
    found = {}
    for entry in entries:
        if entry.kind != REGISTER:
            continue
        key = story.ring.key(entry.logged.envelope.signatures[0], entry.member)
        entry.require(entry.role == "centre" and key.holder.kind == "person", "role_differs", role=entry.role)
        entry.require(bool(entry.statement.step_up), "step_up_missing")
        with inside(entry.member):
            said = Registration.read(dict(entry.body))
        found[said.root_sha256] = (entry, said.root)
    return found


def _applied(story: Story, known: Guarantees, entry: Entry) -> None:
    key, root = entry.text("guarantee"), entry.text("guarantor")
    entry.require(key not in known.found, "said_twice", seat=key)
    entry.require(root in known.roots and known.roots[root][0].at <= entry.at, "guarantor_unknown", root=root)
    asked = performance.asking(story, entry) if entry.text("product") == Product.PERFORMANCE.value else None
    if asked is not None:
        performance.check_request(entry, asked)
    else:
        same(entry, entry.text("product"), Product.BID.value, "security_unasked")
        uses = reliefs.used(story, reliefs.read_reliefs(story.reliefs))
        same(entry, entry.count("amount_fen"), reliefs.asked_of(story, uses, entry.text("bidder"), entry.at), "amount_differs")
    same(entry, entry.text("valid_to"), clock.text(_wanted_to(story, entry, entry.at)), "validity_differs")
    who = (entry.text("bidder"), entry.text("product"))
    others = [one for one in known.found.values() if (one.applied.text("bidder"), one.applied.text("product")) == who]
    entry.require(not any(one.state not in _OVER for one in others), "guarantee_twice")
    known.found[key] = One(entry, known.roots[root][1])


_OVER = frozenset(GuaranteeState) - STANDING


def _wanted_to(story: Story, applied: Entry, at: datetime) -> datetime:
    """Until when a guarantee must hold: for a bid by the deadline that stood at a moment, for performance as the winner was asked."""
    asked = performance.asking(story, applied)
    if asked is not None and applied.text("product") == Product.PERFORMANCE.value:
        return performance.held_to(story, asked)
    moved = [one for one in story.all(*MOVES_DEADLINE) if one.at <= at]
    deadline = clock.moment(moved[-1].text("deadline") if moved else story.notice.text("deadline"))
    days = story.document.body.get("validity_days", 0)
    return must_hold_to(deadline, days if isinstance(days, int) else 0)


def _step(story: Story, known: Guarantees, entry: Entry) -> None:
    one = known.found.get(entry.text("guarantee"))
    if one is None:
        raise Broken(entry.member, "guarantee_unknown")
    same(entry, entry.text("bidder"), one.applied.text("bidder"), "guarantee_unknown")
    step = entry.kind.removeprefix(PREFIX)
    action = GuaranteeAction.FAULT if step == "verify" and entry.texts("faults") else _ACTIONS.get(step)
    if action is None:
        raise Broken(entry.member, "kind_unknown", kind=entry.kind)
    try:
        one.state = MOVES.choose(action, one.state, _WHO, None)
    except Refusal:
        raise Broken(entry.member, "guarantee_out_of_order", state=one.state.value) from None
    if step in _LOOK:
        _LOOK[step](story, one, entry)


_ACTIONS: Mapping[str, GuaranteeAction] = {
    action.value: action
    for action in GuaranteeAction
    if action not in (GuaranteeAction.SUBMIT, GuaranteeAction.FAULT, GuaranteeAction.CALL)
}


def _approved(_story: Story, one: One, entry: Entry) -> None:
    one.premium = entry.count("premium_fen")


def _paid(_story: Story, one: One, entry: Entry) -> None:
    same(entry, entry.count("premium_fen"), one.premium, "amount_differs")


def _issued(_story: Story, one: One, entry: Entry) -> None:
    """A later version holds longer and is numbered higher."""
    if one.issued is not None:
        entry.require(entry.count("ver") > one.issued.count("ver"), "version_differs")
        longer = clock.moment(entry.text("valid_to")) > clock.moment(one.issued.text("valid_to"))
        entry.require(longer, "validity_differs")
    one.issued = entry


def _unsealed(story: Story, one: One, entry: Entry) -> None:
    """The key comes after the opening began, and is the one to which the newest version was closed."""
    began = [other.at for other in story.all("opening.start", "failure.publish") if other.at <= entry.at]
    entry.require(bool(began), "opened_too_early")
    entry.require(entry.text("by") in ("guarantor", "bidder"), "malformed", field="by")
    with inside(entry.member):
        recipient = read_identity(entry.text("identity")).recipient
    assert one.issued is not None  # MOVES: it is unsealed from ISSUED_SEALED alone
    same(entry, recipient, one.issued.text("recipient"), "key_differs")


def _verified(story: Story, one: One, entry: Entry) -> None:
    """The guarantor's signatures hold, and what was found is what is found again."""
    assert one.issued is not None
    digest = one.issued.text("file_sha256")
    same(entry, entry.text("file_sha256"), digest, "file_differs")
    wanted = _wanted(story, one, entry)
    if "contents" in entry.texts("faults"):
        return  # what was closed was no guarantee at all, which its bidder can show to be otherwise: the key is in the record
    with inside(entry.member):
        terms, signature = unb64(entry.text("terms")), unb64(entry.text("signature"))
    pdf = story.package.read(story.package.paper(digest)) if "changed_file" not in entry.texts("faults") else b""
    finding = examine(Contents(pdf, terms, signature), digest, wanted, one.root, one.issued.at)
    said = [fault for fault in entry.texts("faults") if pdf or fault not in _OF_THE_PDF]
    again = [fault for fault in finding.faults if pdf or fault not in _OF_THE_PDF]
    same(entry, said, again, "finding_differs")
    if finding.terms is not None:
        same(entry, finding.terms.application, entry.text("guarantee"), "guarantee_unknown")
        one.guarantee_no = finding.terms.guarantee_no
    one.verified = not finding.faults


_OF_THE_PDF = ("pdf_signature", "changed_file")


def _wanted(story: Story, one: One, entry: Entry) -> Wanted:
    """What it must say: lot, amount and time by the document, the names as the platform had them."""
    said = entry.part("wanted")
    named = {name: str(said.get(name)) for name in ("applicant", "applicant_uscc", "beneficiary")}
    to, product = _wanted_to(story, one.applied, entry.at), one.applied.text("product")
    number = asked_number(story.number) if product == Product.PERFORMANCE.value else story.number
    wanted = Wanted(product, number, amount_fen=one.applied.count("amount_fen"), valid_to=to, **named)
    told = {"product": wanted.product, "lot": wanted.lot, "amount_fen": wanted.amount_fen, "valid_to": clock.text(to), **named}
    same(entry, dict(said), told, "terms_differ")
    return wanted


def _ended(story: Story, one: One, entry: Entry) -> None:
    """It ended for what had happened, and not while a claim was open."""
    entry.require(not one.claims.is_open(), "ended_while_claimed")
    if entry.text("reason") == "performed":
        entry.require(any(other.kind == RETURN and other.seq < entry.seq for other in story.deposits), "security_not_returned")
    needed = _CAUSES.get(entry.text("reason"))
    entry.require(needed is None or any(one.at <= entry.at for one in story.all(*needed)), "reason_differs", reason=entry.text("reason"))


def _expired(_story: Story, one: One, entry: Entry) -> None:
    """Its validity was over, and no claim was open."""
    entry.require(not one.claims.is_open(), "ended_while_claimed")
    assert one.issued is not None  # MOVES: nothing expires that was not issued
    entry.require(entry.at > clock.moment(one.issued.text("valid_to")), "validity_differs")


_CAUSES: Mapping[str, tuple[str, ...]] = {
    "contract_signed": ("contract.sign",),
    "award_lost": ("award.notice",),
    "lot_terminated": ("lot.terminate",),
    "no_bid": ("close",),
    "too_late": ("close",),
}

_LOOK: Mapping[str, Callable[[Story, One, Entry], None]] = {
    "approve": _approved,
    "pay": _paid,
    "issue": _issued,
    "extend": _issued,
    "unseal": _unsealed,
    "verify": _verified,
    "release": _ended,
    "cancel": _ended,
    "expire": _expired,
}
