"""Held and kept deposits: every order by who may give it, nothing sent while one stands, nothing kept without decision, ground and note."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.verify.entries import Entry
from app.verify.replay import performance
from app.verify.replay.story import Story, same
from app.verify.replay.treasury import in_force
from app.verify.verdict import inside
from core.kernel.roles import Role
from deposits.domain.forfeiture import DecisionBody, GroundFacts, NoteBody, WaiverBody, check_ground, check_payee
from deposits.domain.hold import BY, HoldBody, LiftBody, check_hold
from trading.domain.award import AwardNotice
from trading.domain.periods import LegalRegime


@dataclass
class Orders:
    """What has been ordered about one lot's deposits so far: `awaited`, `agreed` and `waived` by deposit, the others by digest."""

    standing: dict[str, tuple[Entry, HoldBody]] = field(default_factory=dict)
    awaited: set[str] = field(default_factory=set)
    decided: dict[str, tuple[Entry, DecisionBody]] = field(default_factory=dict)
    agreed: dict[str, DecisionBody] = field(default_factory=dict)
    waived: set[str] = field(default_factory=set)

    def is_held(self, deposit: str) -> bool:
        """Whether a hold stands on this deposit."""
        return any(str(said.deposit) == deposit for _, said in self.standing.values())

    def is_decided(self, deposit: str) -> bool:
        """Whether a decision to keep it stands, noted or not."""
        return deposit in self.agreed or any(str(said.deposit) == deposit for _, said in self.decided.values())


def placed(orders: Orders, entry: Entry, known: bool) -> None:
    """A hold by the office that orders such holds, within its longest term."""
    with inside(entry.member):
        said = HoldBody.read(entry.body)
        check_hold(said, frozenset({Role(entry.role)}), entry.at)
    entry.require(known, "deposit_unknown")
    orders.standing[entry.digest] = (entry, said)


def lifted(orders: Orders, entry: Entry) -> None:
    """A hold that stands, lifted by the office that orders such holds."""
    with inside(entry.member):
        said = LiftBody.read(entry.body)
    standing = orders.standing.pop(said.hold_sha256, None)
    entry.require(standing is not None, "deposit_hold_unknown")
    assert standing is not None
    same(entry, entry.role, BY[standing[1].kind].value, "role_differs", role=entry.role)


def ended(orders: Orders, entry: Entry) -> None:
    """A hold that stands, after its last day."""
    standing = orders.standing.pop(entry.text("hold_sha256"), None)
    entry.require(standing is not None, "deposit_hold_unknown")
    assert standing is not None
    same(entry, entry.text("deposit"), str(standing[1].deposit), "deposit_unknown")
    entry.require(entry.at >= standing[1].ends_at, "hold_not_over")


def awaited(story: Story, orders: Orders, entry: Entry) -> None:
    """A bid of this bidder could not be opened by its own doing."""
    entry.require(_failed(story, entry.text("bidder")), "forfeit_no_failure")
    orders.awaited.add(entry.text("deposit"))


def decided(story: Story, orders: Orders, entry: Entry, bidder: str, paid: int) -> None:
    """A decision on a ground that is there, for the whole deposit, in favour of who may have it; `bidder` "": there is no such deposit."""
    with inside(entry.member):
        said = DecisionBody.read(entry.body)
    deposit = str(said.deposit)
    entry.require(bool(bidder), "deposit_unknown")
    entry.require(not orders.is_decided(deposit) and deposit not in orders.waived, "forfeited_twice")
    same(entry, said.amount.fen, paid, "amount_differs")
    registered = story.the("project.register")
    secures = deposit in performance.securities(story)
    facts = facts_of(story, entry, bidder, secures)
    with inside(entry.member):
        check_ground(said, facts, secures)
        check_payee(said.payee, str(registered.part("tenderer")["name"]), facts.is_procurement, in_force(story.rates, entry.at))
    orders.decided[entry.digest] = (entry, said)


def noted(orders: Orders, entry: Entry) -> None:
    """A note to a decision that stands, once; one that refuses lets it fall."""
    with inside(entry.member):
        said = NoteBody.read(entry.body)
    standing = orders.decided.pop(said.decision_sha256, None)
    entry.require(standing is not None, "decision_unknown")
    assert standing is not None
    if said.agrees:
        orders.agreed[str(standing[1].deposit)] = standing[1]


def waived(orders: Orders, entry: Entry) -> None:
    """A deposit that waited for its decision is not kept."""
    with inside(entry.member):
        deposit = str(WaiverBody.read(entry.body).deposit)
    entry.require(deposit in orders.awaited and not orders.is_decided(deposit) and deposit not in orders.waived, "deposit_unknown")
    orders.waived.add(deposit)


def scheduled(orders: Orders, entry: Entry) -> None:
    """What is kept goes to nobody but by decision and note, and what waits for a decision goes to nobody."""
    deposit, reason = str(entry.body.get("deposit")), entry.text("reason")
    if reason == "forfeited":
        entry.require(deposit in orders.agreed, "forfeited_unasked")
        return
    entry.require(not orders.is_decided(deposit), "forfeited_twice")
    entry.require(reason != "waived" or deposit in orders.waived, "forfeit_undecided")


def facts_of(story: Story, entry: Entry, bidder: str, secures: bool) -> GroundFacts:
    """What the lot's own record says of a bidder at the moment of an entry; who `secures` a performance is a firm of the winner's."""
    notice, signed = story.last("award.notice"), [one for one in story.all("contract.sign") if one.at <= entry.at]
    winner = ""
    if notice is not None and notice.at <= entry.at:
        with inside(notice.member):
            winner = str(AwardNotice.read(notice.body).winner)
    documents = {one.text("document_sha256") for one in story.all("document.publish")}
    documents |= {str(one.part("document").get("document_sha256")) for one in story.all("document.amend")}
    regime = LegalRegime(story.the("project.register").text("regime"))
    return GroundFacts(
        is_procurement=regime is LegalRegime.GOVERNMENT_PROCUREMENT,
        is_winner=winner == bidder or (secures and performance.is_of_the_winner(story, entry, bidder)),
        is_contracted=any(one.role == Role.BIDDER.value for one in signed),
        has_failed_by_own_doing=_failed(story, bidder),
        documents=frozenset(documents),
        owes_security=performance.owes(story, entry.at),
    )


def _failed(story: Story, bidder: str) -> bool:
    return any(one.text("bidder") == bidder and one.text("cause") == "own" for one in story.all("open.failed"))
