"""What somebody is shown, in a form in which two worlds can be compared: pages, answers and log lines without what differs by itself."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO, StringIO
from typing import Any

import structlog
from pypdfium2 import PdfDocument
from python_calamine import CalamineWorkbook

from app.verify import archive
from core.web import logs

CHANCE = {
    "pem": r"-----BEGIN [A-Z0-9 ]+-----[^-]+-----END [A-Z0-9 ]+-----",
    "uuid": r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
    "date": r"\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT",
    "moment": r"\b\d{4}[-年]\d{1,2}[-月]\d{1,2}日?(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?",
    "calendar": r"\b\d{8}T\d{6}Z?\b",  # a moment as iCalendar writes it
    "x": r'(?<=" x=")-?\d+(?=" y=")',  # where a moment stands on a time line
    "time": r"\b\d\d:\d\d(?::\d\d)?\b",
    "left": r"(?<=剩余 )\d+(?= 天)",  # of a certificate; some worlds are made past midnight
    "reference": r"\bBK[0-9A-F]{20}\b",  # the bank's, drawn
    "code": r'(?<=class="qrline" stroke="#000" d=")[^"]+',  # of the receipt's number
    "wait": r"\d+(?= 毫秒)",  # of the bidder's own request
    "guarantee": r"\bBH\d{14}\b",  # drawn by its guarantor
    "port": r"(?<=http://127\.0\.0\.1:)\d+",  # where the guarantor of this world listens
    "receipt": r"\b(?:RC|DR|LT|ZG)-[0-9A-F]{16}\b",
    "remedy": r"\b(?:YY|TS)-[0-9A-F]{12}\b",  # of the statement's digest
    "account": r"\bX-[0-9A-F]{12}-[0-9A-F]{12}-[0-9A-F]{8}\b",  # of a person's id
    "digest": r"\b(?:[0-9a-f]{16,64}\b|[0-9a-f]{8}…|(?:[0-9a-f]{8}<wbr>){7}[0-9a-f]{8}\b)",
    "took": r"(?<=gongheng_request_seconds_)(?:bucket\{[^}]*\}|sum) [\d.e+-]+",  # how long the staff's requests took
    "since": r"_created(?:\{[^}]*\})? [\d.e+]+",  # when a counter was made
    "place": r'(?<="place":)\d+',  # in a batch: drawn
    "age": r"\bage1[02-9ac-hj-np-z]{50,}",
    "token": r"\b[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}",  # a form's
    "base64": r"[A-Za-z0-9+/_-]{40,}={0,2}",
}
"""What differs between two worlds by itself, and nothing more; each becomes one sign, so that how many there are still shows."""

LONG = ("pem", "code")  # those that may go over several lines


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{CHANCE[name]})" for name in names))


_LONG, _SHORT = _any_of(LONG), _any_of(name for name in CHANCE if name not in LONG)


def plain(text: str) -> str:
    """The text without times, digests, ids, tokens and signatures."""
    return "\n".join(map(_line, _LONG.sub(_sign, text).split("\n")))


@lru_cache(maxsize=65536)
def _line(text: str) -> str:
    """One line; most lines of a page stand in every other page too."""
    return _SHORT.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    return f"<{found.lastgroup}>"


@contextmanager
def lines_to(stream: StringIO) -> Iterator[None]:
    """Has every log line of the process written here, as the server would print it."""
    root, kept = logging.getLogger(), (list(logging.getLogger().handlers), logging.getLogger().level)
    told = structlog.get_config()
    logs.configure()
    structlog.configure(cache_logger_on_first_use=False)  # the next test shall find it as it was
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
    try:
        yield
    finally:
        root.handlers[:], root.level = kept
        structlog.configure(**told)


def _paper(content: bytes) -> str:
    pages = PdfDocument(content)
    return "\n".join(pages[place].get_textpage().get_text_bounded() for place in range(len(pages)))


def _sheet(content: bytes) -> str:
    return str(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python())


def _members(content: bytes) -> str:
    return "\n".join(sorted(archive.read(BytesIO(content))))


READERS: dict[str, Callable[[bytes], str]] = {
    "application/octet-stream": lambda content: f"{len(content)} bytes",
    "application/pdf": _paper,
    "application/zip": _members,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _sheet,
}


def told(answer: Any) -> str:
    """Status, headers and body; the length of the body is that of what does not differ by itself."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("Content-Length", "Date")}
    length = "no length" if "Content-Length" not in answer.headers else "length"
    read = READERS.get(answer.mimetype)
    body = answer.get_data(as_text=True) if read is None else read(answer.get_data())
    return plain(f"{answer.status_code} {sorted(headers.items())} {length}\n{body}")


def differing(one: str, other: str) -> tuple[str, str]:
    """Where two texts part."""
    at = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, at - 100) : at + 140], other[max(0, at - 100) : at + 140]


def counted(printed: str) -> Counter[str]:
    """The log lines without what differs by itself."""
    return Counter(re.sub(r'"ms": ?\d+', '"ms":0', plain(line)) for line in printed.splitlines())
