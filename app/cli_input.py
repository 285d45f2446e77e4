"""Reads the JSON files that commands are given, and says in one line why one can't be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from core.kernel.document import DocumentFault, element, member
from evaluation.domain.methods.wording import FAULTS, Lang

UNREADABLE = 2
"""Exit code for input that can't be read."""

LARGEST = 64 * 1024 * 1024
"""More bytes than any case has; a larger file is refused before it fills the memory."""

WORDS: dict[str, tuple[str, str]] = {
    "no_file": ("找不到或无法读取文件", "there is no such file, or it can't be read"),
    "too_large": ("文件超过 64 MiB", "the file is larger than 64 MiB"),
    "not_utf8": ("文件不是 UTF-8 编码", "the file is not UTF-8"),
    "not_json": ("不是合法的 JSON，第 {line} 行第 {column} 列", "not valid JSON, line {line} column {column}"),
    "too_deep": ("嵌套过深，或数字位数过多", "nested too deep, or a number with too many digits"),
    "duplicate_key": ("同一对象中出现重复的名称", "the object has this name twice"),
    "bad_text": ("字符串含有不成对的代理字符", "the text has a lone surrogate"),
}


class Unreadable(DocumentFault):
    """The file is no JSON document; the path is "$" where the fault is about the whole."""


class _Pairs(list[tuple[str, object]]):
    """An object as it was written, duplicate names included."""


def load(file: str) -> object:
    """The JSON value of a file: no name twice in an object, no lone surrogates; numbers with a fraction come back as Decimal.

    Raises Unreadable.
    """
    try:
        with Path(file).open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError:
        raise Unreadable("$", "no_file") from None
    if len(data) > LARGEST:
        raise Unreadable("$", "too_large")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("$", "not_utf8") from None
    return _value(text)


def _value(text: str) -> object:
    try:
        return _settled(json.loads(text, object_pairs_hook=_Pairs, parse_float=Decimal, parse_constant=Decimal), "$")
    except json.JSONDecodeError as error:
        raise Unreadable("$", "not_json", line=str(error.lineno), column=str(error.colno)) from None
    except Unreadable:
        raise
    except (RecursionError, ValueError, ArithmeticError):
        raise Unreadable("$", "too_deep") from None


def _settled(value: object, path: str) -> object:
    """`value` with its objects as dictionaries."""
    if isinstance(value, _Pairs):
        settled: dict[str, object] = {}
        for name, one in value:
            place = member(path, name)
            _whole_text(name, path)
            if name in settled:
                raise Unreadable(place, "duplicate_key")
            settled[name] = _settled(one, place)
        return settled
    if isinstance(value, list):
        return [_settled(one, element(path, index)) for index, one in enumerate(value)]
    if isinstance(value, str):
        _whole_text(value, path)
    return value


def _whole_text(text: str, path: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Unreadable(path, "bad_text")


def one_line(text: str) -> str:
    """`text` with line breaks and control characters written out, so that an error stays one line."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)


def fault_text(fault: DocumentFault, words: Mapping[str, tuple[str, str]], lang: Lang) -> str:
    """The sentence of a fault: the command's own words first, then those of reading files, then those of documents in general."""
    sentence = words.get(fault.code) or WORDS.get(fault.code) or FAULTS[fault.code]
    return sentence[lang == "en"].format_map(fault.facts)


def complaint(file: str, path: str, reason: str) -> str:
    """The one line on standard error: file, place, reason."""
    return one_line(f"{file}: {path}: {reason}")
