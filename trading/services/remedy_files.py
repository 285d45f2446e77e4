"""Files that come with objections, answers and complaints: through the person's own uploads, and kept in the content store."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.identity.services.acts import Act
from core.kernel import uploads
from core.kernel.errors import RuleBroken
from core.kernel.ids import new_id
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
