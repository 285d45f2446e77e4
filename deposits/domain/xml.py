"""Reading XML that strangers wrote: no document type, no entity, no other encoding, nothing endless."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import NoReturn
from xml.etree.ElementTree import Element, XMLParser, fromstring
from xml.parsers import expat

from core.kernel.errors import RuleBroken
from deposits.domain.alike import run_of

LARGEST = 4_000_000  # bytes
DEEPEST = 40


def read(data: bytes) -> Element:
    """The root element; names are `{namespace}name`.

    Raises RuleBroken "xml.refused" for a DOCTYPE or any entity declaration, so that nothing can expand and nothing outside is fetched; for
    an encoding other than UTF-8, for more than 4 MB or 40 levels, and for what is no XML.
    """
    _check(data)
    return _built(data)


@dataclass(frozen=True, slots=True)
class Like:
    """An entry that is built as `element` is, but for the texts of its leaves. `known` is what was found in `element` for all of them."""

    element: Element
    texts: Mapping[Element, str]
    known: dict[tuple[Element, str], list[Element]]


def read_many(data: bytes, space: str, name: str) -> tuple[Element, tuple[Like, ...]]:
    """The same of a message with many elements of a name in a namespace. Those of the first run come as what they are like, and the root
    has but one for each kind of them. Raises as `read` does."""
    _check(data)
    run = run_of(data.decode("utf-8"), name)
    if run is not None:
        root = _built(run.document.encode("utf-8"))
        found = list(root.iter(f"{{{space}}}{name}"))
        if len(found) == run.document.count(f"<{name}>"):  # so that these are those: none has a prefix, an attribute or another namespace
            leaves = [[part for part in one.iter() if not len(part)] for one in found[: run.kinds]]
            known: list[dict[tuple[Element, str], list[Element]]] = [{} for _ in leaves]
            likes = (Like(found[kind], dict(zip(leaves[kind], texts, strict=True)), known[kind]) for kind, texts in run.entries)
            return root, tuple(likes)
    return _built(data), ()


def _check(data: bytes) -> None:
    if len(data) > LARGEST:
        raise RuleBroken("xml.refused", reason="size")
    if data.startswith((b"\xfe\xff", b"\xff\xfe")) or b"\0" in data:
        raise RuleBroken("xml.refused", reason="encoding")  # the parser would take it for UTF-16, whatever it is told
    try:
        _look().Parse(data, True)
    except expat.ExpatError as fault:
        raise RuleBroken("xml.refused", reason=f"line {fault.lineno}") from None


def _built(data: bytes) -> Element:
    root = fromstring(data, XMLParser(encoding="utf-8"))  # noqa: S314 - what it could expand was refused above
    _measure(root)
    return root


def _look() -> expat.XMLParserType:
    """A parser that builds nothing and meets what is refused first: without a handler for elements it runs in C from end to end."""
    parser = expat.ParserCreate("utf-8", "}")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.XmlDeclHandler = _declared
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = parser.ProcessingInstructionHandler = _refuse
    return parser


def _declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ("utf-8", "utf8"):
        raise RuleBroken("xml.refused", reason="encoding")


def _refuse(*_parts: object) -> NoReturn:
    raise RuleBroken("xml.refused", reason="doctype")


_CHILDREN = itemgetter(slice(None))  # all at once: an element hands them out one by one at three times the cost


def _measure(root: Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise RuleBroken("xml.refused", reason="depth")
        level = list(chain.from_iterable(map(_CHILDREN, filter(len, level))))
