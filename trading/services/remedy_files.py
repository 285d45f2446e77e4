"""What every filing brings: the organisation that it speaks for, and files that came in through the person's own uploads."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.identity.services.acts import Act
from core.kernel import uploads
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import OrgId, new_id
from core.kernel.work import Work
from trading.domain.document import FileEntry
from trading.models.remedy import RemedyFile


def take(work: Work, act: Act, remedy: UUID, part: str, files: Sequence[FileEntry]) -> None:
    """Keeps the files of a signed act. Raises NotFound for one that this person has not uploaded, RuleBroken for another size."""
    for place, entry in enumerate(files):
        if uploads.complete(work.session, act.person, entry.sha256).length != entry.size:
            raise RuleBroken("document.size_other", name=entry.name)
        row = RemedyFile(
            id=new_id(work.now()), remedy_id=remedy, part=part, place=place, name=entry.name, sha256=entry.sha256, size=entry.size
        )
        work.session.add(row)


def own_org(work: Work, act: Act) -> OrgId:
    """For which organisation a bidder's person speaks; raises NotAllowed for none."""
    if act.org is None:
        raise NotAllowed("bid.no_organisation")
    return act.org
