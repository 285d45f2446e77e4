"""The log under Go's checksum database libraries, aics-tlog and pymerkle."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pymerkle
import pytest

from core.kernel import checkpoint, merkle, tiles
from core.kernel.encoding import b64
from tests.builders.paper import ORIGIN, Paper

pytestmark = pytest.mark.foreign
GO = Path(__file__).parent / "go" / "main.go"


@pytest.fixture(scope="module")
def paper():
    """A log of 300 batches, the last of which holds an event."""
    made = Paper()
    made.leaves = [merkle.leaf_hash(bytes([n % 251]) * 32) for n in range(299)]
    [made.event] = made.publish(made.record(made.say(made.platform, "test", "C-1", {"n": 1}), "C-1"))
    return made


# Go


@pytest.fixture(scope="module")
def go(tmp_path_factory):
    """The Go program, built with Debian's packages alone."""
    folder = tmp_path_factory.mktemp("go")
    environ = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache"), "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", str(folder / "check"), str(GO)], check=True, env=environ, timeout=300)

    def run(document):
        done = subprocess.run([str(folder / "check")], input=json.dumps(document), capture_output=True, text=True, timeout=60, check=False)
        return done.stdout.strip()

    return run


def document(paper):
    """What the Go program is asked: the batch in the log, the event in the batch, growth from 123, and one witness."""
    event, head, read = paper.event, paper.event.proof.checkpoint, merkle.reader(paper.leaves)
    root = event.placement.batch_root(event.data)
    key = paper.witness_vkeys["w1"]
    return {
        "vkey": str(paper.log_vkey),
        "note": str(event.proof.note),
        "witness_key": b64(key.public),
        "cosignature": b64(event.proof.note.by(key)),
        "inclusions": [
            {"size": head.size, "root": b64(head.root), "index": 299, "record": b64(root), "path": [b64(n) for n in event.proof.path]},
            {
                "size": merkle.PLACES,
                "root": b64(root),
                "index": event.placement.place,
                "record": b64(merkle.commit(event.placement.salt, event.data)),
                "path": [b64(n) for n in event.placement.path],
            },
        ],
        "old_size": 123,
        "old_root": b64(merkle.root(123, merkle.reader(paper.leaves[:123]))),
        "consistency": [b64(n) for n in merkle.consistency_proof(123, 300, read)],
    }


def test_go_accepts_note_cosignature_inclusion_and_consistency(go, paper):
    assert go(document(paper)) == "ok"


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("note", "note"),
        ("cosignature", "cosignature"),
        ("old_root", "consistency"),
        ("consistency", "consistency"),
        ("record", "inclusion"),
    ],
)
def test_go_refuses_what_was_changed(go, paper, member, said):
    asked = document(paper)
    if member == "note":
        asked["note"] = asked["note"].replace("\n300\n", "\n301\n")
    elif member == "record":
        asked["inclusions"][1]["record"] = b64(bytes(32))
    elif member == "consistency":
        asked["consistency"][0] = b64(bytes(32))
    elif member == "old_root":
        asked["old_root"] = b64(bytes(32))
    else:
        asked["cosignature"] = b64(bytes(72))
    assert go(asked).startswith(said)


# aics-tlog, which says it wants a newer Python than it needs


@pytest.fixture
def aics():
    if importlib.util.find_spec("aics_tlog") is None:
        pytest.skip("aics-tlog is not installed")
    import aics_tlog

    return aics_tlog


def test_aics_tlog_accepts_checkpoint_quorum_inclusion_and_consistency(aics, paper):
    note = aics.parse_note(str(paper.event.proof.note))
    witnesses = [aics.parse_vkey(str(key)) for key in paper.witness_vkeys.values()]
    held = aics.verify_checkpoint(note, aics.parse_vkey(str(paper.log_vkey)), witnesses, 2, expected_origin=ORIGIN)
    assert (held.ok, held.size, held.cosignature_count) == (True, 300, 2)
    assert not aics.verify_checkpoint(note, aics.parse_vkey(str(paper.log_vkey)), witnesses, 3).ok
    record = paper.event.placement.batch_root(paper.event.data)
    assert aics.verify_leaf_inclusion(record, 299, 300, list(paper.event.proof.path), held.root)
    assert not aics.verify_leaf_inclusion(record, 298, 300, list(paper.event.proof.path), held.root)
    read = merkle.reader(paper.leaves)
    old_root = merkle.root(77, merkle.reader(paper.leaves[:77]))
    assert aics.verify_consistency(77, 300, old_root, held.root, merkle.consistency_proof(77, 300, read))


def test_aics_tlog_computes_root_and_proofs_from_our_tiles(aics, paper):
    read = merkle.reader(paper.leaves)
    files = {f"tile/{tile.path}": tiles.tile_bytes(tile, read) for tile in tiles.tiles_of(300)}
    reader = aics.MemoryTileReader(files)
    assert aics.tree_root_from_tiles(reader, 300) == merkle.root(300, read)
    assert aics.inclusion_proof_from_tiles(reader, 42, 300) == merkle.inclusion_proof(42, 300, read)
    assert aics.consistency_proof_from_tiles(reader, 42, 300) == merkle.consistency_proof(42, 300, read)


def test_our_reader_accepts_what_aics_tlog_signs(aics, paper):
    head = paper.event.proof.checkpoint
    note = aics.sign_checkpoint(aics.Checkpoint(head.origin, head.size, head.root), paper.log.private, ORIGIN)
    assert checkpoint.read_note(note.serialise()) == checkpoint.sign_note(head.text, ORIGIN, paper.log.private)


# pymerkle


def test_pymerkle_reaches_the_same_roots():
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    records = [bytes([n]) * 32 for n in range(40)]
    for size, record in enumerate(records, 1):
        tree.append_entry(record)
        ours = merkle.root(size, merkle.reader([merkle.leaf_hash(r) for r in records[:size]]))
        assert tree.get_root() == ours


def test_a_paper_log_with_another_key_is_refused(paper):
    with pytest.raises(checkpoint.BadSignature):
        checkpoint.verify_log(paper.event.proof.note, replace(paper.log_vkey, public=bytes(32)))
