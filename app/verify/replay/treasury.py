"""The treasury account as two persons each time have made it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.verify.entries import Entry
from app.verify.verdict import inside
from deposits.domain.account import BasicAccount
from deposits.domain.rate import read_approval
from deposits.domain.treasury import TreasuryBody

KINDS = ("treasury.propose", "treasury.approve")


def in_force(entries: Sequence[Entry], at: datetime) -> BasicAccount | None:
    """The account that held at a moment, None where none had been approved; raises Broken."""
    proposed: dict[str, tuple[Entry, TreasuryBody]] = {}
    holds = None
    for entry in entries:
        if entry.kind not in KINDS or entry.at > at:
            continue
        with inside(entry.member):
            if entry.kind == "treasury.propose":
                proposed[entry.digest] = (entry, TreasuryBody.read(entry.body))
                continue
            found = proposed.pop(read_approval(entry.body), None)
        entry.require(found is not None, "treasury_unknown")
        assert found is not None
        entry.require(found[0].actor != entry.actor, "treasury_same_person")
        holds = found[1].account
    return holds
