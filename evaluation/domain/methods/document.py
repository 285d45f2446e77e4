"""A cursor over a JSON document that knows where it stands, so that every refusal names its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from evaluation.domain.methods.faults import CaseFault, element, member

MOST_PLACES = 30
"""More decimals than any price or score has; a bound, so that a document can't ask for a million."""

_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)


class Node:
    """One value of the document and its JSON path."""

    __slots__ = ("path", "value")

    def __init__(self, value: object, path: str = "$") -> None:
        self.value, self.path = value, path

    def fault(self, code: str, **facts: str) -> CaseFault:
        """A refusal at this place."""
        return CaseFault(self.path, code, **facts)

    def fields(self, known: Collection[str]) -> Fields:
        """This object's members; refuses anything but an object, and names that the format does not know."""
        node = self._object()
        for name in node:
            if name not in known:
                raise CaseFault(member(self.path, name), "unknown_field")
        return Fields(node, self.path)

    def members(self) -> Iterator[tuple[str, Node]]:
        """The members of an object whose names are ids."""
        for name, value in self._object().items():
            yield name, Node(value, member(self.path, name))

    def items(self) -> list[Node]:
        """The elements of a list."""
        if not isinstance(self.value, list):
            raise self.fault("not_a_list")
        return [Node(value, element(self.path, index)) for index, value in enumerate(self.value)]

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

    __slots__ = ("_members", "path")

    def __init__(self, members: dict[str, object], path: str) -> None:
        self._members, self.path = members, path

    def at(self, name: str) -> str:
        """The JSON path of a member, whether or not it is there."""
        return member(self.path, name)

    def has(self, name: str) -> bool:
        """Whether the member is written at all, be it as null."""
        return name in self._members

    def need(self, name: str) -> Node:
        """A member that must be there."""
        if name not in self._members:
            raise CaseFault(self.at(name), "missing")
        return Node(self._members[name], self.at(name))

    def read(self, name: str, reader: Callable[[Node], T], default: T) -> T:
        """A member read by `reader`, or `default` where it is missing or null."""
        if self._members.get(name) is None:
            return default
        return reader(self.need(name))

    def list(self, name: str) -> list[Node]:
        """The elements of a member that may be missing."""
        return self.need(name).items() if name in self._members else []
