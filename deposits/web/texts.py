"""The words of deposits."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, object] = {}
