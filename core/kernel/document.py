"""A cursor over a JSON document from outside that knows where it stands, so that every refusal names its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

MOST_PLACES = 30
"""More decimals than any price or score has; a bound, so that a document can't ask for a million."""

_NAME = re.compile(r"[^\W\d]\w*")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)


class DocumentFault(ValueError):
    """The document is refused: `path` is the JSON path of the fault, `code` its stable kind, `facts` fill its sentence."""

    def __init__(self, path: str, code: str, **facts: str) -> None:
        super().__init__(f"{path}: {code}")
        self.path, self.code, self.facts = path, code, facts


def member(path: str, name: str) -> str:
    """The JSON path (RFC 9535) of an object's member: `$.bids[0].price`, or `['…']` for a name that is no plain word."""
    if _NAME.fullmatch(name):
        return f"{path}.{name}"
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"{path}['{quoted}']"


def element(path: str, index: int) -> str:
    """The JSON path of a list's element."""
    return f"{path}[{index}]"


class Node:
    """One value of the document, its JSON path, and the kind of fault that this document is refused with."""

    __slots__ = ("path", "refuse", "value")

    def __init__(self, value: object, refuse: type[DocumentFault], path: str = "$") -> None:
        self.value, self.refuse, self.path = value, refuse, path

    def fault(self, code: str, **facts: str) -> DocumentFault:
        """A refusal at this place."""
        return self.refuse(self.path, code, **facts)

    def fields(self, known: Collection[str]) -> Fields:
        """This object's members; refuses anything but an object, and names that the format does not know."""
        node = self._object()
        for name in node:
            if name not in known:
                raise self.refuse(member(self.path, name), "unknown_field")
        return Fields(node, self)

    def members(self) -> Iterator[tuple[str, Node]]:
        """The members of an object whose names are ids."""
        for name, value in self._object().items():
            yield name, Node(value, self.refuse, member(self.path, name))

    def items(self) -> list[Node]:
        """The elements of a list."""
        if not isinstance(self.value, list):
            raise self.fault("not_a_list")
        return [Node(value, self.refuse, element(self.path, index)) for index, value in enumerate(self.value)]

    def text(self) -> str:
        """Any string."""
        if not isinstance(self.value, str):
            raise self.fault("not_text")
        return self.value

    def id(self) -> str:
        """A string that names something: not empty."""
        if not self.text():
            raise self.fault("empty_id")
        return self.text()

    def number(self) -> Fraction:
        """A decimal string: up to 15 digits and 12 decimals."""
        if not isinstance(self.value, str) or not _DECIMAL.fullmatch(self.value):
            raise self.fault("not_a_decimal")
        return Fraction(self.value)

    def price(self) -> Fraction:
        """A decimal string above 0."""
        amount = self.number()
        if amount <= 0:
            raise self.fault("price_not_positive")
        return amount

    def count(self) -> int:
        """A JSON integer from 0 on; `true` is none."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < 0:
            raise self.fault("not_a_count")
        return self.value

    def places(self) -> int:
        """A count of decimals."""
        places = self.count()
        if places > MOST_PLACES:
            raise self.fault("too_many_places", most=str(MOST_PLACES))
        return places

    def flag(self) -> bool:
        """`true` or `false`."""
        if not isinstance(self.value, bool):
            raise self.fault("not_a_flag")
        return self.value

    def choice(self, kinds: type[Choice]) -> Choice:
        """One of the words that the format knows here."""
        if self.text() not in list(kinds):
            raise self.fault("unknown_kind", known=", ".join(kinds))
        return kinds(self.text())

    def _object(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            raise self.fault("not_an_object")
        return self.value


class Fields:
    """The members of one object, by name."""

    __slots__ = ("_members", "_node")

    def __init__(self, members: dict[str, object], node: Node) -> None:
        self._members, self._node = members, node

    def at(self, name: str) -> str:
        """The JSON path of a member, whether or not it is there."""
        return member(self._node.path, name)

    def fault(self, name: str, code: str, **facts: str) -> DocumentFault:
        """A refusal at a member, whether or not it is there."""
        return self._node.refuse(self.at(name), code, **facts)

    def has(self, name: str) -> bool:
        """Whether the member is written at all, be it as null."""
        return name in self._members

    def need(self, name: str) -> Node:
        """A member that must be there."""
        if name not in self._members:
            raise self.fault(name, "missing")
        return Node(self._members[name], self._node.refuse, self.at(name))

    def read(self, name: str, reader: Callable[[Node], T], default: T) -> T:
        """A member read by `reader`, or `default` where it is missing or null."""
        if self._members.get(name) is None:
            return default
        return reader(self.need(name))

    def list(self, name: str) -> list[Node]:
        """The elements of a member that may be missing."""
        return self.need(name).items() if name in self._members else []
