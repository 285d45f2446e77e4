"""The hash tree, held against the recursive definitions of RFC 6962 and against every kind of false proof."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.kernel import merkle
from core.kernel.errors import BadSignature

SIZES = range(71)
LEAVES = [merkle.leaf_hash(bytes([n])) for n in SIZES]


def split(size):
    k = 1
    while 2 * k < size:
        k *= 2
    return k


def tree_hash(leaves):
    """MTH of RFC 6962 §2.1."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return merkle.node_hash(tree_hash(leaves[:k]), tree_hash(leaves[k:]))


def path(m, leaves):
    """PATH of RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    return [*path(m, leaves[:k]), tree_hash(leaves[k:])] if m < k else [*path(m - k, leaves[k:]), tree_hash(leaves[:k])]


def subproof(m, leaves, whole):
    """SUBPROOF of RFC 6962 §2.1.2."""
    if m == len(leaves):
        return [] if whole else [tree_hash(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), tree_hash(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), tree_hash(leaves[:k])]


@pytest.mark.parametrize("size", SIZES)
def test_every_root_and_proof_is_that_of_the_rfc_and_verifies(size):
    leaves, read = LEAVES[:size], merkle.reader(LEAVES[:size])
    root = merkle.root(size, read)
    assert root == tree_hash(leaves)
    for index in range(size):
        proof = merkle.inclusion_proof(index, size, read)
        assert proof == path(index, leaves)
        merkle.verify_inclusion(LEAVES[index], index, size, proof, root)
    for old in range(1, size + 1):
        proof = merkle.consistency_proof(old, size, read)
        assert proof == subproof(old, leaves, True)
        merkle.verify_consistency(old, tree_hash(leaves[:old]), size, root, proof)


def test_a_store_that_grows_leaf_by_leaf_holds_what_proofs_need():
    store = {}
    for size, leaf in enumerate(LEAVES):
        for coordinate, node in merkle.grown_nodes(size, leaf, lambda wanted: {at: store[at] for at in wanted}):
            assert coordinate not in store
            store[coordinate] = node
        assert merkle.root(size + 1, lambda wanted: {at: store[at] for at in wanted}) == tree_hash(LEAVES[: size + 1])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_changed_inclusion_proof_is_refused(data):
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    read = merkle.reader(LEAVES[:size])
    root, proof = merkle.root(size, read), merkle.inclusion_proof(index, size, read)
    changed = _changed(data, proof)
    with pytest.raises(BadSignature):
        merkle.verify_inclusion(LEAVES[index], index, size, changed, root)
    other = data.draw(st.integers(-1, 71).filter(lambda number: number != index))
    with pytest.raises(BadSignature):
        merkle.verify_inclusion(LEAVES[index], other, size, proof, root)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_changed_consistency_proof_is_refused(data):
    new = data.draw(st.integers(1, 70))
    old = data.draw(st.integers(1, new))
    read = merkle.reader(LEAVES[:new])
    old_root, root, proof = tree_hash(LEAVES[:old]), merkle.root(new, read), merkle.consistency_proof(old, new, read)
    with pytest.raises(BadSignature):
        merkle.verify_consistency(old, old_root, new, root, _changed(data, proof))
    with pytest.raises(BadSignature):
        merkle.verify_consistency(old, bytes(32), new, root, proof)
    with pytest.raises(BadSignature):
        merkle.verify_consistency(old, old_root, new, bytes(32), proof)


def _changed(data, proof):
    kind = data.draw(st.sampled_from(["longer", "shorter", "bit"] if proof else ["longer"]))
    if kind == "longer":
        return [*proof, bytes(32)]
    if kind == "shorter":
        return proof[:-1]
    place, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    flipped = (int.from_bytes(proof[place], "big") ^ (1 << bit)).to_bytes(32, "big")
    return [*proof[:place], flipped, *proof[place + 1 :]]


def test_a_log_neither_shrinks_nor_starts_from_anything_but_nothing():
    with pytest.raises(BadSignature, match=r"merkle\.shrunk"):
        merkle.verify_consistency(2, bytes(32), 1, bytes(32), [])
    merkle.verify_consistency(0, merkle.EMPTY_ROOT, 5, bytes(32), [])
    with pytest.raises(BadSignature):
        merkle.verify_consistency(0, bytes(32), 5, bytes(32), [])
    with pytest.raises(BadSignature):
        merkle.verify_consistency(3, bytes(32), 5, bytes(32), [])
    with pytest.raises(BadSignature):
        merkle.verify_consistency(4, bytes(32), 5, bytes(32), [])


def test_a_proof_of_what_is_not_there_cannot_be_asked_for():
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion_proof(3, 3, merkle.reader(LEAVES[:3]))
    with pytest.raises(ValueError, match="does not extend"):
        merkle.consistency_proof(4, 3, merkle.reader(LEAVES[:3]))
    assert merkle.consistency_proof(0, 3, merkle.reader(LEAVES[:3])) == []


# The batch tree


def test_a_batch_hides_its_events_among_dummies_and_proves_each():
    commits = [bytes([n]) * 32 for n in range(10)]
    batch = merkle.build_batch(commits, b"s" * 32, random.Random(7))
    assert len(set(batch.places)) == 10
    for record, place in zip(commits, batch.places, strict=True):
        proof = batch.path(place)
        assert len(proof) == merkle.PATH_LENGTH
        assert merkle.verify_place(record, place, proof) == batch.root
        assert merkle.verify_place(record, place ^ 1, proof) != batch.root
    assert merkle.rebuild_batch(commits, batch.places, b"s" * 32).root == batch.root


def test_a_minute_without_events_makes_a_batch_too_and_a_full_one_has_no_dummies():
    empty = merkle.build_batch([], b"s" * 32)
    assert merkle.verify_place(merkle.dummy(b"s" * 32, 4095), 4095, empty.path(4095)) == empty.root
    full = merkle.build_batch([n.to_bytes(32, "big") for n in range(merkle.PLACES)], b"s" * 32)
    assert sorted(full.places) == list(range(merkle.PLACES))


def test_the_places_are_random_unless_a_generator_is_given():
    assert merkle.build_batch([bytes(32)] * 5, bytes(32)).places != merkle.build_batch([bytes(32)] * 5, bytes(32)).places


@pytest.mark.parametrize(
    ("commits", "places", "salt"),
    [([bytes(32)] * 2, [1, 1], bytes(32)), ([bytes(31)], [1], bytes(32)), ([bytes(32)], [1], bytes(31)), ([bytes(32)], [1, 2], bytes(32))],
)
def test_a_batch_of_misshapen_parts_is_not_built(commits, places, salt):
    with pytest.raises(ValueError):
        merkle.rebuild_batch(commits, places, salt)


def test_more_commitments_than_places_make_no_batch():
    with pytest.raises(ValueError):
        merkle.build_batch([bytes(32)] * (merkle.PLACES + 1), bytes(32))
