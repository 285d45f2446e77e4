"""Pages of deposits and their part of the JSON API."""

from __future__ import annotations

from typing import Any

BLUEPRINTS: tuple[Any, ...] = ()
