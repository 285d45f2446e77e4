"""Reading XML that strangers wrote: no document type, no entity, no other encoding, nothing endless."""

from __future__ import annotations

from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
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
        return _Reader().read(data)
    except expat.ExpatError as fault:
        raise RuleBroken("xml.refused", reason=f"line {fault.lineno}") from None


def _refuse(*_parts: object) -> NoReturn:
    raise RuleBroken("xml.refused", reason="doctype")


class _Reader:
    def __init__(self) -> None:
        self._tree, self._depth, self._clark = TreeBuilder(), 0, _Names()
        parser = expat.ParserCreate("utf-8", "}")
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = _refuse
        parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = parser.ProcessingInstructionHandler = _refuse
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._tree.data
        self._parser = parser

    def read(self, data: bytes) -> Element:
        self._parser.Parse(data, True)
        return self._tree.close()

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "utf8"):
            raise RuleBroken("xml.refused", reason="encoding")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise RuleBroken("xml.refused", reason="depth")
        self._tree.start(self._clark[name], {self._clark[key]: value for key, value in attributes.items()} if attributes else attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(self._clark[name])


class _Names(dict[str, str]):
    """`namespace}name` → `{namespace}name`; a message of thousands of elements has a few dozen names."""

    def __missing__(self, name: str) -> str:
        self[name] = made = "{" + name if "}" in name else name
        return made
