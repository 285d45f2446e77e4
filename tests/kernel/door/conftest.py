"""A door onto a world of counters, and a way to hold its writer."""

from __future__ import annotations

import threading

import pytest

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import insert_new
from tests.kernel.world import PROJECTIONS, Counter, Own


@pytest.fixture
def projections():
    return PROJECTIONS


@pytest.fixture
def door(engine, door):
    Own.metadata.create_all(engine)
    door.perform(
        SYSTEM_ACTOR, lambda work: insert_new(work.session.connection(), Counter, [{"name": f"c{n}", "value": 0} for n in range(8)])
    )
    return door


@pytest.fixture
def held(door):
    """Holds the writer inside a use case until it is released, so that what comes meanwhile makes one group."""

    class Held:
        def __enter__(self):
            self.inside, self.go = threading.Event(), threading.Event()

            def use_case(work):
                self.inside.set()
                self.go.wait(10)

            self.thread = threading.Thread(target=door.perform, args=(SYSTEM_ACTOR, use_case))
            self.thread.start()
            self.inside.wait(10)
            return self

        def __exit__(self, *_):
            self.go.set()
            self.thread.join()

    return Held()
