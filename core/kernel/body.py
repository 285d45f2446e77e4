"""Reading the body of a signed statement, member by member, into typed values; what does not fit is refused by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import TypeVar
from uuid import UUID

from core.kernel import clock, jcs
from core.kernel.encoding import sha256
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON

E = TypeVar("E", bound=Enum)

_DIGEST = re.compile(r"[0-9a-f]{64}")
_AMOUNT = re.compile(r"\d{1,15}\.\d{2}")
_LARGEST = 2**53 - 1


class Body:
    """One JSON object; each getter takes its member out, `done` refuses what nobody took. `place` names it in refusals."""

    def __init__(self, members: Mapping[str, object], place: str = "") -> None:
        self._members, self._place = dict(members), place

    def _take(self, name: str) -> object:
        if name not in self._members:
            raise self._malformed(name)
        return self._members.pop(name)

    def _malformed(self, name: str) -> RuleBroken:
        return RuleBroken("body.malformed", member=self._place + name)

    def has(self, name: str) -> bool:
        """Whether a member that may be missing is there."""
        return name in self._members

    def text(self, name: str, most: int, least: int = 1) -> str:
        """A string of `least` to `most` characters without control characters and outer blanks."""
        value = self._take(name)
        if not isinstance(value, str) or not least <= len(value) <= most or value != value.strip() or not _printable(value):
            raise self._malformed(name)
        return value

    def digest(self, name: str, optional: bool = False) -> str:
        """64 lower-case hex digits; "" too where `optional`."""
        value = self._take(name)
        if isinstance(value, str) and (_DIGEST.fullmatch(value) or (optional and not value)):
            return value
        raise self._malformed(name)

    def amount(self, name: str, optional: bool = False) -> str:
        """Yuan with two decimals, `1234.50`; "" too where `optional`."""
        value = self._take(name)
        if isinstance(value, str) and (_AMOUNT.fullmatch(value) or (optional and not value)):
            return value
        raise self._malformed(name)

    def count(self, name: str, least: int = 0, most: int = _LARGEST) -> int:
        """A JSON integer from `least` to `most`."""
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._malformed(name)
        return value

    def flag(self, name: str) -> bool:
        """true or false."""
        value = self._take(name)
        if not isinstance(value, bool):
            raise self._malformed(name)
        return value

    def uuid(self, name: str) -> UUID:
        """A UUID in its usual text form."""
        value = self._take(name)
        try:
            read = UUID(value) if isinstance(value, str) else None
        except ValueError:
            read = None
        if read is None or str(read) != value:
            raise self._malformed(name)
        return read

    def moment(self, name: str) -> datetime:
        """An aware UTC moment in the form of signed payloads."""
        value = self._take(name)
        try:
            return clock.moment(value if isinstance(value, str) else "")
        except ValueError:
            raise self._malformed(name) from None

    def day(self, name: str) -> date:
        """A Beijing date, `YYYY-MM-DD`."""
        value = self._take(name)
        try:
            read = date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            raise self._malformed(name) from None
        if read.isoformat() != value:
            raise self._malformed(name)
        return read

    def choice(self, name: str, kind: type[E]) -> E:
        """The member of an enum by its value."""
        value = self._take(name)
        try:
            return kind(value)
        except ValueError:
            raise self._malformed(name) from None

    def texts(self, name: str, most: int, each: int) -> tuple[str, ...]:
        """A list of at most `most` strings of at most `each` characters."""
        values = self._list(name, 0, most)
        items = Body({str(n): value for n, value in enumerate(values)}, f"{self._place}{name}.")
        return tuple(items.text(str(n), each) for n in range(len(values)))

    def part(self, name: str) -> Body:
        """A nested object."""
        value = self._take(name)
        if not isinstance(value, Mapping):
            raise self._malformed(name)
        return Body(value, f"{self._place}{name}.")

    def part_if_any(self, name: str) -> Body | None:
        """A nested object, None where the member is not there at all."""
        return self.part(name) if name in self._members else None

    def raw(self, name: str) -> dict[str, object]:
        """A nested object as it is, for a reader of its own."""
        value = self._take(name)
        if not isinstance(value, Mapping):
            raise self._malformed(name)
        return dict(value)

    def objects(self, name: str, least: int, most: int) -> tuple[Body, ...]:
        """A list of `least` to `most` nested objects."""
        found = []
        for n, value in enumerate(self._list(name, least, most)):
            if not isinstance(value, Mapping):
                raise self._malformed(f"{name}.{n}")
            found.append(Body(value, f"{self._place}{name}.{n}."))
        return tuple(found)

    def _list(self, name: str, least: int, most: int) -> list[object]:
        value = self._take(name)
        if not isinstance(value, list | tuple) or not least <= len(value) <= most:
            raise self._malformed(name)
        return list(value)

    def done(self) -> None:
        """Raises for the first member that nobody took."""
        for name in sorted(self._members):
            raise self._malformed(name)


def digest(members: Mapping[str, JSON]) -> str:
    """Hex SHA-256 of the canonical bytes of an object (RFC 8785): how signed bodies name what they fix."""
    return sha256(jcs.canonical(dict(members))).hex()


def _printable(value: str) -> bool:
    return all(char.isprintable() or char == "\n" for char in value)
