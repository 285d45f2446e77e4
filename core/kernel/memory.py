"""How the collector of cycles goes about in a process that serves."""

from __future__ import annotations

import gc


def settle() -> None:
    """Called once when everything stands: what is there by now stays, and is not looked at again. New cycles are sought seldom, for a page
    of payments makes tens of thousands of things that live as long as the page and are in no cycle: a tenth of its time went on them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
