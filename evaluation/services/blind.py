"""The code names are opened by two persons once the technical scores are locked."""

from __future__ import annotations

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.actor import Actor
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.blind_opening import BlindOpeningBody
from evaluation.domain.room import MOVES, Action, roles_of
from evaluation.domain.scoring_case import digest
from evaluation.events_scoring import BlindOpeningSigned
from evaluation.models.blind import BlindOpening
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def open_map(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """An office signs that the code names be opened; the second signature opens them. Records BlindOpeningSigned."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("blind.open", lot.case, lot.no, step_up=True), lambda act: _open(work, lot, act))


def _open(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    office = act.role.value
    roles = roles_of(Actor(act.person, act.org, frozenset({act.role})), (), lot.parties.tenderer)
    room.row.state = MOVES.choose(Action.OPEN_MAP, room.row.state, roles, room.facts(office))
    BlindOpeningBody.read(act.body, room.map_sha256(), digest(room.row.technical))
    signers = select(BlindOpening.person_id).where(BlindOpening.evaluation_id == room.row.id)
    if act.person in set(work.session.scalars(signers)):
        raise RuleBroken("blind.open.same_person")
    work.session.add(BlindOpening(evaluation_id=room.row.id, office=office, person_id=act.person, at=room.now))
    work.record(BlindOpeningSigned(case=lot.case, lot=lot.no, signed=act.envelope, office=office))
    return go_on(work, room)
