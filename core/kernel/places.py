"""Places in a JSON document by their paths: the plain part of RFC 9535, names and indices."""

from __future__ import annotations

import re
from typing import Any

_PATH = re.compile(r"\$(\.[a-z_]+(\[\d{1,2}\])?)+")
_TOKEN = re.compile(r"\.([a-z_]+)|\[(\d{1,2})\]")


def holder_of(document: object, path: str) -> tuple[Any, str | int]:
    """The object or list that holds the text at `path`, and its name or index there; raises KeyError where no text stands there."""
    if _PATH.fullmatch(path) is None:
        raise KeyError(path)
    *way, last = [name or int(index) for name, index in _TOKEN.findall(path)]
    at: Any = document
    try:
        for token in way:
            at = at[token]
        if isinstance(at[last], str):
            return at, last
    except (IndexError, TypeError):
        pass
    raise KeyError(path)
