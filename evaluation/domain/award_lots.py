"""The life of a draw of lots in an award session: that of a draw of coefficients, under a name of its own."""

from __future__ import annotations

from core.kernel.moves import Moves
from core.kernel.roles import Role
from trading.domain import coefficient
from trading.domain.coefficient import PARTIES, PARTY_OF, DrawAction, DrawFacts, DrawState

__all__ = ["MOVES", "PARTIES", "PARTY_OF"]

MOVES: Moves[DrawAction, DrawState, Role, DrawFacts] = Moves("award_draw", coefficient.MOVES)
