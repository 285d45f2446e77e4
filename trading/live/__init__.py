"""The live rooms of trading."""

from trading.live.opening import ROOM

NAMESPACES = (ROOM,)
