"""Who learns that a member is replaced: those inside the seat, and of the cause the supervisor and the host alone."""

from __future__ import annotations

from evaluation.domain.showing import COMMITTEE, HOST, SUPERVISOR, Show, both, shown

_PART = both(shown((COMMITTEE,), "seat"), shown((HOST, SUPERVISOR), "seat", "cause"))

PROJECTIONS: dict[str, Show] = {"room.leave": _PART, "room.replace": _PART}
