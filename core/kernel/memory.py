"""How a process that serves goes about its garbage and its threads' turns."""

from __future__ import annotations

import gc
import sys


def settle() -> None:
    """Called once when everything stands: what is there by now stays, and is not looked at again. New cycles are sought seldom, for a page
    of payments makes tens of thousands of things that live as long as the page and are in no cycle: a tenth of its time went on them.

    And a thread that comes back from the database waits half a millisecond for its turn beside one that reckons, not Python's five: it
    comes back a dozen times in a use case, and all that while others wait for the writer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    sys.setswitchinterval(0.0005)
