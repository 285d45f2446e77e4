"""Checkpoints, notes, cosignatures, proof files, tiles, witness requests and trust policies, as C2SP spells them."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel import checkpoint, merkle, tiles, trust, witnessing
from core.kernel.checkpoint import LOG, WITNESS, Checkpoint, Note, NoteSignature, TlogProof
from core.kernel.encoding import b64
from core.kernel.errors import BadSignature, NotFound
from core.kernel.signing import Ed25519Signer
from core.kernel.trust import Group, TrustPolicy
from tests.builders.paper import ORIGIN, Paper

ROOT = b64(bytes(32))


@pytest.fixture
def paper():
    made = Paper()
    made.publish(made.record(made.say(made.platform, "test", "C-1", {}), "C-1"))
    return made


# Keys and notes


def test_a_vkey_reads_back_and_its_id_is_that_of_its_key(paper):
    for key in (paper.log_vkey, *paper.witness_vkeys.values()):
        assert checkpoint.read_vkey(str(key)) == key
    name, key_id, blob = str(paper.log_vkey).split("+", 2)
    wrong = b64(b"\x02" + paper.log_vkey.public)
    false = (f"{name}+00000000+{blob}", f"+{key_id}+{blob}", f"a b+{key_id}+{blob}", f"{name}+{key_id}", "", f"{name}+{key_id}+{wrong}")
    for text in false:
        with pytest.raises(BadSignature):
            checkpoint.read_vkey(text)


def test_a_note_reads_back_to_the_byte(paper):
    note = paper.note(("w1", "w2", "w3"))
    assert checkpoint.read_note(str(note)) == note
    assert checkpoint.read_checkpoint(note.text).origin == ORIGIN


def test_a_text_with_empty_lines_is_still_a_note(paper):
    note = checkpoint.sign_note("a\n\nb\n", "n", paper.log.private)
    assert checkpoint.read_note(str(note)) == note


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— n QUFBQUE=",
        "text\n\n- n QUFBQUE=\n",
        "text\n\n— n QUFBQQ==\n",
        "text\n\n— a+b QUFBQUE=\n",
        "text\n\n—  QUFBQUE=\n",
        "te\txt\n\n— n QUFBQUE=\n",
        "te\rxt\n\n— n QUFBQUE=\n",
        "text\n\n" + "— n QUFBQUE=\n" * 65,
        "t" * checkpoint.MAX_NOTE + "\n\n— n QUFBQUE=\n",
    ],
)
def test_a_note_out_of_shape_is_refused(text):
    with pytest.raises(BadSignature):
        checkpoint.read_note(text)


@pytest.mark.parametrize(
    "text",
    [
        f"\n1\n{ROOT}\n",
        f"o\n01\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n1\n{ROOT[:-4]}\n",
        f"o\n1\n{ROOT}\nextension\n",
        f"o\n1\n{ROOT}",
        "o\n1\n",
    ],
)
def test_a_checkpoint_out_of_shape_is_refused(text):
    with pytest.raises(BadSignature):
        checkpoint.read_checkpoint(text)


# Trust


def test_a_checkpoint_under_log_and_quorum_is_accepted(paper):
    held = trust.accept_checkpoint(paper.note(("w1", "w3")), paper.policy)
    assert (held.checkpoint.size, set(held.cosigned)) == (1, {"w1", "w3"})
    assert held.cosigned["w1"] == int(paper.now.timestamp())


def test_any_changed_byte_of_a_checkpoint_is_refused_where_every_witness_is_needed(paper):
    policy = replace(paper.policy, groups={"all": Group(3, ("w1", "w2", "w3"))}, quorum="all")
    written = str(paper.note(("w1", "w2", "w3"))).encode()
    trust.accept_checkpoint(checkpoint.read_note(written.decode()), policy)
    for place in range(len(written)):
        changed = written[:place] + bytes([written[place] ^ 1 << secrets.randbelow(8)]) + written[place + 1 :]
        with pytest.raises((BadSignature, UnicodeDecodeError)):
            trust.accept_checkpoint(checkpoint.read_note(changed.decode()), policy)


def test_a_false_line_under_a_known_key_spoils_the_note(paper):
    note = paper.note(("w1", "w2", "w3"))
    key = paper.witness_vkeys["w2"]
    spoiled = replace(note, signatures=(*note.signatures[:2], NoteSignature(key.name, key.key_id, bytes(72)), note.signatures[3]))
    with pytest.raises(BadSignature, match=r"note\.false_signature"):
        trust.accept_checkpoint(spoiled, paper.policy)
    for blob in (bytes(71), b"\xff" * 8 + note.signatures[2].blob[8:]):
        with pytest.raises(BadSignature, match=r"note\.false_signature"):
            checkpoint.cosigned_at(Note(note.text, (NoteSignature(key.name, key.key_id, blob),)), key)
    with pytest.raises(BadSignature, match=r"note\.signed_twice"):
        trust.accept_checkpoint(note.plus(note.signatures[1]), paper.policy)


def test_lines_under_unknown_keys_are_ignored(paper):
    stranger = checkpoint.cosign(paper.note().text, "w1.example.cn", Ed25519Signer.generate().private, 1)
    trust.accept_checkpoint(paper.note().plus(stranger, stranger), paper.policy)


def test_too_few_witnesses_are_no_quorum(paper):
    with pytest.raises(BadSignature, match=r"trust\.no_quorum"):
        trust.accept_checkpoint(paper.note(("w2",)), paper.policy)


def test_a_log_that_is_not_trusted_is_refused(paper):
    with pytest.raises(BadSignature, match=r"trust\.log_unknown"):
        trust.accept_checkpoint(paper.note(), replace(paper.policy, logs=()))
    with pytest.raises(BadSignature, match=r"trust\.log_unknown"):
        trust.accept_checkpoint(paper.note(), replace(paper.policy, logs=(Paper().log_vkey,)))
    note = paper.note()
    with pytest.raises(BadSignature, match=r"note\.not_signed_by"):
        checkpoint.verify_log(note, paper.witness_vkeys["w1"])
    assert checkpoint.cosigned_at(note, paper.log_vkey) is None


def test_an_old_and_a_new_key_may_stand_under_one_origin(paper):
    old = Paper().log_vkey
    trust.accept_checkpoint(paper.note(), replace(paper.policy, logs=(old, paper.log_vkey)))


POLICY = """\
# a comment
log {log} https://log.example.cn/
  witness\tX1 {w1}
witness X2 {w2} https://w2.example.cn
witness Y {w3}

group X any X1 X2
group XY all X Y
quorum XY
ca-root {digest}
tsa-root {digest}
rp localhost http://localhost:8000
clock demonstration
"""


def written(paper, text=POLICY):
    keys = {name: str(key) for name, key in paper.witness_vkeys.items()}
    return text.format(log=paper.log_vkey, digest="ab" * 32, **keys)


def test_a_policy_file_is_read_with_nested_groups_and_our_own_lines(paper):
    policy = trust.read_policy(written(paper))
    for cosigners, enough in (({"X1", "Y"}, True), ({"X2", "Y"}, True), ({"X1", "X2"}, False), ({"Y"}, False), (set(), False)):
        assert policy.is_quorum(cosigners) is enough
    assert (policy.rp.origin, policy.clock_demonstration, policy.ca_roots) == ("http://localhost:8000", True, frozenset({"ab" * 32}))
    assert trust.read_policy(trust.write_policy(policy)) == policy
    assert trust.read_policy(trust.write_policy(paper.policy)) == paper.policy


def test_a_policy_may_ask_for_no_witness_or_for_one(paper):
    assert trust.read_policy("quorum none\n").is_quorum(set())
    one = trust.read_policy(written(paper, "witness w {w1}\nquorum w\n"))
    assert one.is_quorum({"w"})
    assert not one.is_quorum(set())
    assert one.rp is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("quorum nobody\n", 1),
        ("witness w {w1}\nwitness w {w2}\nquorum w\n", 2),
        ("witness w {w1}\nwitness v {w1}\nquorum w\n", 2),
        ("witness none {w1}\nquorum none\n", 1),
        ("witness w {log}\nquorum w\n", 1),
        ("log {w1}\nquorum none\n", 1),
        ("log {log}\nlog {log}\nquorum none\n", 2),
        ("witness w {w1}\ngroup g 2 w\nquorum g\n", 2),
        ("witness w {w1}\ngroup g 0 w\nquorum g\n", 2),
        ("witness w {w1}\ngroup g x w\nquorum g\n", 2),
        ("witness w {w1}\ngroup g any\nquorum w\n", 2),
        ("witness w {w1}\ngroup g any w\ngroup h any w\nquorum h\n", 3),
        ("witness w {w1}\ngroup g any w w\nquorum g\n", 2),
        ("ca-root AB\nquorum none\n", 1),
        ("clock real\nquorum none\n", 1),
        ("trust everybody\nquorum none\n", 1),
        ("quorum none\x00\n", 1),
        ("log junk\nquorum none\n", 1),
    ],
)
def test_a_faulty_policy_is_refused_with_its_line(paper, text, line):
    with pytest.raises(BadSignature) as refused:
        trust.read_policy(written(paper, text))
    assert refused.value.facts["line"] == line


@pytest.mark.parametrize("text", ["", "quorum none\nquorum none\n"])
def test_a_policy_has_exactly_one_quorum(text):
    with pytest.raises(BadSignature, match=r"policy\.quorum"):
        trust.read_policy(text)


# Proof files


def test_a_proof_file_reads_back_and_proves_its_record(paper):
    for _ in range(6):
        [event] = paper.publish(paper.record(paper.say(paper.platform, "test", "C-1", {}), "C-1"))
    text = str(event.proof)
    proof = checkpoint.read_proof(text)
    assert proof == event.proof
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 6\n")
    record = event.placement.batch_root(event.data)
    assert trust.accept_record(proof, record, paper.policy).checkpoint.size == 7
    with pytest.raises(BadSignature, match=r"merkle\.not_included"):
        trust.accept_record(proof, bytes(32), paper.policy)
    with_extra = replace(proof, extra=b"\0anything")
    assert checkpoint.read_proof(str(with_extra)) == with_extra


def test_the_proof_of_the_first_record_has_no_path(paper):
    proof = TlogProof(0, (), paper.note())
    assert checkpoint.read_proof(str(proof)) == proof
    assert proof.checkpoint.size == 1


def test_a_proof_file_out_of_shape_is_refused(paper):
    good = str(TlogProof(0, (bytes(32),), paper.note()))
    bad = [
        good.replace("@v1", "@v2"),
        good.replace("index 0", "index 00"),
        good.replace("index 0\n", ""),
        good.replace("index", "extra AA==\nindex", 1).replace("AA==", "AB=="),
        good.replace(b64(bytes(32)), b64(bytes(31)), 1),
        good.replace("\n\n", "\n", 1),
        good.replace(f"{b64(bytes(32))}\n", f"{b64(bytes(32))}\n" * 64, 1),
        "c2sp.org/tlog-proof@v1",
    ]
    for text in bad:
        with pytest.raises(BadSignature):
            checkpoint.read_proof(text)


# Tiles


@given(st.none() | st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_a_tile_path_reads_back(level, index, width):
    tile = tiles.Tile(level, index, width)
    assert tiles.read_path(tile.path) == tile


def test_tile_paths_are_those_of_the_specification():
    assert tiles.Tile(0, 1234067).path == "0/x001/x234/067"
    assert tiles.Tile(1, 0, 17).path == "1/000.p/17"
    assert tiles.Tile(None, 273, 112).path == "entries/273.p/112"


@pytest.mark.parametrize(
    "path", ["", "0", "64/000", "00/000", "0/0", "0/1000", "0/x000/000", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000/", "../x"]
)
def test_no_other_path_names_a_tile(path):
    with pytest.raises(NotFound):
        tiles.read_path(path)


def test_the_tiles_of_a_size_are_those_of_the_specification():
    found = list(tiles.tiles_of(70_000))
    assert sum(tile.level == 0 and tile.width == 256 for tile in found) == 273
    assert [(tile.level, tile.index, tile.width) for tile in found[273:]] == [(0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)]
    assert [tile.path for tile in tiles.tiles_of(256)] == ["0/000", "1/000.p/1"]
    assert list(tiles.tiles_of(0)) == []
    assert all(tile.available(70_000) for tile in found)
    assert not tiles.Tile(0, 273, 113).available(70_000)
    assert not tiles.Tile(2, 0, 2).available(70_000)


def test_a_tile_holds_the_hashes_that_lead_to_the_root():
    leaves = [merkle.leaf_hash(bytes([n % 256])) for n in range(600)]
    read = merkle.reader(leaves)
    assert tiles.tile_bytes(tiles.Tile(0, 2, 88), read) == b"".join(leaves[512:])
    upper = tiles.tile_bytes(tiles.Tile(1, 0, 2), read)
    assert upper[:32] == merkle.root(256, merkle.reader(leaves[:256]))
    assert tiles.bundle_bytes([b"ab", b""]) == b"\0\2ab\0\0"


# Witness requests


def test_a_witness_request_reads_back(paper):
    body = witnessing.write_request(3, [bytes(32), b"\1" * 32], paper.note())
    assert witnessing.read_request(body) == witnessing.AddCheckpoint(3, (bytes(32), b"\1" * 32), paper.note())
    assert body.startswith(f"old 3\n{ROOT}\n".encode())


def test_a_witness_request_out_of_shape_is_refused(paper):
    note = str(paper.note())
    heads = ("", "old 0\n", "new 0\n\n", "old 01\n\n", "old 0\nx\n\n", "old 0\n" + f"{ROOT}\n" * 64 + "\n")
    for text in ("", *(head + note for head in heads)):
        with pytest.raises(BadSignature):
            witnessing.read_request(text.encode())
    with pytest.raises(BadSignature):
        witnessing.read_request(b"\xff")


def test_only_known_and_true_cosignatures_are_kept(paper):
    note = paper.note(())
    good = checkpoint.cosign(note.text, "w1.example.cn", paper.witnesses["w1"].private, 5)
    strange = checkpoint.cosign(note.text, "other", Ed25519Signer.generate().private, 5)
    keys = paper.witness_vkeys.values()
    assert witnessing.read_answer(f"{strange}{good}", note, keys) == [good]
    false = checkpoint.cosign("another\n", "w1.example.cn", paper.witnesses["w1"].private, 5)
    with pytest.raises(BadSignature):
        witnessing.read_answer(str(false), note, keys)
    with pytest.raises(BadSignature):
        witnessing.read_answer("", note, keys)


def test_a_log_key_and_a_witness_key_of_one_name_have_different_ids(paper):
    assert checkpoint.vkey("n", LOG, paper.log.private).key_id != checkpoint.vkey("n", WITNESS, paper.log.private).key_id


def test_the_text_of_a_checkpoint_is_what_is_signed():
    assert Checkpoint("o", 2, bytes(32)).text == f"o\n2\n{ROOT}\n"
    assert TrustPolicy((), {}, {}, "none").is_quorum(set())
