"""The evaluation method of a lot as those who prepare it have it: drafted, or laid down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from trading.domain.draft import DraftKind
from trading.domain.lot import roles_of
from trading.queries import documents, lots
from trading.queries.lots import LotView

_PREPARERS = frozenset({Role.AGENCY, Role.TENDERER})


@dataclass(frozen=True, slots=True)
class MethodView:
    """A method part to be tried; empty where nothing is saved yet. `is_draft`: it comes from a draft that nobody has signed."""

    lot: LotView
    method: dict[str, Any]
    is_draft: bool


def method_of(session: Session, number: str, actor: Actor) -> MethodView:
    """The method that the lot's tenderer or agency has drafted, else the one that stands. Raises NotFound for everybody else."""
    lot = lots.visible(session, number, actor)
    if not roles_of(actor, lot.parties) & _PREPARERS:
        raise NotFound("lot.not_found")
    drafts = (documents.draft(session, lot.id, kind) for kind in (DraftKind.AMENDMENT, DraftKind.DOCUMENT))
    drafted = next((draft.body.get("document", draft.body) for draft in drafts if draft is not None), None)
    return MethodView(lot, lot.method if drafted is None else drafted["method"], drafted is not None)
