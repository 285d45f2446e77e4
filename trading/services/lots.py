"""Lots: how one is held, and the steps that the clock, the opening and the evaluation make it take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.errors import NotFound
from core.kernel.ids import CaseId, LotId, OrgId
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.lot import FEWEST_BIDS, MOVES, LotAction, LotFacts, LotState, roles_of
from trading.events import BiddingOpened
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.lots import facts, parties_of
from trading.services import ocds, orders

SYSTEM = frozenset({Role.SYSTEM})


def hold(work: Work, number: str) -> tuple[Lot, Project]:
    """The lot of a sayable number, locked, and its project; raises NotFound."""
    lot = lock(work.session, Lot, Lot.number == number)
    return lot, project_of(work, lot)


def hold_by_id(work: Work, lot_id: LotId) -> tuple[Lot, Project]:
    """The same by id."""
    lot = lock(work.session, Lot, Lot.id == lot_id)
    return lot, project_of(work, lot)


def project_of(work: Work, lot: Lot) -> Project:
    """The project of a lot's row."""
    project = work.session.get(Project, lot.project_id)
    if project is None:
        raise NotFound("project.not_found")
    return project


def move(work: Work, lot: Lot, project: Project, action: LotAction, role: Role) -> LotFacts:
    """Moves a held lot as somebody who acts in `role`; returns the facts of that moment. Raises what the table of moves finds."""
    roles = roles_of(_in_role(work.actor, role), parties_of(lot, project))
    told = facts(lot, work.now(), work.actor.org)
    lot.state = MOVES.choose(action, lot.state, roles, told)
    return told


def move_as_system(work: Work, lot: Lot, action: LotAction, sealed: int | None = None) -> LotFacts:
    """Moves a held lot as the platform itself: the clock, or a step that a service above has decided."""
    told = replace(facts(lot, work.now()), sealed=sealed)
    lot.state = MOVES.choose(action, lot.state, SYSTEM, told)
    return told


def _in_role(actor: Actor, role: Role) -> Actor:
    return replace(actor, roles=actor.roles & {role})


def open_bidding(work: Work, lot_id: LotId) -> None:
    """The release has come: the document can be had and bids are taken."""
    lot, project = hold_by_id(work, lot_id)
    move_as_system(work, lot, LotAction.OPEN_BIDDING)
    assert lot.release_at is not None  # the table let nobody pass without it
    ocds.publish_step(work, lot, project, "R")
    work.record(BiddingOpened(case=CaseId(project.number), lot=lot.no, release_at=lot.release_at, document_sha256=lot.document_sha256))


def close_bidding(work: Work, lot_id: LotId, bidders: Sequence[OrgId]) -> LotState:
    """The deadline has come, and these organisations have a sealed bid: the opening begins, or with fewer than three the lot has failed
    (Regulation art. 44) and their deposits go back. Raises WrongState before the deadline."""
    lot, _ = hold_by_id(work, lot_id)
    failed = len(set(bidders)) < FEWEST_BIDS
    told = move_as_system(work, lot, LotAction.FAIL if failed else LotAction.OPEN_BIDS, sealed=len(set(bidders)))
    orders.close_deposits(work, lot, bidders, failed)
    if failed:
        orders.refund_after_failure(work, lot, bidders, told.now)
    return lot.state


def begin_evaluation(work: Work, lot_id: LotId) -> None:
    """The opening is closed and the committee is present: the evaluation begins."""
    lot, _ = hold_by_id(work, lot_id)
    move_as_system(work, lot, LotAction.BEGIN_EVALUATION)
