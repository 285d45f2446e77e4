"""Performance security: asked of the winner as the document says, there before the winner signs, given back by the tenderer's word."""

from __future__ import annotations

from datetime import datetime

from app.verify.entries import Entry
from app.verify.replay.story import Story, same
from app.verify.verdict import inside
from core.kernel import clock
from core.kernel.body import Body
from core.kernel.calendar import legal_day
from core.kernel.money import Money
from deposits.domain.guarantee import Product, must_hold_to
from deposits.domain.performance import (
    ASK,
    RETURN,
    PerformanceTerms,
    ReturnBody,
    SecurityFacts,
    check_return,
    check_terms,
    is_owed,
    may_sign,
)
from trading.domain.award import AwardNotice
from trading.domain.periods import LegalRegime

PREFIX = "performance."


def terms_of(story: Story) -> PerformanceTerms | None:
    """What the document asks for; None: nothing. No amendment changes it."""
    if "performance" not in story.document.body:
        return None
    with inside(story.document.member):
        terms = PerformanceTerms.read(Body(story.document.part("performance")))
        check_terms(terms, in_procurement(story))
    return terms


def in_procurement(story: Story) -> bool:
    """Whether the procurement law's articles hold."""
    return LegalRegime(story.the("project.register").text("regime")) is LegalRegime.GOVERNMENT_PROCUREMENT


def asking(story: Story, entry: Entry) -> Entry | None:
    """What was asked of a winner when this was said on the chain of deposits; None: nothing yet, so it is about a bid's deposit."""
    asked = [one for one in story.deposits if one.kind == ASK and one.seq < entry.seq]
    return asked[-1] if asked else None


def is_of_the_winner(story: Story, entry: Entry, bidder: str) -> bool:
    """Whether this was one of the winner's firms when something was said: any of them may give its security."""
    asked = asking(story, entry)
    return asked is not None and bidder in asked.texts("members")


def check_request(entry: Entry, asked: Entry) -> None:
    """A sub-account for a security is one of the winner's, for the amount that was asked."""
    entry.require(entry.text("bidder") in asked.texts("members"), "winner_differs")
    same(entry, entry.count("amount_fen"), asked.count("amount_fen"), "amount_differs")


def held_to(story: Story, asked: Entry) -> datetime:
    """Until when a guarantee for performance must hold."""
    terms = terms_of(story)
    asked.require(terms is not None, "security_unasked")
    assert terms is not None
    return must_hold_to(clock.moment(asked.text("deadline")), terms.days)


def check_performance(story: Story) -> str:
    """Every asking is the document's, of the winner, for its share of the price; the winner signed with its security there; it was given
    back by word of the tenderer after the contract. Returns how much was asked last. Raises Broken."""
    amount = 0
    returned: list[Entry] = []
    for entry in story.deposits:
        if entry.kind == ASK:
            amount = _asked(story, entry)
        elif entry.kind == RETURN:
            with inside(entry.member):
                said = ReturnBody.read(entry.body)
                refusal = check_return(said, legal_day(entry.at), _contracted_at(story, entry.at), bool(returned))
                if refusal is not None:
                    raise refusal
            returned.append(entry)
        elif entry.kind == "refund.schedule":
            _check_scheduled(story, entry, bool(returned))
    _check_signed(story)
    return f"{Money(amount)}"


def _check_scheduled(story: Story, entry: Entry, is_returned: bool) -> None:
    for refund in entry.each("refunds"):
        if refund.text("reason") == "performed":
            refund.require(is_returned and str(refund.body.get("deposit")) in securities(story), "security_not_returned")


def says_any(story: Story) -> bool:
    """Whether the document asks for a security, or anybody says that it does."""
    return terms_of(story) is not None or any(entry.kind.startswith(PREFIX) for entry in story.deposits)


def _asked(story: Story, entry: Entry) -> int:
    terms = terms_of(story)
    notices = [one for one in story.all("award.notice") if one.at <= entry.at]
    entry.require(terms is not None and bool(notices), "security_unasked")
    assert terms is not None
    with inside(notices[-1].member):
        won = AwardNotice.read(notices[-1].body)
    same(entry, (entry.text("bidder"), entry.count("price_fen")), (str(won.winner), won.price.fen), "winner_differs")
    entry.require(entry.text("bidder") in entry.texts("members"), "winner_differs")
    same(entry, entry.count("amount_fen"), terms.amount(won.price).fen, "amount_differs")
    return entry.count("amount_fen")


def _check_signed(story: Story) -> None:
    """Whoever signs for the winner signs with the security there."""
    if terms_of(story) is None:
        return
    for entry in story.all("contract.sign"):
        if entry.role == "bidder":
            with inside(entry.member):
                refusal = may_sign(_facts(story, entry.at))
                if refusal is not None:
                    raise refusal


def owes(story: Story, at: datetime) -> bool:
    """Whether a security was asked for and was not there in time."""
    asked = [one for one in story.deposits if one.kind == ASK and one.at <= at]
    return bool(asked) and is_owed(_facts(story, at), clock.moment(asked[-1].text("deadline")), at)


def _facts(story: Story, at: datetime) -> SecurityFacts:
    asked = [one for one in story.deposits if one.kind == ASK and one.at <= at]
    terms = terms_of(story)
    amount = Money(asked[-1].count("amount_fen")) if asked else Money(terms.bp if terms else 0)  # of what was never asked: not nothing
    return SecurityFacts(amount, Money(0), given=bool(asked) and _is_given(story, asked[-1], at), in_procurement=in_procurement(story))


def _is_given(story: Story, asked: Entry, at: datetime) -> bool:
    members, wanted = asked.texts("members"), securities(story)
    bonds = {str(one.body.get("guarantee")) for one in story.deposits if _is_bond(one)}
    for entry in (one for told in story.deposits for one in (told.each("deposits") if told.kind == "deposit.match" else [told])):
        if entry.at > at or str(entry.body.get("bidder")) not in members:
            continue
        if entry.kind == "deposit.match" and entry.text("deposit") in wanted:
            return True
        if entry.kind == "guarantee.verify" and entry.text("guarantee") in bonds and not entry.texts("faults"):
            return True
    return False


def _is_bond(entry: Entry) -> bool:
    return entry.kind == "guarantee.apply" and entry.text("product") == Product.PERFORMANCE.value


def securities(story: Story) -> set[str]:
    """The deposits that were asked for as securities."""
    return {entry.text("deposit") for entry in story.deposits if entry.kind == "deposit.request" and asking(story, entry) is not None}


def _contracted_at(story: Story, at: datetime) -> bool:
    return any(one.role == "bidder" and one.at <= at for one in story.all("contract.sign"))
