"""Further rounds by the original committee: each follows a signed order that was due, and changes what was ordered and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.verify.entries import Entry
from app.verify.replay import bids, leaving
from app.verify.replay.story import Story, before, same
from app.verify.verdict import inside
from core.kernel.roles import Role
from evaluation.domain.round import FIRST, check_again
from evaluation.domain.sheet import BidScores, SheetBody, rules_of
from trading.domain.clock import LegalRegime
from trading.domain.complaint import Outcome
from trading.domain.reevaluation import Order, OrderFacts, check_order

ORDER, OPEN = "reevaluation.order", leaving.REOPENED
_RESTS = ("candidates.publish", "publicity.end", "award.open", "award.result", "ballot", "award.notice", "contract.sign")
"""What rests on a report, and so does not happen between an order and the next report."""


def has_any(story: Story) -> bool:
    """Whether it was ordered, or done."""
    return story.has(ORDER) or story.has(OPEN)


def rounds(story: Story) -> Iterator[tuple[Story, Story]]:
    """The story as it stood when each order came, with what counted then; and with what replacements had voided."""
    for order in story.all(ORDER):
        until = replace(story, entries=[entry for entry in story.entries if entry.seq < order.seq])
        yield leaving.standing(until), leaving.since_rounds(until)


def check_orders(story: Story) -> int:
    """Every order was given by who may, on a report that was in force, before the contract; each was followed by one round, in which
    sheets differ in ordered items alone. Returns how many rounds there were."""
    orders, opened = story.all(ORDER), story.all(OPEN)
    for number, entry in enumerate(opened):
        entry.require(number < len(orders), "round_unordered")
        same(entry, entry.text("order_sha256"), orders[number].digest, "round_unordered")
        same(entry, entry.statement.round, FIRST + 1 + number, "round_unordered")
        before(orders[number], entry, "round_unordered")
    for number, order in enumerate(orders):
        order.require(number <= len(opened) and (not number or opened[number - 1].seq < order.seq), "event_twice", kind=ORDER)
    for order, (held, _) in zip(orders, rounds(story), strict=True):
        _check_order(held, order)
        _check_rests(story, order)
    for number, entry in enumerate(opened):
        _check_sheets(story, entry, opened[number + 1 :])
    return len(opened)


def _check_order(held: Story, order: Entry) -> None:
    """The order beside what was in force when it came."""
    submit = held.last("report.submit")
    before(submit, order, "too_early")
    regime = LegalRegime(held.the("project.register").text("regime"))
    with inside(order.member):
        said = Order.read(order.body)
        decided = [one for one in held.all("complaint.decide") if one.body.get("complaint") == said.complaint]
        facts = OrderFacts(
            role=Role(order.role),
            regime=regime,
            report_sha256="" if submit is None else submit.text("report_sha256"),
            criteria=frozenset(str(one["id"]) for one in held.method.get("criteria", ())),
            complaint_upheld=any(one.body.get("outcome") in (Outcome.UPHELD.value, Outcome.PARTLY_UPHELD.value) for one in decided),
        )
        check_order(said, facts)
    order.require(order.role == Role.SUPERVISOR.value or not held.has("award.notice"), "too_late", kind=ORDER)
    order.require(not _is_concluded(held), "too_late", kind=ORDER)


def _is_concluded(held: Story) -> bool:
    """Whether tenderer and winner, a consortium by all its members, had signed the contract."""
    signed = held.all("contract.sign")
    if not signed:
        return False
    winner = held.the("award.notice").text("winner")
    members = next((seal.body.consortium for _, org, seal in bids.places(held) if org == winner), ())
    return len(signed) > max(1, len(members))


def _check_rests(story: Story, order: Entry) -> None:
    """Nothing was published, voted on, awarded or signed before the committee had reported again."""
    again = min((one.seq for one in story.all("report.submit") if one.seq > order.seq), default=None)
    for entry in story.all(*_RESTS):
        entry.require(entry.seq < order.seq or (again is not None and entry.seq > again), "while_reevaluated", kind=entry.kind)


def _check_sheets(story: Story, opened: Entry, later: Sequence[Entry]) -> None:
    """Whoever sat in the round before signs a sheet as it was, but for ordered items, each with a reason."""
    held = leaving.standing(replace(story, entries=[entry for entry in story.entries if entry.seq < opened.seq]))
    until = later[0].seq if later else sys.maxsize
    scope = leaving.scope_of(story, opened)
    known = {(entry.actor, entry.text("part")): entry for entry in held.all("score")}
    for entry in story.all("score"):
        earlier = known.get((entry.actor, entry.text("part")))
        if opened.seq < entry.seq < until and earlier is not None:
            with inside(entry.member):
                check_again(scope, _sheets(story, earlier), _sheets(story, entry))


def _sheets(story: Story, entry: Entry) -> Sequence[BidScores]:
    named = [str(one.get("bid")) for one in entry.parts("sheets")]
    return SheetBody.read(entry.body, rules_of(story.method, story.score_rules, named, entry.text("part"))).sheets
