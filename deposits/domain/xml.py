"""Reading XML that strangers wrote: no document type, no entity, no other encoding, nothing endless."""

from __future__ import annotations

from itertools import chain
from operator import itemgetter
from typing import NoReturn
from xml.etree.ElementTree import Element, XMLParser, fromstring
from xml.parsers import expat

from core.kernel.errors import RuleBroken

LARGEST = 4_000_000  # bytes
DEEPEST = 40


def read(data: bytes) -> Element:
    """The root element; names are `{namespace}name`.

    Raises RuleBroken "xml.refused" for a DOCTYPE or any entity declaration, so that nothing can expand and nothing outside is fetched; for
    an encoding other than UTF-8, for more than 4 MB or 40 levels, and for what is no XML.
    """
    if len(data) > LARGEST:
        raise RuleBroken("xml.refused", reason="size")
    if data.startswith((b"\xfe\xff", b"\xff\xfe")) or b"\0" in data:
        raise RuleBroken("xml.refused", reason="encoding")  # the parser would take it for UTF-16, whatever it is told
    try:
        _look().Parse(data, True)
    except expat.ExpatError as fault:
        raise RuleBroken("xml.refused", reason=f"line {fault.lineno}") from None
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
