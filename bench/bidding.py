"""The world of benches about bids: a lot of one envelope that takes bids, on a platform that is not running yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.builders import people
from tests.builders.bids import Hall, hall
from tests.builders.served import Served
from tests.builders.trading import tender

ENVELOPES = ({"env": "bid", "title": "投标文件"},)


@contextmanager
def bidding(server: Served) -> Iterator[Hall]:
    """The lot; who joins it within the block is certified by the server's own authority."""
    with server.prepared() as app:
        platform = app.extensions["gongheng"]
        authority = platform.parts["authority"]
        people.authority = lambda: authority  # type: ignore[assignment]
        assert platform.settings.clock_file is not None
        world = hall(tender(platform.door, platform.settings.clock_file), server.folder / "hall", envelopes=list(ENVELOPES))
        platform.parts["log"].grow(platform.door)
        yield world
