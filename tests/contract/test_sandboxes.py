"""Witness and time stamp authority as real processes: their protocols, their memory, and what kill -9 leaves."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core.kernel import certificates, checkpoint, clock, merkle, timestamps, witnessing
from core.kernel.checkpoint import Checkpoint, read_vkey
from core.kernel.encoding import sha256
from core.kernel.signing import Ed25519Signer

ORIGIN = "log.example.cn/one"
LEAVES = [merkle.leaf_hash(bytes([n])) for n in range(40)]


@contextmanager
def process(*arguments):
    """A sandbox process and what it said on start; killed at the end without a chance to tidy up."""
    command = [sys.executable, "-c", "from app.cli import main; main()", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            said = json.loads(running.stdout.readline())
            with httpx.Client(base_url=said["url"], timeout=10) as client:
                yield client, said
        finally:
            running.kill()


class Log:
    """A log whose witness is asked."""

    def __init__(self, key=None):
        self.key = key or Ed25519Signer.generate()
        self.vkey = checkpoint.vkey(ORIGIN, checkpoint.LOG, self.key.private)

    def note(self, size, leaves=LEAVES):
        head = Checkpoint(ORIGIN, size, merkle.root(size, merkle.reader(leaves[:size])))
        return checkpoint.sign_note(head.text, ORIGIN, self.key.private)

    def ask(self, client, old, new, *, leaves=LEAVES, proof=None):
        path = merkle.consistency_proof(old, new, merkle.reader(leaves[:new])) if proof is None and old <= new else proof or []
        return client.post("/add-checkpoint", content=witnessing.write_request(old, path, self.note(new, leaves)))


@pytest.fixture
def log():
    return Log()


def test_a_witness_cosigns_growth_and_remembers_it_over_kill_9(tmp_path, log):
    arguments = ("sandbox-witness", "--state", tmp_path, "--port", 0, "--name", "w.example/1", "--log-vkey", str(log.vkey))
    with process(*arguments) as (client, said):
        key = read_vkey(said["vkey"])
        assert client.get("/vkey").text == f"{said['vkey']}\n"
        for old, new in ((0, 5), (5, 5), (5, 17)):
            answer = log.ask(client, old, new)
            assert answer.status_code == 200
            [line] = witnessing.read_answer(answer.text, log.note(new), [key])
            at = checkpoint.cosigned_at(log.note(new).plus(line), key)
            assert abs(at - datetime.now(UTC).timestamp()) < 5
    with process(*arguments) as (client, again):
        assert again["vkey"] == said["vkey"]
        stale = log.ask(client, 5, 20)
        assert (stale.status_code, stale.text, stale.headers["content-type"]) == (409, "17\n", "text/x.tlog.size")
        assert log.ask(client, 17, 20).status_code == 200
        assert log.ask(client, 0, 5).status_code == 409


def test_a_witness_refuses_what_the_specification_says_it_must(tmp_path, log):
    with process("sandbox-witness", "--state", tmp_path, "--port", 0, "--log-vkey", str(log.vkey)) as (client, _):
        assert log.ask(client, 0, 9).status_code == 200
        other = LEAVES[::-1]
        assert log.ask(client, 9, 9, leaves=other).status_code == 409
        assert log.ask(client, 9, 12, leaves=other).status_code == 422
        assert log.ask(client, 9, 12, proof=[bytes(32)]).status_code == 422
        assert log.ask(client, 12, 10).status_code == 400
        assert Log().ask(client, 9, 12).status_code == 403
        stranger = str(log.note(12)).replace(ORIGIN, "other.example/log")
        assert client.post("/add-checkpoint", content=f"old 9\n\n{stranger}".encode()).status_code == 404
        for body in (b"", b"old 9\n\njunk", b"\xff"):
            assert client.post("/add-checkpoint", content=body).status_code == 400
        assert client.get("/other").status_code == 404
        assert client.post("/other", content=b"").status_code == 404
        assert client.post("/add-checkpoint", content=b"x" * (2 << 20)).status_code == 413
        assert log.ask(client, 9, 12).status_code == 200


def test_a_witness_may_be_told_of_its_log_later(tmp_path, log):
    with process("sandbox-witness", "--state", tmp_path, "--port", 0) as (client, _):
        assert log.ask(client, 0, 3).status_code == 404
        (tmp_path / "log.vkey").write_text(f"{log.vkey}\n")
        assert log.ask(client, 0, 3).status_code == 200


def test_a_witness_lives_by_the_shared_clock(tmp_path, log):
    clock.write_offset(tmp_path / "clock", timedelta(days=30))
    options = ("--log-vkey", str(log.vkey), "--clock-file", tmp_path / "clock")
    with process("sandbox-witness", "--state", tmp_path / "w", "--port", 0, *options) as (client, said):
        key, answer = read_vkey(said["vkey"]), log.ask(client, 0, 3)
        [line] = witnessing.read_answer(answer.text, log.note(3), [key])
        moved = checkpoint.cosigned_at(log.note(3).plus(line), key)
        assert moved - datetime.now(UTC).timestamp() > timedelta(days=29).total_seconds()


def test_a_witness_is_not_started_with_a_key_that_is_none(tmp_path):
    command = [sys.executable, "-c", "from app.cli import main; main()", "sandbox-witness", "--state", tmp_path, "--port", "0"]
    done = subprocess.run([*command, "--log-vkey", "junk"], capture_output=True, text=True, check=False)
    assert (done.returncode, "--log-vkey" in done.stderr) == (2, True)


def test_a_time_stamp_authority_answers_over_http_and_keeps_its_root(tmp_path):
    arguments = ("sandbox-tsa", "--state", tmp_path, "--port", 0)
    with process(*arguments) as (client, said):
        root = certificates.read_certificate(client.get("/root.pem").text)
        assert certificates.fingerprint(root) == said["root"]
        nonce = secrets.randbits(64)
        query = timestamps.write_request(sha256(b"note"), nonce)
        answer = client.post("/", content=query, headers={"Content-Type": timestamps.MEDIA_QUERY})
        assert answer.headers["content-type"] == timestamps.MEDIA_REPLY
        stamp = timestamps.verify(answer.content, sha256(b"note"), [root], said["policy"], nonce)
        assert abs((stamp.at - datetime.now(UTC)).total_seconds()) < 5
        assert client.post("/", content=query).status_code == 415
        assert client.get("/other").status_code == 404
    with process(*arguments) as (_, again):
        assert again["root"] == said["root"]
