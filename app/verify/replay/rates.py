"""The table of interest rates as two persons each time have made it; never for days that were over."""

from __future__ import annotations

from collections.abc import Sequence

from app.verify.entries import Entry
from app.verify.verdict import inside
from core.kernel.calendar import legal_day
from deposits.domain.interest import Rate
from deposits.domain.rate import RateBody, check_rate, read_approval, table_of

KINDS = ("rate.propose", "rate.approve")


def read_table(entries: Sequence[Entry]) -> tuple[Rate, ...]:
    """The table that these statements make; raises Broken."""
    proposed: dict[str, tuple[Entry, RateBody]] = {}
    approved: list[RateBody] = []
    for entry in entries:
        if entry.kind not in KINDS:
            continue
        with inside(entry.member):
            if entry.kind == "rate.propose":
                said = RateBody.read(entry.body)
                check_rate(said, legal_day(entry.at), table_of(approved))
                proposed[entry.digest] = (entry, said)
                continue
            found = proposed.pop(read_approval(entry.body), None)
        entry.require(found is not None, "rate_unknown")
        assert found is not None
        entry.require(found[0].actor != entry.actor, "rate_same_person")
        with inside(entry.member):
            check_rate(found[1], legal_day(entry.at), table_of(approved))
        approved.append(found[1])
    return table_of(approved)
