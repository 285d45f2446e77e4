"""Extensions: an amendment or a clarification moves the deadline, publicly, with the opening, never backwards."""

from __future__ import annotations

from collections.abc import Sequence

from core.identity.services.acts import Act
from core.kernel.ids import CaseId, OrgId
from core.kernel.work import Work
from trading.domain.amendment import Extension
from trading.events_document import DeadlineExtended
from trading.models.lot import Lot
from trading.models.project import Project
from trading.services.deadlines import move_deadline


def extend(work: Work, held: tuple[Lot, Project], moved: Extension | None, cause: Act, bidders: Sequence[OrgId]) -> None:
    """Moves a held lot's deadline after what caused it was recorded; None leaves it."""
    if moved is None:
        return
    lot, project = held
    move_deadline(work, lot, moved.deadline)
    work.record(
        DeadlineExtended(
            case=CaseId(project.number),
            lot=lot.no,
            subject=lot.no,
            before=moved.before,
            deadline=moved.deadline,
            cause=cause.payload_sha256,
            rule=moved.rule,
            bidders=bidders,
        )
    )
