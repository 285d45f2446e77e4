"""The demonstration's clock is set forward, for everybody at once and on the record of every open case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from core.identity.domain.clock import accept_jump
from core.identity.events import PLATFORM, ClockAdvanced
from core.identity.models.clockwork import ClockOffset
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotAllowed
from core.kernel.ids import CaseId
from core.kernel.roles import Role
from core.kernel.work import Work

TOPIC = "clock.advanced"
_MS = timedelta(milliseconds=1)


def advance(work: Work, by: timedelta, reason: str, *, shown: timedelta, open_cases: Iterable[CaseId]) -> timedelta:
    """Sets the clock forward by `by`; returns the new offset, which the caller writes to the shared file once this is committed.

    `shown` is the offset in that file now. The outbox writes it too, for the caller who dies in between. Raises RuleBroken for a jump
    that is not forward. The web offers this in demonstration mode alone.
    """
    if not work.actor.roles & {Role.ADMIN, Role.SYSTEM}:
        raise NotAllowed("clock.not_allowed")
    accept_jump(by)
    row = _row(work)
    base = max(timedelta(milliseconds=row.offset_ms), shown)
    offset = base + by
    row.offset_ms = offset // _MS
    now = work.now()
    earlier = now - shown + base
    for case in sorted({PLATFORM, *open_cases}):
        work.record(ClockAdvanced(case=case, earlier=earlier, later=earlier + by, offset_ms=row.offset_ms, reason=reason))
    work.send(TOPIC, str(row.offset_ms), {"offset_ms": row.offset_ms})
    return offset


def _row(work: Work) -> ClockOffset:
    insert_new(work.session.connection(), ClockOffset, [{"id": 1, "offset_ms": 0}])
    return lock(work.session, ClockOffset, ClockOffset.id == 1)
