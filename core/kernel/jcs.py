"""Canonical JSON: RFC 8785 narrowed to what a signed payload may hold (no floats, safe integers, NFC text)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NoReturn, TypeAlias

import rfc8785

from core.kernel.errors import BadSignature

JSON: TypeAlias = "bool | int | str | Sequence[JSON] | Mapping[str, JSON] | None"

SAFE_INTEGER = 2**53 - 1
MAX_DEPTH = 64


def canonical(value: JSON) -> bytes:
    """The one byte form of `value`; raises BadSignature for floats, unsafe integers, lone surrogates, text not in NFC, foreign types."""
    return _write(value, _admit(value, MAX_DEPTH))


def parse(data: bytes, strict: bool = True) -> JSON:
    """The value of JSON bytes under the same rules, duplicate keys refused.

    `strict` also demands that `data` is the canonical form itself; what was signed must be. Lists come back as `list`, objects as `dict`.
    """
    try:
        value: JSON = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_refuse_float,
            parse_constant=_refuse_float,
            parse_int=_integer,
        )
    except (ValueError, RecursionError):
        raise BadSignature("jcs.malformed") from None
    plain = _admit(value, MAX_DEPTH)
    if strict and _write(value, plain) != data:
        raise BadSignature("jcs.not_canonical")
    return value


def parse_object(data: bytes, strict: bool = True) -> dict[str, JSON]:
    """As `parse`, for bytes that must hold an object."""
    value = parse(data, strict)
    if not isinstance(value, dict):
        raise BadSignature("jcs.not_an_object")
    return value


def _write(value: JSON, plain: bool) -> bytes:
    # RFC 8785 orders names by UTF-16 units. Where all are ASCII that is Python's own order, and its encoder writes the same bytes,
    # ten times as fast; the tests hold the two together.
    return _ENCODER.encode(value).encode("utf-8") if plain else rfc8785.dumps(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def _admit(value: JSON, depth: int) -> bool:
    """Whether every name of an object is ASCII; raises BadSignature for what no payload may hold."""
    if isinstance(value, str):
        _admit_text(value)
        return True
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise BadSignature("jcs.integer_too_large")
        return True
    if depth == 0:
        raise BadSignature("jcs.too_deep")
    plain = True
    if isinstance(value, list | tuple):
        for member in value:
            plain &= _admit(member, depth - 1)
    elif isinstance(value, dict):
        for name, member in value.items():
            if type(name) is not str or not name.isascii():
                plain &= _admit_name(name)
            kind = type(member)  # the most are ASCII or a small number, and need no call
            if not (member.isascii() if kind is str else kind is int and -SAFE_INTEGER <= member <= SAFE_INTEGER):
                plain &= _admit(member, depth - 1)
    else:
        raise BadSignature("jcs.foreign_type", type=type(value).__name__)
    return plain


def _admit_name(name: object) -> bool:
    if not isinstance(name, str):
        raise BadSignature("jcs.foreign_type", type=type(name).__name__)
    _admit_text(name)
    return name.isascii()


def _admit_text(text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadSignature("jcs.lone_surrogate") from None
    if not unicodedata.is_normalized("NFC", text):
        raise BadSignature("jcs.not_nfc")


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadSignature("jcs.duplicate_key")
    return members


def _refuse_float(_text: str) -> NoReturn:
    raise BadSignature("jcs.float")


def _integer(text: str) -> int:
    if len(text) > 17:  # 2**53 - 1 has 16 digits; Python would spend quadratic time on millions of them
        raise BadSignature("jcs.integer_too_large")
    return int(text)
