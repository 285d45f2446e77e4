"""Recalled refunds: proposed by one person of finance, approved by another, and what the bank stopped is never booked as paid after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from app.verify.entries import Entry
from app.verify.replay.story import same
from app.verify.verdict import inside
from deposits.domain.refund_recall import RecallBody, SecondBody


@dataclass
class Recalled:
    """What was recalled of one lot's refunds so far: `waiting` and `approved` by digest, `stopped` by refund."""

    waiting: dict[str, tuple[Entry, RecallBody]] = field(default_factory=dict)
    approved: dict[str, tuple[Entry, RecallBody]] = field(default_factory=dict)
    stopped: dict[str, Entry] = field(default_factory=dict)


def proposed(known: Recalled, entry: Entry, sent: Mapping[str, Entry], over: Collection[str]) -> None:
    """A refund that is with the bank, over what was sent; one recall at a time. `over`: refunds of which the bank has told the end."""
    with inside(entry.member):
        said = RecallBody.read(entry.body)
    refund = str(said.refund)
    entry.require(refund in sent and refund not in over, "recall_not_sent")
    same(entry, said.total.fen, sent[refund].count("total_fen"), "amount_differs")
    entry.require(all(said.refund != one.refund for _, one in (*known.waiting.values(), *known.approved.values())), "recall_twice")
    known.waiting[entry.digest] = (entry, said)


def approved(known: Recalled, entry: Entry) -> None:
    """A proposal that waits, by another person."""
    proposal = _waiting(known, entry)
    entry.require(known.waiting[proposal][0].actor != entry.actor, "recall_same_person")
    known.approved[proposal] = known.waiting.pop(proposal)


def dropped(known: Recalled, entry: Entry) -> None:
    """A proposal that waits."""
    del known.waiting[_waiting(known, entry)]


def _waiting(known: Recalled, entry: Entry) -> str:
    with inside(entry.member):
        said = SecondBody.read(entry.body)
    entry.require(said.proposal_sha256 in known.waiting, "recall_unknown")
    return said.proposal_sha256


def answered(known: Recalled, entry: Entry) -> None:
    """The bank's resolution of a recall that two persons signed."""
    found = known.approved.pop(entry.text("proposal_sha256"), None)
    entry.require(found is not None, "recall_unknown")
    assert found is not None
    same(entry, entry.text("refund"), str(found[1].refund), "recall_unknown")
    if entry.body.get("stopped") is True:
        known.stopped[entry.text("refund")] = entry


def check_all_ended(known: Recalled, over: Collection[str]) -> None:
    """What the bank stopped has failed: its money is the bidder's deposit again."""
    for refund, entry in known.stopped.items():
        entry.require(refund in over, "recall_not_undone")
