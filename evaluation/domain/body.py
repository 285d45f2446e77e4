"""Reading the body of a signed act strictly: every field that is named, none that is not, each of its type and length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.kernel.errors import RuleBroken

LONG = 2_000
"""Characters of a reason or a dissent; what needs more belongs into a document."""


class Body:
    """The members of one signed object; raises RuleBroken `evaluation.body` with the place of the fault."""

    __slots__ = ("_members", "_place")

    def __init__(self, members: object, *names: str, place: str = "body") -> None:
        self._place = place
        if not isinstance(members, Mapping):
            raise self._fault("")
        for name in sorted(set(names) ^ set(members)):
            raise self._fault(str(name))
        self._members: Mapping[str, Any] = members

    def text(self, name: str, most: int = LONG, least: int = 0) -> str:
        """A string of `least` to `most` characters, its outer blanks not counted."""
        value = self._members[name]
        if not isinstance(value, str) or not least <= len(value.strip()) or len(value) > most:
            raise self._fault(name)
        return value

    def whole(self, name: str, least: int = 0, most: int = 10_000) -> int:
        """An integer within bounds; `true` is none."""
        value = self._members[name]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._fault(name)
        return value

    def flag(self, name: str) -> bool:
        """`true` or `false`."""
        value = self._members[name]
        if not isinstance(value, bool):
            raise self._fault(name)
        return value

    def objects(self, name: str, *names: str, most: int = 2_000) -> list[Body]:
        """A list of objects with the fields `names`."""
        value = self._members[name]
        if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > most:
            raise self._fault(name)
        return [Body(item, *names, place=f"{self._place}.{name}[{index}]") for index, item in enumerate(value)]

    def texts(self, name: str, most: int = LONG) -> dict[str, str]:
        """An object whose members are all strings."""
        value = self._members[name]
        if not isinstance(value, Mapping) or len(value) > 500:
            raise self._fault(name)
        for key, item in value.items():
            if not isinstance(item, str) or len(item) > most:
                raise self._fault(f"{name}.{key}")
        return dict(value)

    def lists(self, name: str, most: int) -> dict[str, tuple[str, ...]]:
        """An object whose members are lists of strings of at most `most` characters."""
        value = self._members[name]
        if not isinstance(value, Mapping) or len(value) > 500:
            raise self._fault(name)
        for key, items in value.items():
            if not isinstance(items, list | tuple) or len(items) > 500:
                raise self._fault(f"{name}.{key}")
            if not all(isinstance(item, str) and len(item) <= most for item in items):
                raise self._fault(f"{name}.{key}")
        return {key: tuple(items) for key, items in value.items()}

    def items(self, name: str, most: int) -> tuple[str, ...]:
        """A list of strings of one to `most` characters."""
        values = self._members[name]
        if (
            not isinstance(values, list | tuple)
            or len(values) > 500
            or not all(isinstance(one, str) and 0 < len(one) <= most for one in values)
        ):
            raise self._fault(name)
        return tuple(values)

    def _fault(self, name: str) -> RuleBroken:
        return RuleBroken("evaluation.body", field=f"{self._place}.{name}".rstrip("."))
