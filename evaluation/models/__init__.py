"""The tables of bid evaluation; importing this package registers them all."""

from evaluation.models import (
    awards,
    blind,
    calls,
    desks,
    discussions,
    draws,
    experts,
    fees,
    findings,
    host_calls,
    questions,
    rooms,
    shields,
    ties,
    unlocks,
    votes,
)

__all__ = [
    "awards",
    "blind",
    "calls",
    "desks",
    "discussions",
    "draws",
    "experts",
    "fees",
    "findings",
    "host_calls",
    "questions",
    "rooms",
    "shields",
    "ties",
    "unlocks",
    "votes",
]
