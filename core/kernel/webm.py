"""A WebM stream as it grows (Matroska, RFC 9559; EBML, RFC 8794): where somebody who comes late begins to watch.

Browsers write a head (EBML header, Segment, Info, Tracks) and then one Cluster after another, each of unknown length; slices of the
stream end anywhere. A player that comes late needs the head and everything from a cluster on in which a key frame stands.
"""

from __future__ import annotations

from core.kernel.errors import RuleBroken

MAGIC = b"\x1a\x45\xdf\xa3"
MOST = 3 * 1024**2
"""Bytes kept for those who come late; a stream without a key frame for so long has none to offer."""

_SEGMENT, _CLUSTER, _TRACKS, _TRACK = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE
_SIMPLE_BLOCK, _NUMBER, _KIND = 0xA3, 0xD7, 0x83
_VIDEO, _KEY = 1, 0x80
_UNKNOWN = -1
_LARGEST_HEAD = 1024**2


class Stream:
    """The stream so far: `head`, b"" until the first cluster, and `late`, what follows it for somebody who comes now."""

    def __init__(self) -> None:
        self.head = b""
        self._kept, self._kept_from = bytearray(), 0  # bytes of the stream from that offset on
        self._at, self._skip = 0, 0  # offset of the next element; how much of the current one is still to come
        self._cluster, self._start = -1, -1
        self._video: frozenset[int] | None = None

    @property
    def late(self) -> bytes:
        """From the last cluster with a key frame up to now; b"" while there was none."""
        return b"" if self._start < 0 else bytes(self._kept[self._start - self._kept_from :])

    def feed(self, content: bytes) -> None:
        """The next bytes. Raises RuleBroken `recording.not_webm` for what is no such stream."""
        self._kept += content
        if self._kept_from == 0 and not bytes(self._kept[:4]).startswith(MAGIC[: len(self._kept)]):
            raise RuleBroken("recording.not_webm")
        while self._step():
            pass
        if not self.head and len(self._kept) > _LARGEST_HEAD:
            raise RuleBroken("recording.not_webm")
        self._forget()

    def _forget(self) -> None:
        """Lets go of what nobody needs: before the start of those who come late, and before the cluster that may be the next start."""
        if not self.head:
            return
        if len(self._kept) > MOST:
            self._start = -1
        needed = min((one for one in (self._start, self._cluster) if one >= 0), default=self._at)
        if len(self._kept) > MOST:
            needed = self._at
            self._cluster = -1
        del self._kept[: max(0, needed - self._kept_from)]
        self._kept_from = max(self._kept_from, needed)

    def _step(self) -> bool:
        """Reads one element; False where more bytes are needed."""
        end = self._kept_from + len(self._kept)
        if self._skip:
            passed = min(self._skip, end - self._at)
            self._at, self._skip = self._at + passed, self._skip - passed
            return self._skip == 0
        here = self._at - self._kept_from
        named = _vint(self._kept, here, 4, keep_marker=True)
        sized = None if named is None else _vint(self._kept, here + named[1], 8)
        if named is None or sized is None:
            return False
        kind, size, header = named[0], sized[0], named[1] + sized[1]
        return self._enter(kind, size, header) if kind in (_SEGMENT, _CLUSTER) else self._pass(kind, size, header)

    def _enter(self, kind: int, size: int, header: int) -> bool:
        """Goes inside a segment or a cluster; with the first cluster the head is whole."""
        if kind == _CLUSTER:
            if not self.head:
                self.head = bytes(self._kept[: self._at - self._kept_from])
            self._cluster = self._at
            if not self._video:
                self._start = self._at  # sound alone: any cluster will do
        self._at += header
        return size == _UNKNOWN or size >= 0

    def _pass(self, kind: int, size: int, header: int) -> bool:
        """Passes over an element, once what matters of it is there."""
        inside = self._at - self._kept_from + header
        needed = {_TRACKS: size, _SIMPLE_BLOCK: min(size, 12)}.get(kind, 0)
        if size == _UNKNOWN or needed > _LARGEST_HEAD:
            raise RuleBroken("recording.not_webm")
        if len(self._kept) < inside + needed:
            return False
        if kind == _TRACKS:
            self._video = _videos(self._kept, inside, inside + size)
        elif kind == _SIMPLE_BLOCK and self._cluster >= 0 and _is_key(self._kept, inside, size, self._video or frozenset()):
            self._start = self._cluster
        self._at, self._skip = self._at + header, size
        return True


def _vint(data: bytearray, at: int, most: int, keep_marker: bool = False) -> tuple[int, int] | None:
    """A variable-size integer (RFC 8794 §4) and its length; None where it is not all there. All ones mean that a size is unknown."""
    if at >= len(data):
        return None
    first = data[at]
    length = 9 - first.bit_length()
    if length > most:
        raise RuleBroken("recording.not_webm")
    if at + length > len(data):
        return None
    value = int.from_bytes(data[at : at + length], "big")
    if keep_marker:
        return value, length
    value &= (1 << 7 * length) - 1
    return (_UNKNOWN if value == (1 << 7 * length) - 1 else value), length


def _children(data: bytearray, at: int, end: int) -> list[tuple[int, int, int]]:
    """The elements between two places: what each is, where its content begins and ends."""
    found = []
    while at < end:
        named = _vint(data, at, 4, keep_marker=True)
        sized = None if named is None else _vint(data, at + named[1], 8)
        if named is None or sized is None or sized[0] == _UNKNOWN:
            raise RuleBroken("recording.not_webm")
        start = at + named[1] + sized[1]
        at = start + sized[0]
        found.append((named[0], start, at))
    return found


def _videos(data: bytearray, start: int, end: int) -> frozenset[int]:
    """The numbers of the tracks that are pictures."""
    found = set()
    for kind, at, until in _children(data, start, end):
        if kind == _TRACK:
            said = {name: int.from_bytes(data[begin:stop], "big") for name, begin, stop in _children(data, at, until)}
            if said.get(_KIND) == _VIDEO:
                found.add(said.get(_NUMBER, 0))
    return frozenset(found)


def _is_key(data: bytearray, at: int, size: int, videos: frozenset[int]) -> bool:
    """Whether a SimpleBlock holds a key frame of a picture: track number, two bytes of time, flags."""
    track = _vint(data, at, 8)
    if track is None or track[1] + 3 > size:
        raise RuleBroken("recording.not_webm")
    return track[0] in videos and bool(data[at + track[1] + 2] & _KEY)
