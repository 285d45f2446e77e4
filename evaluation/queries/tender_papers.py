"""What a member reads beside the bids: the tender document with its amendments, the public clarifications, and what bidders were asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from evaluation.queries import question_page
from evaluation.queries.question_page import QuestionView
from evaluation.queries.rooms import RoomView
from trading.queries import clarifications, document_versions
from trading.queries.clarifications import ClarificationView
from trading.queries.document_versions import VersionView


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that can be opened in the viewer: name, digest, size in bytes, and the address of its bytes."""

    name: str
    sha256: str
    size: int
    address: str

    @property
    def is_readable(self) -> bool:
        """Whether the viewer can show it; other files are downloaded."""
        return self.name.lower().endswith(".pdf")


@dataclass(frozen=True, slots=True)
class TenderPapers:
    """The versions of the tender document, the newest first, the clarifications, the newest first, and the questions to bidders."""

    number: str
    versions: tuple[VersionView, ...]
    clarifications: tuple[ClarificationView, ...]
    questions: tuple[QuestionView, ...]

    def files_of(self, version: VersionView) -> tuple[Paper, ...]:
        """The files of a version."""
        here = f"/api/v1/lots/{self.number}/documents"
        return tuple(Paper(one.name, one.sha256, one.size, f"{here}/{one.sha256}") for one in version.document.files)

    @property
    def in_force(self) -> tuple[Paper, ...]:
        """The files of the newest version; none where there is no document."""
        return self.files_of(self.versions[0]) if self.versions else ()

    def files_to(self, question: QuestionView) -> tuple[Paper, ...]:
        """The files that came with an answer."""
        here = f"/api/v1/lots/{self.number}/bid-questions/files"
        return tuple(Paper(one.name, one.sha256, one.size, f"{here}/{one.sha256}") for one in question.files)

    def find(self, sha256: str) -> Paper | None:
        """The file of that digest, None where there is none that the viewer can show."""
        return next((one for one in self._every() if one.sha256 == sha256 and one.is_readable), None)

    def _every(self) -> Iterator[Paper]:
        for version in self.versions:
            yield from self.files_of(version)
        for question in self.questions:
            yield from self.files_to(question)


def of_room(session: Session, actor: Actor, view: RoomView) -> TenderPapers:
    """The papers of a room's lot; raises what `question_page.page` raises for whoever may not read the bids."""
    asked = question_page.page(session, actor, view.lot.number).questions
    every = document_versions.versions(session, view.lot) if view.lot.document_sha256 else ()  # an invented tender has none
    said = clarifications.published(session, view.lot.id)
    return TenderPapers(view.lot.number, tuple(reversed(every)), tuple(reversed(said)), asked)
