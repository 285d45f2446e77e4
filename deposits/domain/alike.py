"""Entries of a message that are alike but for their texts: one of each kind is parsed as XML, of the others the texts alone are taken.

For documents that are known to be well-formed XML and hold no processing instruction. Where there is no `<!` either (comment, CDATA) every
`<` in them begins a tag, since no text and no attribute may hold one (XML 1.0, 2.4 and 3.1): what repeats a kind's tags to the letter is
built as that kind is, whatever its texts are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

FEWEST, MOST_KINDS = 8, 8  # entries that are worth it; kinds of them, of which a bank has few
_OPENING = r"<[\w.-]+(?:\s+[\w.:-]+=\"[^\"<>&]*\")*>"
_LEAF = re.compile(rf"({_OPENING})[^<]*(?=</)")
_PLAIN = re.compile(rf"(?:{_OPENING}|</[\w.-]+>|[^<])*")


@dataclass(frozen=True, slots=True)
class Run:
    """Entries side by side. `document` is what is left to be parsed: everything else, and of them the first of each kind, which are the
    first `kinds` elements of that name in it. `entries`, in order: of which kind, and the texts of its leaves."""

    document: str
    kinds: int
    entries: tuple[tuple[int, tuple[str, ...]], ...]


def run_of(document: str, name: str) -> Run | None:
    """The first run of elements `<name>`; None where there is none, or looking for it is not worth it or not safe."""
    opening, closing = f"<{name}>", f"</{name}>"
    if document.count(opening) < FEWEST or "<!" in document or "\r" in document:  # a parser makes "\r" another character
        return None
    start = place = document.index(opening)
    kinds, firsts, entries = list[re.Pattern[str]](), list[str](), list[tuple[int, tuple[str, ...]]]()
    while document.startswith(opening, place):
        found = next(((number, texts) for number, kind in enumerate(kinds) if (texts := kind.match(document, place))), None)
        if found is None:
            first = document[place : document.index(closing, place) + len(closing)]
            kind = None if len(kinds) == MOST_KINDS else _kind(first, name)
            texts = None if kind is None else kind.match(document, place)
            if kind is None or texts is None:
                break
            kinds.append(kind)
            firsts.append(first)
            found = len(firsts) - 1, texts
        entries.append((found[0], found[1].groups()))
        place = found[1].end()
    return Run(document[:start] + "".join(firsts) + document[place:], len(kinds), tuple(entries))


@lru_cache(maxsize=64)
def _pattern(markup: str) -> re.Pattern[str]:
    return re.compile(r"([^<&]*)".join(map(re.escape, markup.split("<>"))) + r"\s*")


def _kind(entry: str, name: str) -> re.Pattern[str] | None:
    """What entries with the same tags match; None for what is written in another way than most: an element that is empty in itself, an
    attribute with odd characters, one of the same name inside."""
    if _PLAIN.fullmatch(entry) is None or re.search(rf"<{name}[\s>]", entry[1:]):
        return None
    return _pattern(_LEAF.sub(r"\1<>", entry))  # no tag is without a name
