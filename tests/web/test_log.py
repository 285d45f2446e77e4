"""The log's addresses: what a stranger's log client finds there."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask

from core.kernel import checkpoint, merkle
from core.kernel.encoding import unb64
from core.kernel.errors import NotFound
from core.kernel.log import Log
from core.kernel.signing import Ed25519Signer
from core.web import log as routes


@pytest.fixture
def log():
    return Log("log.example/1", Ed25519Signer.from_seed(b"L" * 32))


@pytest.fixture
def client(door):
    app = Flask(__name__)
    app.extensions["gongheng"] = SimpleNamespace(door=door)
    app.testing = True
    app.register_blueprint(routes.blueprint)
    return app.test_client()


def test_a_client_verifies_the_log_from_what_it_serves(client, door, log):
    for _ in range(3):
        log.grow(door)
    answer = client.get("/log/checkpoint")
    assert answer.content_type == "text/plain; charset=utf-8" and answer.headers["Cache-Control"] == "no-cache"
    note = checkpoint.read_note(answer.text)
    checkpoint.verify_log(note, log.vkey)
    head = checkpoint.read_checkpoint(note.text)
    assert head.size == 3 and client.get("/log/checkpoint/3").text == answer.text
    leaves = client.get("/log/tile/0/000.p/3").data
    assert merkle.root(3, merkle.reader([leaves[i : i + 32] for i in (0, 32, 64)])) == head.root
    records = client.get("/log/tile/entries/000.p/3").data
    assert merkle.leaf_hash(records[2:34]) == leaves[:32]
    proof = checkpoint.read_proof(client.get("/log/proof/1").text)
    assert proof.verify_record(records[36:68]) == head
    path = [unb64(line) for line in client.get("/log/proof/1/3").text.splitlines()]
    merkle.verify_consistency(1, leaves[:32], 3, head.root, path)


@pytest.mark.parametrize(
    "path", ["checkpoint", "checkpoint/1", "checkpoint/1.tsr", "tile/0/000", "tile/x", "tile/0/../0", "proof/0", "proof/0/1", "proof/1/0"]
)
def test_what_is_not_there_is_not_found(client, path):
    with pytest.raises(NotFound):
        client.get(f"/log/{path}")


def test_a_time_stamp_is_served_as_it_was_given(client, door, log):
    log.grow(door, "award")
    with pytest.raises(NotFound):
        client.get("/log/checkpoint/1.tsr")
