"""The live room of the opening hall: the public, the parties and each bidder hear their own stream."""

from __future__ import annotations

from core.web.live import Room

ROOM = Room("opening")
