"""The statements of a lot that decide its fees, as they stand in the case's chain."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.domain.person import urn
from core.kernel import chain
from core.kernel.encoding import sha256
from core.kernel.ids import LotId, PersonId
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from evaluation.domain.fee_evidence import KINDS, Said
from evaluation.models.draws import Draw
from trading.domain.project import ProjectState
from trading.models.project import Project
from trading.queries.lots import LotView


def said(session: Session, lot: LotView) -> list[Said]:
    """Every statement about the lot, or about the whole case, of a kind that decides fees, in the chain's order."""
    found = []
    for kind in KINDS:
        for stored in chain.find(session, lot.case, kind):
            statement = read_statement(stored.envelope.payload)
            if statement.lot in ("", lot.no):
                said = Said(kind, statement.actor.id, stored.at, sha256(statement.payload).hex(), statement.body)
                found.append((stored.case_seq, said))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def person_of(actor: str) -> PersonId | None:
    """The person whom a statement names as its expert; None for anybody else."""
    try:
        person = PersonId(UUID(actor.rpartition(":")[2]))
    except ValueError:
        return None
    return person if urn(person, Role.EXPERT) == actor else None


def takes_no_more(session: Session, lot: LotView) -> bool:
    """Whether the case is being closed or is closed, so that nothing is said in it any more."""
    state = session.scalar(select(Project.state).where(Project.number == lot.case))
    return state in (ProjectState.CLOSING, ProjectState.CLOSED)


def is_drawn_for(session: Session, lot: LotId) -> bool:
    """Whether experts have been asked for already: a rule that comes later says why."""
    return session.scalar(select(Draw.id).where(Draw.lot_id == lot).limit(1)) is not None
