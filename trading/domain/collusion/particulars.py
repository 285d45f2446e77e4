"""The optional members of `bid.json` that only these checks read: fingerprints, contacts, key staff, control, the priced bill.

They are read with patience: what is malformed is passed over, since a bid must never fail to open because of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from core.kernel.jcs import JSON

FINGERPRINTS = ("machine_code", "pricing_lock", "source_file", "mac", "cpu", "disk")
MEMBERS = ("fingerprints", "contacts", "staff", "control", "bill")
LONGEST, MOST, MOST_LINES = 200, 200, 20_000
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who handles the bid; members are "" where they are not told. Telephone in digits, e-mail in lower case."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of the key staff: the post, and the SHA-256 of `<case>\\0<identity number>`, so that it matches in this case alone."""

    post: str
    id_sha256: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the priced bill; quantity, unit price and total in yuan, as written."""

    item: str
    quantity: Decimal
    unit_price: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a bid says of its making. `holders` are social credit codes of the legal persons that hold or manage the bidder."""

    fingerprints: tuple[tuple[str, str], ...] = ()
    contacts: tuple[Contact, ...] = ()
    staff: tuple[Staff, ...] = ()
    uscc: str = ""
    legal_head_sha256: str = ""
    holders: tuple[str, ...] = ()
    bill: tuple[Line, ...] = ()

    @classmethod
    def read(cls, bid: Mapping[str, Any]) -> Particulars:
        """The particulars of a `bid.json`, without what is malformed; never raises."""
        control = _mapping(bid.get("control"))
        return cls(
            fingerprints=tuple(_fingerprints(_mapping(bid.get("fingerprints")))),
            contacts=tuple(_contact(one) for one in _rows(bid.get("contacts"), MOST)),
            staff=tuple(_staff(_rows(bid.get("staff"), MOST))),
            uscc=_text(control, "uscc").upper(),
            legal_head_sha256=_digest(control, "legal_head_sha256"),
            holders=tuple(_codes(_list(control.get("holders"), MOST))),
            bill=tuple(line for one in _rows(bid.get("bill"), MOST_LINES) if (line := _line(one)) is not None),
        )

    def to_json(self) -> dict[str, JSON]:
        """As JSON, which `read` reads again."""
        prints: dict[str, list[JSON]] = {}
        for name, value in self.fingerprints:
            prints.setdefault(name, []).append(value)
        return {
            "fingerprints": {name: list(values) for name, values in prints.items()},
            "contacts": [{"name": one.name, "phone": one.phone, "email": one.email} for one in self.contacts],
            "staff": [{"post": one.post, "id_sha256": one.id_sha256} for one in self.staff],
            "control": {"uscc": self.uscc, "legal_head_sha256": self.legal_head_sha256, "holders": list(self.holders)},
            "bill": [
                {"item": one.item, "quantity": str(one.quantity), "unit_price": str(one.unit_price), "total": str(one.total)}
                for one in self.bill
            ],
        }


def _fingerprints(said: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name in FINGERPRINTS:
        values = said.get(name)
        found = {
            mark
            for one in (_list(values, MOST) if isinstance(values, list | tuple) else [values])
            if isinstance(one, str) and (mark := re.sub(r"[\s:.\-]", "", _plain(one)).upper()) and not _is_blank(mark)
        }
        yield from ((name, one) for one in sorted(found))


def _is_blank(mark: str) -> bool:
    """What machines answer when they have no number: the same sign throughout, or words such as these."""
    return len(mark) < 4 or len(set(mark)) == 1 or mark in {"UNKNOWN", "NONE", "NULL", "DEFAULTSTRING", "TOBEFILLEDBYOEM", "0123456789"}


def _contact(said: Mapping[str, Any]) -> Contact:
    phone = re.sub(r"\D", "", _text(said, "phone"))
    return Contact(_text(said, "name"), re.sub(r"^(0086|86)(?=1\d{10}$)", "", phone), _text(said, "email").lower())


def _staff(rows: Iterable[Mapping[str, Any]]) -> Iterable[Staff]:
    return (Staff(_text(one, "post"), told) for one in rows if (told := _digest(one, "id_sha256")))


def _codes(said: Iterable[object]) -> Iterable[str]:
    return sorted({_plain(one).upper() for one in said if isinstance(one, str) and one.strip()})


def _line(said: Mapping[str, Any]) -> Line | None:
    amounts = [_amount(said.get(name)) for name in ("quantity", "unit_price", "total")]
    item = _text(said, "item")
    if not item or None in amounts:
        return None
    quantity, unit_price, total = amounts
    assert quantity is not None and unit_price is not None and total is not None
    return Line(item, quantity, unit_price, total)


def _amount(said: object) -> Decimal | None:
    if not isinstance(said, str) or len(said) > 30:
        return None
    try:
        found = Decimal(said)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 20 else None


def _plain(said: str) -> str:
    return unicodedata.normalize("NFKC", said).strip()[:LONGEST]


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return _plain(value) if isinstance(value, str) else ""


def _digest(said: Mapping[str, Any], name: str) -> str:
    found = _text(said, name)
    return found if _DIGEST.fullmatch(found) else ""


def _mapping(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {}


def _list(said: object, most: int) -> list[Any]:
    return list(said)[:most] if isinstance(said, list | tuple) else []


def _rows(said: object, most: int) -> list[Mapping[str, Any]]:
    return [one for one in _list(said, most) if isinstance(one, Mapping)]
