"""Blind technical bids (暗标): what a tender document allows in them, and what tells whose a paper is (docs/formats/blind-marks.md).

Pure: the paper has been looked at elsewhere, by `core.kernel.parsing.paper` here and by `blind-look.js` in the browser, which judges by the
same rules in `blind-marks.js`. Nothing here rejects a bid: marks are told to its bidder before sealing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.kernel.jcs import JSON

FLAGS = ("bookmarks", "headers", "page_numbers", "images", "colour")
MARGIN = 64.0  # points: a line whose foot is nearer to the upper or lower edge stands in a header or footer
PERSONAL = ("Author", "Company", "Manager", "dc:creator")  # properties that name somebody whenever they are filled in
SNIPPET = 40

_COMPANY = re.compile(r"(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司$")
_NUMBER = re.compile(r"[\s\-–—·.第共页/ofpage0-9ivx]*", re.IGNORECASE)
_CONTACT = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)|[\w.+-]+@[\w-]+\.[A-Za-z]{2,}"
    r"|(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])"
)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
FACES: Mapping[str, tuple[str, ...]] = {
    "宋体": ("simsun", "nsimsun", "songti", "stsong", "notoserifcjk", "sourcehanserif", "宋体", "ëîìå"),
    "仿宋": ("fangsong", "simfang", "stfangsong", "仿宋", "·âëî"),
    "黑体": ("simhei", "heiti", "stheiti", "notosanscjk", "sourcehansans", "黑体", "ºúìå"),
    "楷体": ("kaiti", "simkai", "stkaiti", "楷体", "¿¬ìå"),
    "Times New Roman": ("timesnewroman", "times"),
    "Arial": ("arial",),
}
"""What PDF files call the faces that tender documents name; the last Chinese ones are GBK bytes read as Latin-1."""


class MarkKind(StrEnum):
    """By what a paper could be recognised."""

    METADATA = "metadata"
    NAME = "name"
    CONTACT = "contact"
    FILE_NAME = "file_name"
    BOOKMARK = "bookmark"
    ATTACHMENT = "attachment"
    LAYER = "layer"
    HEADER = "header"
    PAGE_NUMBER = "page_number"
    IMAGE = "image"
    COLOUR = "colour"
    FONT = "font"
    HIDDEN = "hidden"
    ANNOTATION = "annotation"
    LINK = "link"
    NOT_PDF = "not_pdf"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class BlindRules:
    """What the tender document allows: `fonts` by name, any where there is none; each of the others true where it is allowed."""

    fonts: tuple[str, ...] = ()
    bookmarks: bool = False
    headers: bool = False
    page_numbers: bool = False
    images: bool = False
    colour: bool = False

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the tender document and the lot file."""
        return {"fonts": list(self.fonts)} | {name: getattr(self, name) for name in FLAGS}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text: the distance of its foot from the page's upper and lower edge in points, and its font."""

    text: str
    from_top: float
    from_foot: float
    font: str
    hidden: bool = False

    @property
    def in_margin(self) -> bool:
        """Whether it stands where headers and footers stand."""
        return min(self.from_top, self.from_foot) < MARGIN


@dataclass(frozen=True, slots=True)
class PageLook:
    """What one page shows and carries."""

    runs: tuple[Run, ...] = ()
    images: int = 0
    is_coloured: bool = False
    notes: int = 0
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperLook:
    """What a PDF shows and carries."""

    pages: tuple[PageLook, ...]
    info: Mapping[str, str]
    outline: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    has_layers: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: its kind, what it says, and on which pages it stands, counted from 1; no page where it is of the whole file."""

    kind: MarkKind
    said: str = ""
    pages: tuple[int, ...] = ()


def words_of(name: str, uscc: str = "") -> tuple[str, ...]:
    """By what a firm would be known: its name without the legal form, and its unified code."""
    stem = _COMPANY.sub("", "".join(name.split()))
    return tuple(word for word in (stem if len(stem) >= 3 else "".join(name.split()), uscc.strip()) if word)


def text_marks(text: str, words: Sequence[str]) -> list[Mark]:
    """What a piece of writing gives away by itself: names, and how to reach somebody."""
    plain = "".join(text.split())
    named = [Mark(MarkKind.NAME, word) for word in words if word in plain]
    return [*named, *(Mark(MarkKind.CONTACT, found) for found in _CONTACT.findall(text))]


def name_marks(file: str, words: Sequence[str]) -> list[Mark]:
    """What the file's own name gives away; whatever is not PDF can't be looked at."""
    found = [Mark(MarkKind.FILE_NAME, word) for word in words if word in file]
    return found if file.lower().endswith(".pdf") else [*found, Mark(MarkKind.NOT_PDF)]


def marks_of(look: PaperLook, rules: BlindRules, words: Sequence[str]) -> list[Mark]:
    """All marks of a paper, those of the whole file first; one mark per kind and text, with its pages."""
    pages: dict[tuple[MarkKind, str], list[int]] = defaultdict(list)
    repeated = _repeated(look)
    for number, page in enumerate(look.pages, 1):
        for kind, said in dict.fromkeys(_of_page(page, rules, words, repeated)):
            pages[kind, said].append(number)
    return [*_of_file(look, rules, words), *(Mark(kind, said, tuple(where)) for (kind, said), where in pages.items())]


def _of_file(look: PaperLook, rules: BlindRules, words: Sequence[str]) -> Iterator[Mark]:
    for name, value in look.info.items():
        if value.strip() and (name in PERSONAL or _names(value, words)):
            yield Mark(MarkKind.METADATA, f"{name}: {value.strip()[:SNIPPET]}")
    named = [title for title in look.outline if _names(title, words)]
    if named or (look.outline and not rules.bookmarks):
        yield Mark(MarkKind.BOOKMARK, (named or list(look.outline))[0][:SNIPPET])
    yield from (Mark(MarkKind.ATTACHMENT, name[:SNIPPET]) for name in look.attachments)
    if look.has_layers:
        yield Mark(MarkKind.LAYER)


def _of_page(page: PageLook, rules: BlindRules, words: Sequence[str], repeated: frozenset[str]) -> Iterator[tuple[MarkKind, str]]:
    text = "".join("".join(run.text for run in page.runs).split())
    yield from ((MarkKind.NAME, word) for word in words if word in text)
    yield from ((MarkKind.CONTACT, found) for found in _CONTACT.findall("\n".join(_lines(page.runs))))
    for line in _lines(run for run in page.runs if run.in_margin):
        if _is_number(line):
            if not rules.page_numbers:
                yield MarkKind.PAGE_NUMBER, ""
        elif not rules.headers and _without_digits(line) in repeated:
            yield MarkKind.HEADER, line[:SNIPPET]
    yield from ((MarkKind.FONT, _face(run.font)) for run in page.runs if run.text.strip() and not _is_demanded(run.font, rules.fonts))
    yield from ((MarkKind.HIDDEN, line[:SNIPPET]) for line in _lines(run for run in page.runs if run.hidden))
    if page.images and not rules.images:
        yield MarkKind.IMAGE, ""
    if page.is_coloured and not rules.colour:
        yield MarkKind.COLOUR, ""
    if page.notes:
        yield MarkKind.ANNOTATION, ""
    yield from ((MarkKind.LINK, link[:SNIPPET]) for link in page.links)


def _lines(runs: Iterable[Run]) -> list[str]:
    """The runs of each height as one line."""
    lines: dict[int, str] = defaultdict(str)
    for run in runs:
        lines[round(run.from_top / 3)] += run.text
    return [text.strip() for text in lines.values() if text.strip()]


def _repeated(look: PaperLook) -> frozenset[str]:
    """What stands in the margins of at least two pages, or of the only one; a single line there may be the text itself."""
    seen: dict[str, int] = defaultdict(int)
    for page in look.pages:
        for line in {_without_digits(line) for line in _lines(run for run in page.runs if run.in_margin)}:
            seen[line] += 1
    return frozenset(line for line, times in seen.items() if times >= min(2, len(look.pages)))


def _without_digits(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _is_number(line: str) -> bool:
    return _NUMBER.fullmatch(line) is not None and any(char.isalnum() for char in line)


def _names(text: str, words: Sequence[str]) -> bool:
    return any(word in "".join(text.split()) for word in words)


def _face(font: str) -> str:
    return _SUBSET.sub("", font)


def _is_demanded(font: str, demanded: Sequence[str]) -> bool:
    """Whether a font is one of the demanded faces; a name that nobody demands by list is compared as it is written."""
    plain = re.sub(r"[\s_-]", "", _face(font)).lower()
    faces = [face for name in demanded for face in FACES.get(name, (re.sub(r"[\s_-]", "", name).lower(),))]
    return not demanded or any(plain.startswith(face) for face in faces)
