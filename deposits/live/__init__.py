"""The live room of deposits: a bidder's page follows its own deposit."""

from core.web.live import Room

NAMESPACES = (Room("deposits"),)
