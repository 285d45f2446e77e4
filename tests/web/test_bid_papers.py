"""A receipt and the trace of a late bid, downloaded: our offline verifier and stock openssl both hold them to be genuine, and no other."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from app.verify.command import ACCEPTED, REFUSED, UNREADABLE, run
from core.kernel import clock
from core.kernel.certificates import fingerprint, to_pem
from core.kernel.trust import TrustPolicy, write_policy
from tests.builders.bids import Envelope, Hall, posted
from tests.builders.halls import TAKING
from tests.builders.trading_web import browser
from tests.web.test_bids_pages import app, room  # noqa: F401 - fixtures

pytestmark = pytest.mark.begins(TAKING)


@pytest.fixture
def policy(app: Application, tmp_path: Path) -> Path:  # noqa: F811
    """What somebody outside trusts: the log and the root."""
    parts = app.extensions["gongheng"].parts
    roots = frozenset({fingerprint(parts["authority"].root.certificate)})
    trusted = TrustPolicy((parts["log"].vkey,), {}, {}, "none", ca_roots=roots)
    file = tmp_path / "TRUSTED.txt"
    file.write_text(write_policy(trusted))
    return file


def root_of(app: Application) -> str:  # noqa: F811
    """The root certificate, as somebody outside has it."""
    return to_pem(app.extensions["gongheng"].parts["authority"].root.certificate)


def sealed(app: Application, room: Hall, late: bool) -> tuple[Any, Any, list[Envelope]]:  # noqa: F811
    """A bidder hands in, in time or not: who it is, the answer, and what was sealed."""
    a = browser(app, room.tender.bidders[0])
    assert a.person is not None
    envelopes = room.make_version(a.person)
    body = posted(room.parts(a.person, envelopes))
    if late:
        deadline = room.tender.lot.deadline
        assert deadline is not None
        room.tender.jump(deadline)
    return a, a.post(f"/api/v1/lots/{room.number}/bid/seal", body).get_json(), envelopes


def openssl(*words: object, **how: Any) -> bytes:
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, check=False, timeout=30, **how)
    assert done.returncode == 0, done.stderr
    return done.stdout


def check_with_openssl(paper: dict[str, Any], member: str, root: str, folder: Path) -> dict[str, Any]:
    """The platform's word, checked by nothing of ours; returns its body."""
    issuing, own_root = paper["authorities"]
    assert own_root == root
    (folder / "root.pem").write_text(root)
    (folder / "issuing.pem").write_text(issuing)
    openssl("x509", "-inform", "der", "-out", folder / "platform.pem", input=base64.b64decode(paper["certificate"]))
    kind, payload = paper[member]["payloadType"].encode(), base64.b64decode(paper[member]["payload"])
    body: dict[str, Any] = json.loads(payload)["body"]
    signed_at = int(clock.moment(body.get("received_at") or body["arrived_at"]).timestamp())
    chain = ("-CAfile", folder / "root.pem", "-untrusted", folder / "issuing.pem")
    openssl("verify", "-attime", signed_at, *chain, folder / "platform.pem")
    (folder / "platform.pub").write_bytes(openssl("x509", "-in", folder / "platform.pem", "-noout", "-pubkey"))
    (folder / "signed.bin").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    (folder / "sig.bin").write_bytes(base64.b64decode(paper[member]["signatures"][0]["sig"]))
    signed = ("-rawin", "-in", folder / "signed.bin", "-sigfile", folder / "sig.bin")
    openssl("pkeyutl", "-verify", "-pubin", "-inkey", folder / "platform.pub", *signed)
    return body


@pytest.mark.foreign
def test_a_receipt_is_checked_without_the_platform(app: Application, room: Hall, policy: Path, tmp_path: Path) -> None:  # noqa: F811
    a, answer, envelopes = sealed(app, room, late=False)
    room.log.grow(room.tender.door)
    file = tmp_path / "RC.json"
    file.write_bytes(a.get(f"/api/v1/receipts/{answer['receipts'][0]['id']}").data)
    ciphertext = tmp_path / "technical.age"
    ciphertext.write_bytes(envelopes[0].ciphertext)
    told = run(str(file), str(policy), ciphertext=str(ciphertext), lang="en")
    assert told.code == ACCEPTED and "all of 5 checks hold" in told.out, told

    paper = json.loads(file.read_text())
    body = check_with_openssl(paper, "receipt", root_of(app), tmp_path)
    assert body["seal_sha256"] == hashlib.sha256(base64.b64decode(paper["seal"]["payload"])).hexdigest()
    assert body["ct_sha256"] == hashlib.sha256(envelopes[0].ciphertext).hexdigest()


FORGERIES: dict[str, Callable[[dict[str, Any], dict[str, Any]], object]] = {
    "another seal": lambda paper, other: paper.update(seal=other["seal"]),
    "another certificate": lambda paper, other: paper.update(certificate=base64.b64encode(b"none").decode()),
    "a member more": lambda paper, other: paper.update(note="x"),
    "no roots": lambda paper, other: paper.update(authorities=paper["authorities"][:1]),
    "another proof": lambda paper, other: paper["proof"].update(commitment=other["proof"]["commitment"]),
}


def test_a_receipt_that_was_changed_is_refused(app: Application, room: Hall, policy: Path, tmp_path: Path) -> None:  # noqa: F811
    a, answer, envelopes = sealed(app, room, late=False)
    room.log.grow(room.tender.door)
    papers = [a.get(f"/api/v1/receipts/{receipt['id']}").get_json() for receipt in answer["receipts"]]
    for name, forge in FORGERIES.items():
        forged = json.loads(json.dumps(papers[0]))
        forge(forged, papers[1])
        file = tmp_path / "RC.json"
        file.write_text(json.dumps(forged))
        assert run(str(file), str(policy)).code == REFUSED, name
    file.write_text(json.dumps(papers[0]))
    other = tmp_path / "commercial.age"
    other.write_bytes(envelopes[1].ciphertext)
    assert run(str(file), str(policy), ciphertext=str(other)).code == REFUSED
    assert run(str(file), str(policy), ciphertext=str(tmp_path / "none")).code == UNREADABLE


@pytest.mark.foreign
def test_the_trace_of_a_late_bid_is_checked_without_the_platform(app: Application, room: Hall, policy: Path, tmp_path: Path) -> None:  # noqa: F811
    a, problem, envelopes = sealed(app, room, late=True)
    trace = problem["trace"]
    file = tmp_path / "LT.json"
    file.write_text(json.dumps(trace))
    told = run(str(file), str(policy), lang="en")
    assert told.code == ACCEPTED and "had not been logged" in told.out, told
    room.log.grow(room.tender.door)
    again = a.get(f"/api/v1/late-seals/{trace['id']}")
    assert {**again.get_json(), "proof": None} == trace
    assert trace["id"] in a.page(f"/lots/{room.number}/bid")
    file.write_bytes(again.data)
    ciphertext = tmp_path / "commercial.age"
    ciphertext.write_bytes(envelopes[1].ciphertext)
    told = run(str(file), str(policy), ciphertext=str(ciphertext), lang="en")
    assert told.code == ACCEPTED and "all of 5 checks hold" in told.out, told
    body = check_with_openssl(trace, "trace", root_of(app), tmp_path)
    assert body["arrived_at"] >= body["deadline"]
    stranger = browser(app, room.tender.bidders[1])
    assert stranger.get(f"/api/v1/late-seals/{trace['id']}").status_code == 404
    assert trace["id"] not in stranger.page(f"/lots/{room.number}/bid")
