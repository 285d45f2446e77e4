"""What was found in a stranger's file: its kind, its text by page, its metadata, and what is odd about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self, cast

from core.kernel.jcs import JSON

PARSER = "1"
"""The version of these rules; it stands beside every result, so that a finding can be made again years later."""


class Kind(StrEnum):
    """What the bytes are, whatever the name says."""

    PDF = "pdf"
    OFFICE = "office"
    ARCHIVE = "archive"
    IMAGE = "image"
    TEXT = "text"
    OTHER = "other"


class Verdict(StrEnum):
    """`ODD` keeps a file from being shown in the browser; it is never a ground to reject a bid."""

    SOUND = "sound"
    ODD = "odd"


class Oddity(StrEnum):
    """Why a file is odd."""

    EMPTY = "empty"
    NAME_DIFFERS = "name_differs"
    PROGRAM = "program"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    LEADING_BYTES = "leading_bytes"
    TRAILING_BYTES = "trailing_bytes"
    ALSO_ARCHIVE = "also_archive"
    INFLATES = "inflates"
    SCRIPT = "script"
    LAUNCH = "launch"
    EMBEDDED_FILE = "embedded_file"
    RICH_MEDIA = "rich_media"
    XFA = "xfa"
    AUTOMATIC_ACTION = "automatic_action"
    MACRO = "macro"
    TOO_MANY_ENTRIES = "too_many_entries"
    LINK = "link"
    PATH_OUTSIDE = "path_outside"
    OUT_OF_TIME = "out_of_time"
    OUT_OF_MEMORY = "out_of_memory"
    READER_FAILED = "reader_failed"


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One file as read: `pages` hold its text in order (one for a text file), `is_cut` says that there was more than is kept."""

    kind: Kind
    oddities: tuple[Oddity, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def verdict(self) -> Verdict:
        """Odd as soon as anything is."""
        return Verdict.ODD if self.oddities else Verdict.SOUND

    def to_json(self) -> dict[str, JSON]:
        """As the reading process hands it over."""
        return {
            "kind": self.kind.value,
            "oddities": [oddity.value for oddity in self.oddities],
            "metadata": dict(self.metadata),
            "pages": list(self.pages),
            "is_cut": self.is_cut,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, JSON]) -> Self:
        """The same back; raises KeyError or ValueError for anything else."""
        return cls(
            kind=Kind(str(said["kind"])),
            oddities=tuple(Oddity(str(one)) for one in cast("list[str]", said["oddities"])),
            metadata={str(name): str(value) for name, value in cast("dict[str, str]", said["metadata"]).items()},
            pages=tuple(str(page) for page in cast("list[str]", said["pages"])),
            is_cut=bool(said["is_cut"]),
        )
