"""Events: what has happened in a case, in the past tense; the base of every package's `events.py` and the register of their kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar
from uuid import UUID

from core.kernel import clock
from core.kernel.dsse import Envelope
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.money import Money

PLATFORM = CaseId("PLATFORM")  # the platform's own chain: certificates, clock jumps

KINDS: dict[str, type[Event]] = {}
"""Every kind of event by its name, filled as packages are imported."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened in `case`.

    A person's act carries its `signed` statement, whose type is `KIND`; for everything else `signed` stays None and the platform signs
    `body()` when the group commits. `subject` is what `chain.find` finds the event by, such as a digest.
    """

    KIND: ClassVar[str] = ""
    ALONE: ClassVar[bool] = False
    """The platform's statement is handed to one party while others are secret: it names no statement before it and none after it names
    it, or its reader could tell from two of them whether something happened in between. Its place in the chain stays in the event."""

    case: CaseId
    lot: str = ""
    round: int = 0
    signed: Envelope | None = None
    subject: str = ""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        known = KINDS.setdefault(cls.KIND, cls)
        # A dataclass with slots is made twice: the second is the same class under the same name.
        if not cls.KIND or (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"{cls.__qualname__}: KIND {cls.KIND!r} is empty or taken by {known.__qualname__}")
        KINDS[cls.KIND] = cls

    def body(self) -> dict[str, JSON]:
        """The statement's body: the event's own fields as JSON (money in fen, decimals and ids as strings, bytes in hex)."""
        return {name: as_json(getattr(self, name)) for name in self._own_fields()}

    @classmethod
    def _own_fields(cls) -> tuple[str, ...]:
        if cls.KIND not in _OWN_FIELDS:
            common = {field.name for field in fields(Event)}
            _OWN_FIELDS[cls.KIND] = tuple(field.name for field in fields(cls) if field.name not in common)
        return _OWN_FIELDS[cls.KIND]


_OWN_FIELDS: dict[str, tuple[str, ...]] = {}


def as_json(value: object) -> JSON:  # noqa: PLR0911  (one line per type is the shortest way to say it)
    """The one JSON form of a value of the domain; raises TypeError for floats and strangers."""
    if (known := _FORMS.get(type(value))) is not None:
        return known(value)
    if hasattr(value, "__dataclass_fields__"):
        members = [(name, getattr(value, name)) for name in _names_of(type(value))]  # type: ignore[arg-type]  # mypy takes a class for unhashable
        return {name: member if type(member) in _PLAIN else _FORMS.get(type(member), as_json)(member) for name, member in members}
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Money():
            return value.fen
        case Decimal() | UUID():
            return str(value)
        case datetime():
            return clock.text(value)
        case bytes():
            return value.hex()
        case Enum():
            return as_json(value.value)
        case Mapping():
            return {str(key): as_json(member) for key, member in value.items()}
        case Sequence():
            return [as_json(member) for member in value]
    raise TypeError(f"no JSON form for {type(value).__name__}")


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


_PLAIN = frozenset({str, int, bool, type(None)})
_FORMS: dict[type, Callable[[Any], JSON]] = {
    Money: attrgetter("fen"),
    UUID: str,
    datetime: clock.text,
}
"""The forms of what events hold most."""
