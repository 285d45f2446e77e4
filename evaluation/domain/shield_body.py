"""What people sign for the shield: papers on file, entries of the register of interference, its closing, the award report."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import cast

from core.kernel.errors import RuleBroken
from evaluation.domain.body import Body

DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_FILES = 20


class Category(Enum):
    """What a paper on file is about."""

    CLEANING = "cleaning"  # 清标报告
    DUE_DILIGENCE = "due_diligence"  # 考察报告
    PERFORMANCE = "performance"  # 履约评价
    COMPARISON = "comparison"  # 按定标因素的对比
    SELECTION = "selection"  # 成员产生的记录
    RECORDING = "recording"  # 录音录像
    VALIDITY = "validity"  # 延长投标有效期


COMPARED = frozenset({Category.CLEANING, Category.DUE_DILIGENCE, Category.PERFORMANCE, Category.COMPARISON})
"""What the comparison of candidates draws on: filed before it is made."""
WITH_FILES = frozenset({Category.CLEANING, Category.DUE_DILIGENCE, Category.SELECTION, Category.VALIDITY})
WITH_CANDIDATE = frozenset({Category.PERFORMANCE, Category.COMPARISON})


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file by name, hex SHA-256 and bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The signed body of `award.paper`: where it comes from, whose it is and of which day (YYYY-MM-DD).

    `reference` says where a recording is kept. `candidate` (organisation id), `factor` and `summary` fill a cell of the comparison.
    """

    category: Category
    title: str
    source: str
    author: str
    dated_on: str
    reference: str
    candidate: str
    factor: str
    summary: str
    files: tuple[PaperFile, ...]

    @classmethod
    def read(cls, body: object, candidates: Collection[str], factors: Collection[str]) -> Paper:
        """From the signed body; raises RuleBroken for the first thing that is missing for its category or is of no such lot."""
        fields = Body(body, *cls.__slots__)
        try:
            category = Category(fields.text("category", 20))
        except ValueError:
            raise RuleBroken("shield.paper.category") from None
        paper = cls(
            category=category,
            title=fields.text("title", 200, 1),
            source=fields.text("source", 500, 1),
            author=fields.text("author", 100, 1),
            dated_on=_day(fields.text("dated_on", 10, 10)),
            reference=fields.text("reference", 500),
            candidate=fields.text("candidate", 40),
            factor=fields.text("factor", 60),
            summary=fields.text("summary", 2000),
            files=_files(fields),
        )
        paper.check(candidates, factors)
        return paper

    def check(self, candidates: Collection[str], factors: Collection[str]) -> None:
        """Raises RuleBroken unless it has what its category needs, and speaks of this lot's candidates and factors."""
        if self.category in WITH_FILES and not self.files:
            raise RuleBroken("shield.paper.file_missing")
        if self.category is Category.RECORDING and not self.reference.strip():
            raise RuleBroken("shield.paper.reference_missing")
        if self.category in WITH_CANDIDATE and not (self.candidate and self.summary.strip()):
            raise RuleBroken("shield.paper.candidate_missing")
        if self.candidate and self.candidate not in candidates:
            raise RuleBroken("shield.paper.candidate_other")
        if (self.category is Category.COMPARISON or self.factor) and self.factor not in factors:
            raise RuleBroken("shield.paper.factor_other")


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        raise RuleBroken("shield.paper.day") from None


def _files(fields: Body) -> tuple[PaperFile, ...]:
    files = []
    for row in fields.objects("files", "name", "sha256", "size", most=MOST_FILES):
        entry = PaperFile(row.text("name", 200, 1), row.text("sha256", 64, 64), row.whole("size", 1, 2**33))
        if not DIGEST.fullmatch(entry.sha256):
            raise RuleBroken("shield.paper.digest", name=entry.name)
        if not entry.name.lower().endswith(".pdf"):
            raise RuleBroken("shield.paper.no_pdf", name=entry.name)
        files.append(entry)
    return tuple(files)


@dataclass(frozen=True, slots=True)
class Interference:
    """The signed body of `interference.entry` (干预登记): who interfered, on which day, how, and what was done about it."""

    who: str
    on: str
    how: str
    done: str

    @classmethod
    def read(cls, body: object) -> Interference:
        """From the signed body."""
        fields = Body(body, *cls.__slots__)
        return cls(fields.text("who", 200, 1), _day(fields.text("on", 10, 10)), fields.text("how", 2000, 2), fields.text("done", 2000, 1))


def read_closing(body: object, standing: Collection[str]) -> tuple[str, ...]:
    """The entries of the register that somebody signs as all there are, none for "none"; raises RuleBroken when others stand."""
    Body(body, "entries")
    signed = cast("Mapping[str, object]", body)["entries"]
    if not isinstance(signed, list | tuple) or list(signed) != list(standing):
        raise RuleBroken("shield.register.other", count=len(standing))
    return tuple(standing)


def read_signature(body: object, report_sha256: str) -> str:
    """The dissent under which somebody signs the award report, "" for none; raises RuleBroken for another report."""
    fields = Body(body, "report_sha256", "dissent")
    if fields.text("report_sha256", 64, 64) != report_sha256:
        raise RuleBroken("shield.report.other")
    return fields.text("dissent", 2000).strip()


def read_refusal(body: object, report_sha256: str, members: Collection[str]) -> tuple[str, str]:
    """Which member refused to sign, and why as the tenderer has noted it; raises RuleBroken for another report or no member."""
    fields = Body(body, "report_sha256", "member", "reason")
    if fields.text("report_sha256", 64, 64) != report_sha256:
        raise RuleBroken("shield.report.other")
    member = fields.text("member", 40, 1)
    if member not in members:
        raise RuleBroken("shield.report.no_member")
    return member, fields.text("reason", 2000, 2)
