"""Guarantors: registered by the centre, suspended, and resumed, each by a signed statement on the platform's own chain."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.certificates import to_pem
from core.kernel.db import lock
from core.kernel.errors import RuleBroken
from core.kernel.events import PLATFORM
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.guarantor import (
    MOVES,
    REGISTER,
    RESUME,
    SUSPEND,
    GuarantorAction,
    GuarantorState,
    Registration,
    read_reason,
)
from deposits.events_guarantees import GuarantorRegistered, GuarantorResumed, GuarantorSuspended
from deposits.models.guarantees import Guarantor


def register(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """The centre registers a guarantor: from now on any bidder may choose it. Raises RuleBroken for one that is registered already."""
    return once(work, request, Expect(REGISTER, PLATFORM, role=Role.CENTRE, step_up=True), lambda act: _register(work, act))


def _register(work: Work, act: Act) -> dict[str, JSON]:
    said = Registration.read(act.body)
    taken = (Guarantor.root_sha256 == said.root_sha256) | (Guarantor.name == said.name)
    if work.session.scalar(select(Guarantor.id).where(taken)) is not None:
        raise RuleBroken("guarantor.taken")
    now = work.now()
    row = Guarantor(
        id=new_id(now),
        name=said.name,
        url=said.url,
        root=to_pem(said.root),
        root_sha256=said.root_sha256,
        state=GuarantorState.ACTIVE,
        registered_at=now,
        suspend_reason="",
    )
    work.session.add(row)
    work.session.flush()
    work.record(GuarantorRegistered(case=PLATFORM, subject=row.root_sha256, signed=act.envelope))
    return {"guarantor": str(row.id), "root_sha256": row.root_sha256}


def suspend(work: Work, guarantor: UUID, request: SignedRequest) -> dict[str, JSON]:
    """The centre has it take no new applications; what it has issued stands."""
    expect = Expect(SUSPEND, PLATFORM, role=Role.CENTRE, step_up=True)
    return once(work, request, expect, lambda act: _move(work, guarantor, act, GuarantorAction.SUSPEND))


def resume(work: Work, guarantor: UUID, request: SignedRequest) -> dict[str, JSON]:
    """The centre lets it take applications again."""
    expect = Expect(RESUME, PLATFORM, role=Role.CENTRE, step_up=True)
    return once(work, request, expect, lambda act: _move(work, guarantor, act, GuarantorAction.RESUME))


def _move(work: Work, guarantor: UUID, act: Act, action: GuarantorAction) -> dict[str, JSON]:
    row = lock(work.session, Guarantor, Guarantor.id == guarantor)
    root, reason = read_reason(act.body)
    if root != row.root_sha256:
        raise RuleBroken("guarantor.malformed")
    row.state = MOVES.choose(action, row.state, frozenset({act.role}), None)
    is_end = action is GuarantorAction.SUSPEND
    row.suspend_reason = reason if is_end else ""
    work.session.flush()
    work.record((GuarantorSuspended if is_end else GuarantorResumed)(case=PLATFORM, subject=root, signed=act.envelope))
    return {"guarantor": str(row.id), "state": row.state.value}
