"""Writing and reading the XML of ISO 20022: elements, amounts, moments, and a reader that refuses whatever is missing or bent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar, cast
from xml.etree.ElementTree import Element, tostring

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain import xml
from deposits.domain.xml import Like

CURRENCY = "CNY"
MEDIA = "application/xml"
UNTOLD = "NOTPROVIDED"
"""What stands where the standard wants an identification and there is none."""
T = TypeVar("T")


def namespace(message: str) -> str:
    """The namespace of a message by its name and version, such as `camt.054.001.08`."""
    return f"urn:iso:std:iso:20022:tech:xsd:{message}"


# Writing


def element(name: str, *content: Element | str) -> Element:
    """An element with what it contains."""
    made = Element(name)
    for part in content:
        if isinstance(part, str):
            # XML has no form for control characters
            made.text = part if part.isprintable() else "".join(letter for letter in part if letter.isprintable())
        else:
            made.append(part)
    return made


def amount_of(name: str, value: Money) -> Element:
    """An amount in the one currency."""
    made = element(name, str(value))
    made.set("Ccy", CURRENCY)
    return made


def moment_of(name: str, value: datetime) -> Element:
    """A moment in UTC, to the millisecond."""
    return element(name, value.astimezone(UTC).isoformat(timespec="milliseconds"))


def account_of(name: str, number: str) -> Element:
    """An account by its number."""
    return element(name, element("Id", element("Othr", element("Id", number))))


def group_of(message: str, at: datetime, *more: Element) -> Element:
    """The header of a message."""
    return element("GrpHdr", element("MsgId", message), moment_of("CreDtTm", at), *more)


def document(space: str, name: str, *content: Element) -> bytes:
    """The bytes of a message."""
    root = element("Document", element(name, *content))
    root.set("xmlns", space)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + cast(bytes, tostring(root, encoding="utf-8", xml_declaration=False))


# Reading


@cache
def _qualified(space: str, path: str) -> tuple[str, ...]:
    return tuple(f"{{{space}}}{step}" for step in path.split("/"))


class At:
    """An element and its namespace: what is asked of it is there and of the right form, or RuleBroken "message.malformed" names it."""

    __slots__ = ("_element", "_like", "_run", "_space")

    def __init__(self, source: bytes | Element, space: str, name: str = "", many: str = "") -> None:
        """`name`: the message that the document of this namespace must hold; `many`: of which element it holds many. Raises "xml.refused"
        too."""
        self._space = space
        self._like: Like | None = None
        self._run: tuple[Like, ...] = ()
        if isinstance(source, Element):
            self._element = source
        elif many:
            self._element, self._run = xml.read_many(source, space, many)
        else:
            self._element = xml.read(source)
        if name:
            if self._element.tag != f"{{{space}}}Document":
                raise RuleBroken("message.malformed", element="Document")
            self._element = self.one(name)._element

    def all(self, path: str) -> Iterable[At]:
        """Every element there, however many."""
        found = self._found(path)
        if not self._run:
            return [self._at(one) for one in found]
        alike = {like.element for like in self._run}
        run = [] if alike.isdisjoint(found) else [self._at(like.element, like) for like in self._run]
        return run + [self._at(one) for one in found if one not in alike]

    def _at(self, element: Element, like: Like | None = None) -> At:
        made = At(element, self._space)
        made._like = like or self._like
        made._run = () if made._like else self._run  # inside of one entry there are no others
        return made

    def one(self, path: str) -> At:
        """The one element there."""
        return self._at(self._only(path))

    def _found(self, path: str) -> list[Element]:
        if self._like is None:
            return self._sought(path)
        asked = self._element, path
        if asked not in self._like.known:
            self._like.known[asked] = self._sought(path)
        return self._like.known[asked]

    def _written(self, element: Element) -> str:
        told = None if self._like is None else self._like.texts.get(element)
        return ((element.text if told is None else told) or "").strip()

    def _sought(self, path: str) -> list[Element]:
        found = [self._element]
        for step in _qualified(self._space, path):  # one name at a time: a path of several is read anew each time
            found = found[0].findall(step) if len(found) == 1 else [child for parent in found for child in parent.findall(step)]
        return found

    def _only(self, path: str) -> Element:
        found = self._found(path)
        if len(found) != 1:
            raise RuleBroken("message.malformed", element=path)
        return found[0]

    def text(self, path: str, most: int = 140) -> str:
        """What stands in the one element there."""
        if not (written := self.maybe(path, most)):
            raise RuleBroken("message.malformed", element=path)
        return written

    def maybe(self, path: str, most: int = 140) -> str:
        """The same, "" where there is no such element or nothing in it."""
        found = self._found(path)
        written = self._written(found[0]) if len(found) == 1 else self._one_of(path, found)
        if len(written) > most:
            raise RuleBroken("message.malformed", element=path)
        return written

    def _one_of(self, path: str, found: list[Element]) -> str:
        """What none or several hold: nothing, or it is not told which counts."""
        if any(map(self._written, found)):
            raise RuleBroken("message.malformed", element=path)
        return ""

    def number(self, path: str) -> int:
        """A whole number."""
        written = self.text(path, 18)
        if not (written.isascii() and written.isdigit()):
            raise RuleBroken("message.malformed", element=path)
        return int(written)

    def money(self, path: str) -> Money:
        """A sum without its currency."""
        try:
            return Money.yuan(self.text(path, 18))
        except ValueError:
            raise RuleBroken("message.malformed", element=path) from None

    def amount(self, path: str) -> Money:
        """An amount in the one currency."""
        if self._only(path).get("Ccy") != CURRENCY:
            raise RuleBroken("message.malformed", element=path)
        return self.money(path)

    def moment(self, path: str) -> datetime:
        """A moment that names its zone."""
        try:
            found = datetime.fromisoformat(self.text(path, 40))
            if found.tzinfo is None:
                raise ValueError("a moment without its zone")
            return found.astimezone(UTC)
        except (ValueError, OverflowError):
            raise RuleBroken("message.malformed", element=path) from None

    def choice(self, path: str, choices: dict[str, T]) -> T:
        """What one of these words stands for."""
        written = self.text(path, 35)
        if written not in choices:
            raise RuleBroken("message.malformed", element=path)
        return choices[written]
