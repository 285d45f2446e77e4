"""Payments that matched nothing and that finance assigned: each once, to a deposit of this lot, and then noticed as that deposit's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.verify.entries import Entry
from app.verify.replay.story import same
from app.verify.verdict import inside
from deposits.domain.suspense import AssignBody


@dataclass
class Assigned:
    """What finance has assigned to the lot's deposits so far, by the bank's reference, and which of it has its notice."""

    said: dict[str, tuple[Entry, AssignBody]] = field(default_factory=dict)
    noticed: set[str] = field(default_factory=set)


def assigned(known: Assigned, entry: Entry, deposits: Mapping[str, Entry]) -> None:
    """A deposit of this lot gets a payment that nobody had, once."""
    with inside(entry.member):
        said = AssignBody.read(entry.body)
    entry.require(str(said.deposit) in deposits, "deposit_unknown")
    entry.require(said.ref not in known.said, "payment_twice", ref=said.ref)
    known.said[said.ref] = (entry, said)


def noticed(known: Assigned, entry: Entry) -> None:
    """The notice of an assigned payment is of the deposit that was signed for, and takes something of it."""
    ref = entry.text("ref")
    if ref in known.said:
        same(entry, entry.body.get("deposit"), str(known.said[ref][1].deposit), "deposit_unknown")
        entry.require(entry.count("taken_fen") > 0, "payment_unknown")
        known.noticed.add(ref)


def check_all_noticed(known: Assigned) -> None:
    """Nothing is assigned without its notice."""
    for ref, (entry, _) in known.said.items():
        entry.require(ref in known.noticed, "payment_unknown")
