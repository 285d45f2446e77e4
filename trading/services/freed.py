"""Projects of a kind that a city has freed of deposits ask for none."""

from __future__ import annotations

from core.kernel.money import Money
from core.kernel.work import Work
from trading.domain.freed import check_freed
from trading.models.project import Project
from trading.queries.freed import freed_of


def refuse_freed(work: Work, project: Project, deposit: Money) -> None:
    """Raises RuleBroken "document.deposit_freed" for a deposit where such projects are freed of it now."""
    check_freed(deposit, freed_of(work.session, project, work.now()))
