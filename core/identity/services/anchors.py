"""Authorities that are not ours are recognised and ended by two persons of two duties, and what follows for the keys they vouch for."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from core.identity.domain.anchor import ADMIT, END, MOVES, Action, Admission, AnchorState, End, accept_admission
from core.identity.domain.certificate import OF_ANCHOR, Life
from core.identity.events import PLATFORM, AnchorAdmitted, AnchorEnded
from core.identity.models.anchors import TrustAnchor, Vouch
from core.identity.models.certificates import Certificate
from core.identity.models.people import Grant
from core.identity.queries import anchors as queries
from core.identity.services.acts import Act, Expect, SignedRequest, countersign, once
from core.identity.services.revocations import end_key, tell
from core.kernel.db import lock
from core.kernel.dsse import Envelope, read_envelope
from core.kernel.errors import RuleBroken, WrongState
from core.kernel.ids import PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work


def propose(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """An administrator signs `anchor.admit`; it counts once a supervisor has signed the same bytes: `{anchor, envelope}`.

    Raises RuleBroken for a body that cannot be, a root that is proposed or recognised already, or one too weak.
    """
    return once(work, request, Expect(ADMIT, PLATFORM, role=Role.ADMIN, step_up=True), lambda act: _propose(work, act))


def _propose(work: Work, act: Act) -> dict[str, JSON]:
    admission = Admission.read(act.body)
    accept_admission(admission, work.now())
    if queries.is_live(work.session, admission.root_sha256):
        raise RuleBroken("anchor.taken")
    row = TrustAnchor(
        id=uuid4(),
        root_sha256=admission.root_sha256,
        name_zh=admission.name_zh,
        name_en=admission.name_en,
        body=dict(act.body),
        until=admission.until,
        state=AnchorState.PROPOSED,
        proposal=act.envelope.to_json(),
        proposed_at=work.now(),
        end_reason="",
    )
    work.session.add(row)
    work.session.flush()
    _tell_supervisors(work, row)
    return {"anchor": str(row.id), "envelope": act.envelope.to_json()}


def recognise(work: Work, anchor: UUID, request: SignedRequest) -> dict[str, JSON]:
    """A supervisor signs what was proposed: the authority's certificates count from now on."""
    row = lock(work.session, TrustAnchor, TrustAnchor.id == anchor)
    state = MOVES.choose(Action.RECOGNISE, row.state, work.actor.roles, None)
    both = _both(work, row, request, ADMIT)
    accept_admission(Admission.read(row.body), work.now())  # it may have expired while it waited
    row.state, row.proposal, row.recognised_at = state, None, work.now()
    work.record(AnchorAdmitted(case=PLATFORM, subject=row.root_sha256, signed=both))
    return _answer(row)


def propose_end(work: Work, anchor: UUID, request: SignedRequest) -> dict[str, JSON]:
    """An administrator signs `anchor.end`; nothing changes before a supervisor has signed it too."""
    expect = Expect(END, PLATFORM, role=Role.ADMIN, step_up=True)
    return once(work, request, expect, lambda act: _propose_end(work, anchor, act))


def _propose_end(work: Work, anchor: UUID, act: Act) -> dict[str, JSON]:
    row, said = lock(work.session, TrustAnchor, TrustAnchor.id == anchor), End.read(act.body)
    if said.root_sha256 != row.root_sha256:
        raise RuleBroken("anchor.malformed", member="root_sha256")
    row.state = MOVES.choose(Action.PROPOSE_END, row.state, frozenset({act.role}), None)
    row.proposal, row.end_reason = act.envelope.to_json(), said.reason
    _tell_supervisors(work, row)
    return _answer(row) | {"envelope": act.envelope.to_json()}


def end(work: Work, anchor: UUID, request: SignedRequest) -> dict[str, JSON]:
    """A supervisor signs the end: keys that the authority vouches for sign nothing more from now on; what they signed stands."""
    row = lock(work.session, TrustAnchor, TrustAnchor.id == anchor)
    state = MOVES.choose(Action.END, row.state, work.actor.roles, None)
    both = _both(work, row, request, END)
    now = work.now()
    row.state, row.proposal, row.ended_at = state, None, now
    work.session.flush()
    work.record(AnchorEnded(case=PLATFORM, subject=row.root_sha256, signed=both))
    mine = select(Certificate).join(Vouch, Vouch.key_id == Certificate.key_id).where(Vouch.anchor_id == row.id)
    alive = mine.where(Certificate.life == Life.ISSUED).order_by(Certificate.key_id).with_for_update(of=Certificate, key_share=True)
    for certificate in work.session.scalars(alive, execution_options={"populate_existing": True}):
        end_key(work, certificate, OF_ANCHOR, now)
    return _answer(row)


def set_aside(work: Work, anchor: UUID) -> dict[str, JSON]:
    """What waits for a second signature waits no more: a proposal is dropped, an authority about to be ended stays."""
    row = lock(work.session, TrustAnchor, TrustAnchor.id == anchor)
    action = Action.KEEP if Action.KEEP in MOVES.available(row.state, work.actor.roles, None) else Action.DROP
    row.state, row.proposal, row.end_reason = MOVES.choose(action, row.state, work.actor.roles, None), None, ""
    return _answer(row)


def _tell_supervisors(work: Work, row: TrustAnchor) -> None:
    granted = select(Grant.person_id).where(Grant.role == Role.SUPERVISOR, Grant.ended_at.is_(None)).distinct()
    people = [PersonId(person) for person in work.session.scalars(granted.order_by(Grant.person_id))]
    tell(work, people, "account.anchor", row.name_zh, "/admin/anchors")


def _both(work: Work, row: TrustAnchor, request: SignedRequest, kind: str) -> Envelope:
    if row.proposal is None:
        raise WrongState("anchor.not_proposed")
    return countersign(work, request, read_envelope(row.proposal), Expect(kind, PLATFORM, role=Role.SUPERVISOR, step_up=True))


def _answer(row: TrustAnchor) -> dict[str, JSON]:
    return {"anchor": str(row.id), "state": row.state.value}
