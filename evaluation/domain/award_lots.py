"""The life of a draw of lots in an award session."""

from __future__ import annotations

from trading.domain.lots_drawn import life

MOVES = life("award_draw")
