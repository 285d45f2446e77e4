"""What the platform asks of a relay, asked of the one inside the process and of a media server beside it: each takes the other's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from core.web.outgoing import frame
from core.web.relay import LIVE, SILENT, LocalRelay, Relay
from tests.browser.people import until
from tests.builders.media_server import RemoteRelay
from tests.builders.tapes import block, cluster, cut, head

MEDIA = '"video/webm"'
KEYED = cluster(block(key=True), block(2), block())
NEWER = cluster(block(2), block(key=True, content=b"newer" * 20))
UNKEYED = cluster(block(2), block())
LINE, OTHER = "room/1/shield", "room/2/shield"


class Watching:
    """Somebody who watches."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.is_broken = False

    def send(self, data: bytes) -> None:
        """Keeps it."""
        self.got.append(data)

    def has(self, *frames: bytes | str) -> bool:
        """Whether this is what came, no more and no less."""
        return self.got == [frame(one) for one in frames]


class Recording:
    """Somebody who records; notes whether another took the line."""

    def __init__(self) -> None:
        self.is_stopped = False

    def stop(self) -> None:
        """Lets go."""
        self.is_stopped = True


@pytest.fixture(params=[LocalRelay, RemoteRelay], ids=["in the process", "a media server"])
def relay(request: pytest.FixtureRequest) -> Iterator[Relay]:
    make: Callable[[], Relay] = request.param
    made = make()
    yield made
    if isinstance(made, RemoteRelay):
        made.close()


def begun(relay: Relay, *contents: bytes, line: str = LINE, size: int = 97) -> Recording:
    """A line on which that was sent, in slices of that size."""
    source = Recording()
    relay.begin(line, source, MEDIA)
    for piece in cut(b"".join(contents), size):
        relay.push(line, source, piece)
    return source


def watch(relay: Relay, line: str = LINE) -> Watching:
    """Somebody begins to watch."""
    made = Watching()
    relay.watch(line, made)
    return made


def come(watching: Watching, *frames: bytes | str) -> None:
    """Exactly that came."""
    until(lambda: watching.has(*frames), 60)


@pytest.mark.parametrize("size", [1, 97, 10_000])
def test_whoever_comes_late_has_the_head_and_the_newest_cluster_with_a_key_frame_at_once(relay: Relay, size: int) -> None:
    source = begun(relay, head(), KEYED, KEYED, NEWER, UNKEYED, size=size)
    late = watch(relay)
    come(late, LIVE % MEDIA, head() + NEWER + UNKEYED)  # and no further slice had to come for it
    relay.push(LINE, source, KEYED)
    come(late, LIVE % MEDIA, head() + NEWER + UNKEYED, KEYED)
    come(watch(relay), LIVE % MEDIA, head() + KEYED)


def test_whoever_comes_before_the_first_key_frame_begins_with_it(relay: Relay) -> None:
    source = begun(relay, head(), UNKEYED)
    early = watch(relay)
    come(early, LIVE % MEDIA)
    relay.push(LINE, source, KEYED)
    come(early, LIVE % MEDIA, head() + KEYED)


def test_whoever_watches_before_anybody_records_is_told_and_then_served(relay: Relay) -> None:
    early = watch(relay)
    come(early, SILENT)
    source = begun(relay, head(), KEYED, size=10_000)
    come(early, SILENT, LIVE % MEDIA, head() + KEYED)
    relay.end(LINE, source)
    come(early, SILENT, LIVE % MEDIA, head() + KEYED, SILENT)
    relay.push(LINE, source, KEYED)  # it has left the line
    come(watch(relay), SILENT)
    assert len(early.got) == 4


def test_another_source_takes_the_line_and_watchers_begin_anew(relay: Relay) -> None:
    before = begun(relay, head(), KEYED, size=10_000)
    watching = watch(relay)
    come(watching, LIVE % MEDIA, head() + KEYED)
    after = begun(relay, head(), NEWER, size=10_000)
    assert before.is_stopped and not after.is_stopped
    relay.push(LINE, before, UNKEYED)
    relay.end(LINE, before)
    come(watching, LIVE % MEDIA, head() + KEYED, LIVE % MEDIA, head() + NEWER)
    come(watch(relay), LIVE % MEDIA, head() + NEWER)
    assert len(watching.got) == 4


def test_lines_do_not_mix_and_who_left_hears_no_more(relay: Relay) -> None:
    one = begun(relay, head(), KEYED, size=10_000)
    other = begun(relay, head(), NEWER, line=OTHER, size=10_000)
    here, there = watch(relay), watch(relay, OTHER)
    come(here, LIVE % MEDIA, head() + KEYED)
    come(there, LIVE % MEDIA, head() + NEWER)
    relay.leave(LINE, here)
    relay.push(LINE, one, UNKEYED)
    relay.push(OTHER, other, UNKEYED)
    come(there, LIVE % MEDIA, head() + NEWER, UNKEYED)
    assert len(here.got) == 2


def test_one_that_broke_is_dropped_and_the_others_go_on(relay: Relay) -> None:
    source = begun(relay, head(), KEYED, size=10_000)
    broken, well = watch(relay), watch(relay)
    come(broken, LIVE % MEDIA, head() + KEYED)
    broken.is_broken = True
    for _ in range(2):
        relay.push(LINE, source, UNKEYED)
    come(well, LIVE % MEDIA, head() + KEYED, UNKEYED, UNKEYED)
    assert len(broken.got) <= 3
    relay.leave(LINE, broken)


def test_what_nobody_could_join_late_still_reaches_those_who_watch(relay: Relay) -> None:
    source = begun(relay, head(), KEYED, size=10_000)
    watching = watch(relay)
    come(watching, LIVE % MEDIA, head() + KEYED)
    odd = cluster(b"\x00\x00")  # no element begins so
    relay.push(LINE, source, odd)
    come(watching, LIVE % MEDIA, head() + KEYED, odd)
    come(watch(relay), LIVE % MEDIA)
