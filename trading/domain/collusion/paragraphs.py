"""A document's pages as paragraphs: what is compared, and where it stands."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from trading.domain.collusion.material import Document

LEAST = 30  # letters and digits; shorter paragraphs are headings and table cells
LONGEST = 600  # letters and digits; longer ones are cut at the end of a sentence
RUNNING_PAGES, RUNNING_SHARE = 4, 0.4  # a line on so many pages, and on this share of them, is a running head or foot
EDGE = 3  # lines at the top and at the bottom of a page among which those are

_ENDS = "。！？；：!?;:"
_NOISE = re.compile(r"[\W_]+")
_BLANK = re.compile(r"\s+")
_LONE = re.compile(r"[\ud800-\udfff\ufffe\uffff\x00]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`text` as people read it; `plain` its letters and digits alone, folded, which is what is compared."""

    file: str
    page: int  # from 1
    text: str
    plain: str


def paragraphs(document: Document) -> Iterator[Paragraph]:
    """The paragraphs of a document that are long enough to say something; a paragraph ends with its page."""
    pages = [[line for written in _clean(page).splitlines() if (line := written.strip())] for page in document.pages]
    running = _running(pages)
    for number, lines in enumerate(pages, 1):
        kept = [line for at, line in enumerate(lines) if not (_at_edge(at, lines) and _shape(line) in running)]
        for text in _joined(kept):
            for piece in _cut(text):
                plain = plain_of(piece)
                if len(plain) >= LEAST:
                    yield Paragraph(document.sha256, number, piece, plain)


def plain_of(text: str) -> str:
    """Letters and digits alone, compatibility forms and case folded."""
    return _normal(_NOISE.sub("", text), "NFKC").casefold()


def _clean(page: str) -> str:
    return _normal(_LONE.sub("", page), "NFC")


def _normal(text: str, form: Literal["NFC", "NFKC"]) -> str:
    """Asking first is many times as fast where nothing is to be done, and mostly nothing is."""
    return text if unicodedata.is_normalized(form, text) else unicodedata.normalize(form, text)


def _at_edge(at: int, lines: Sequence[str]) -> bool:
    return at < EDGE or at >= len(lines) - EDGE


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", _BLANK.sub("", line))


def _running(pages: Sequence[Sequence[str]]) -> set[str]:
    seen = Counter(shape for lines in pages for shape in {_shape(line) for at, line in enumerate(lines) if _at_edge(at, lines)})
    least = max(RUNNING_PAGES, RUNNING_SHARE * len(pages))
    return {shape for shape, count in seen.items() if count >= least}


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Lines put together again: one that ends a sentence, or ends well before the margin, ends its paragraph."""
    width = max((len(line) for line in lines), default=0)
    held: list[str] = []
    for line in lines:
        held.append(line)
        if line[-1] in _ENDS or len(line) < 0.7 * width:
            yield "".join(held)
            held = []
    if held:
        yield "".join(held)


def _cut(text: str) -> Iterator[str]:
    text = _BLANK.sub(" ", text)
    while len(text) > LONGEST:
        at = max(text.rfind(end, LONGEST // 2, LONGEST) for end in _ENDS) + 1 or LONGEST
        yield text[:at]
        text = text[at:]
    yield text
