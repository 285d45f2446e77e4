"""The RFC 6962 hash tree: roots, proofs, their verification, and the batch tree of exactly 4,096 places."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TypeAlias

from core.kernel.encoding import sha256, u32
from core.kernel.errors import BadSignature

EMPTY_ROOT = sha256(b"")
PLACES = 4096
PATH_LENGTH = 12  # log2(PLACES)

Coordinate: TypeAlias = tuple[int, int]
"""(level, index): the complete subtree over records [index << level, (index + 1) << level)."""

ReadNodes: TypeAlias = Callable[[Sequence[Coordinate]], Mapping[Coordinate, bytes]]
"""Looks up all named complete subtrees at once: one query of a store that keeps (level, index, hash)."""

_DUMMY = b"ztb/v1/dummy\0"

_Range: TypeAlias = tuple[int, int]


def leaf_hash(record: bytes) -> bytes:
    """H(0x00 ‖ record), RFC 6962 §2.1."""
    return sha256(b"\x00" + record)


def node_hash(left: bytes, right: bytes) -> bytes:
    """H(0x01 ‖ left ‖ right), RFC 6962 §2.1."""
    return sha256(b"\x01" + left + right)


def commit(salt: bytes, data: bytes) -> bytes:
    """The salted commitment to an event: what a batch shows of it. `salt` has 32 bytes."""
    return sha256(b"ztb/v1/leaf\0" + salt + data)


# Trees held in a store of complete subtrees


def grown_nodes(size: int, leaf: bytes, read: ReadNodes) -> list[tuple[Coordinate, bytes]]:
    """The new complete subtrees when a record with hash `leaf` is appended to a tree of `size` records, the leaf's own first."""
    parents: list[Coordinate] = []
    while size >> len(parents) & 1:
        parents.append((len(parents), (size >> len(parents)) - 1))
    stored = read(parents)
    grown = [((0, size), leaf)]
    for level, left in enumerate(parents):
        grown.append(((level + 1, size >> (level + 1)), node_hash(stored[left], grown[-1][1])))
    return grown


def root(size: int, read: ReadNodes) -> bytes:
    """The root over the first `size` records."""
    return _hash_ranges([(0, size)], read)[0] if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: ReadNodes) -> list[bytes]:
    """The audit path of record `index` in the tree of `size` records (RFC 6962 §2.1.1), leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"record {index} is not in a tree of {size}")
    ranges: list[_Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return _hash_ranges(ranges[::-1], read)


def consistency_proof(old: int, new: int, read: ReadNodes) -> list[bytes]:
    """The proof that the tree of `new` records extends the one of `old` (RFC 6962 §2.1.2); empty for old = 0 or old = new."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not extend one of {old}")
    if old in (0, new):
        return []
    ranges: list[_Range] = []
    start, end = 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # the old tree itself is a subtree of the new one only where the walk never went right
        ranges.append((start, end))
    return _hash_ranges(ranges[::-1], read)


def reader(leaves: Sequence[bytes]) -> ReadNodes:
    """A store over leaf hashes in memory."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        pairs = iter(levels[-1])
        levels.append([node_hash(left, right) for left, right in zip(pairs, pairs, strict=False)])
    return lambda wanted: {(level, index): levels[level][index] for level, index in wanted}


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _complete(start: int, end: int) -> list[Coordinate]:
    """The complete subtrees that make up records [start, end), largest first, as RFC 6962 splits them."""
    parts: list[Coordinate] = []
    while start < end:
        level = (end - start).bit_length() - 1
        parts.append((level, start >> level))
        start += 1 << level
    return parts


def _hash_ranges(ranges: Sequence[_Range], read: ReadNodes) -> list[bytes]:
    parts = [_complete(start, end) for start, end in ranges]
    stored = read([coordinate for part in parts for coordinate in part])
    return [reduce(lambda right, left: node_hash(left, right), [stored[c] for c in reversed(part)]) for part in parts]


# Verification


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that `proof` leads to from `leaf` (RFC 9162 §2.1.3.2); raises BadSignature when its length is wrong."""
    if not 0 <= index < size:
        raise BadSignature("merkle.index_outside")
    position, last, here = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise BadSignature("merkle.proof_too_long")
        if position & 1 or position == last:
            here = node_hash(sibling, here)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            here = node_hash(here, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise BadSignature("merkle.proof_too_short")
    return here


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises BadSignature unless `leaf` is the hash of record `index` in the tree of `size` records under `root`."""
    if root_of_inclusion(leaf, index, size, proof) != root:
        raise BadSignature("merkle.not_included")


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises BadSignature unless the tree of `new` records extends the one of `old` (RFC 9162 §2.1.4.2)."""
    if not 0 <= old <= new:
        raise BadSignature("merkle.shrunk")
    if old in (0, new):
        if proof or (old == 0 and old_root != EMPTY_ROOT) or (old == new and old_root != new_root):
            raise BadSignature("merkle.not_consistent")
        return
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise BadSignature("merkle.proof_too_short")
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise BadSignature("merkle.proof_too_long")
        if position & 1 or position == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        position, last = position >> 1, last >> 1
    if last or before != old_root or after != new_root:
        raise BadSignature("merkle.not_consistent")


# The batch tree


@dataclass(frozen=True, slots=True)
class Batch:
    """One minute's tree: `places[i]` is where the i-th commitment stands among the 4,096 records, the rest are dummies."""

    root: bytes
    places: tuple[int, ...]
    _read: ReadNodes = field(repr=False, compare=False)

    def path(self, place: int) -> list[bytes]:
        """The 12 hashes from the record at `place` to the root."""
        return inclusion_proof(place, PLACES, self._read)


def build_batch(commits: Sequence[bytes], salt: bytes, rng: random.Random | None = None) -> Batch:
    """The tree of at most 4,096 commitments of 32 bytes at random free places; `salt` (32 secret bytes) hides which are dummies."""
    return rebuild_batch(commits, (rng or random.SystemRandom()).sample(range(PLACES), len(commits)), salt)


def rebuild_batch(commits: Sequence[bytes], places: Sequence[int], salt: bytes) -> Batch:
    """The same tree again from what was stored."""
    taken = dict(zip(places, commits, strict=True))
    if len(taken) != len(commits) or any(len(record) != 32 for record in commits) or len(salt) != 32:
        raise ValueError("a batch takes 32-byte commitments, one to a place, and a 32-byte salt")
    head = _DUMMY + salt  # `dummy` in line: nearly all of the 4,096 are
    read = reader([leaf_hash(taken.get(place) or sha256(head + place.to_bytes(4, "big"))) for place in range(PLACES)])
    return Batch(root(PLACES, read), tuple(places), read)


def dummy(salt: bytes, place: int) -> bytes:
    """The record at a place without an event; only who knows the batch's salt can tell it from a commitment."""
    return sha256(_DUMMY + salt + u32(place))


def verify_place(record: bytes, place: int, path: Sequence[bytes]) -> bytes:
    """The batch root that `path` leads to from the commitment at `place`: the log's record, still to be proved in the log."""
    return root_of_inclusion(leaf_hash(record), place, PLACES, path)
