"""A package under tools that are not ours: coreutils, unzip, openssl, age, Go's checksum database, aics-tlog, securesystemslib."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from securesystemslib.dsse import Envelope as ForeignEnvelope
from securesystemslib.signer import SSlibKey

from core.kernel import merkle, timestamps
from core.kernel.checkpoint import read_note, read_proof
from core.kernel.encoding import b64, sha256, unb64
from core.kernel.evidence import read_placement
from core.kernel.signing import read_statement
from tests.contract.foreign.test_log_verifiers import GO
from tests.verify.forging import Case

pytestmark = pytest.mark.foreign


def run(*command: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(part) for part in command], capture_output=True, timeout=60, check=False, **options)


@pytest.fixture(scope="module")
def folder(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as `unzip` unpacks it."""
    made = tmp_path_factory.mktemp("unpacked")
    assert run("unzip", "-q", case.path, "-d", made).returncode == 0
    return made


def test_sha256sum_checks_the_manifest(folder: Path) -> None:
    assert run("sha256sum", "--strict", "--quiet", "-c", "manifest-sha256.txt", cwd=folder).returncode == 0
    assert run("sha256sum", "--strict", "-c", "verify.pyz.sha256", cwd=folder / "verify").returncode == 0
    with (folder / "README.txt").open("a") as readme:
        readme.write("!")
    assert run("sha256sum", "--strict", "--quiet", "-c", "manifest-sha256.txt", cwd=folder).returncode == 1


def test_openssl_accepts_the_stamps_of_manifest_and_checkpoints(folder: Path) -> None:
    root = folder / "policy/tsa/0.pem"
    pem = x509.load_pem_x509_certificate(root.read_bytes())
    for response in [folder / "manifest.tsr", *sorted((folder / "checkpoints").glob("*.tsr"))]:
        if response.name == "manifest.tsr":
            data = (folder / "manifest-sha256.txt").read_bytes()
        else:
            data = read_note(response.with_suffix(".txt").read_text()).text.encode()
        (folder / "stamped").write_bytes(data)
        at = int(timestamps.verify(response.read_bytes(), sha256(data), [pem]).at.timestamp())
        command = ("openssl", "ts", "-verify", "-data", folder / "stamped", "-in", response, "-CAfile", root, "-attime", at)
        assert run(*command).returncode == 0


def test_openssl_accepts_every_certificate_and_reads_the_revocation_lists(folder: Path) -> None:
    newest = sorted((folder / "events").glob("??????.json"))[-1]
    (folder / "lists.pem").write_bytes((folder / "crls/issuing.crl").read_bytes() + (folder / "crls/root.crl").read_bytes())
    lists = x509.load_pem_x509_crl((folder / "crls/issuing.crl").read_bytes())
    files = ("-CAfile", folder / "policy/roots/ca.pem", "-untrusted", folder / "certs/issuing.pem", "-CRLfile", folder / "lists.pem")
    at = int(lists.last_update_utc.timestamp())
    people = [path for path in sorted((folder / "certs").glob("*.pem")) if path.name != "issuing.pem"]
    assert newest.exists()
    assert len(people) > 20
    for person in people:
        checked = run("openssl", "verify", "-x509_strict", "-crl_check_all", "-attime", at, *files, person)
        assert checked.returncode == 0, checked.stderr


def test_age_opens_a_released_bid_to_what_the_event_says(folder: Path) -> None:
    opened = {}
    for path in (folder / "events").glob("??????.json"):
        said = read_statement(unb64(json.loads(path.read_bytes())["dsse"]["payload"]))
        if said.type == "opened":
            opened[said.body["bid_pub"]] = said.body["pt_sha256"]
    tried = 0
    for path in sorted(folder.glob("bids/1/*/*.release.dsse.json")):
        for release in json.loads(path.read_bytes())["releases"]:
            said = read_statement(unb64(release["payload"]))
            if said.type == "release":
                (folder / "T.key").write_text(f"{said.body['secret']}\n")
                bid = path.with_name(path.name.replace(".release.dsse.json", ".age"))
                plain = run("age", "-d", "-i", folder / "T.key", bid)
                assert sha256(plain.stdout).hex() == opened[said.body["bid_pub"]]
                tried += 1
    assert tried >= 6


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Any], str]:
    """The Go program, built with Debian's packages alone."""
    made = tmp_path_factory.mktemp("go")
    environ = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(made / "cache"), "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", str(made / "check"), str(GO)], check=True, env=environ, timeout=300)

    def ask(document: Any) -> str:
        return run(made / "check", input=json.dumps(document).encode()).stdout.decode().strip()

    return ask


def asked(folder: Path, case: Case, event: str) -> dict[str, Any]:
    """What the Go program is asked of one event: its place in the batch, the batch in the log, growth, and the witness."""
    placed = read_placement(json.loads((folder / f"{event}.proof.json").read_bytes()))
    data = (folder / f"{event}.json").read_bytes()
    proof = read_proof((folder / f"batches/{placed.leaf_index}.tlog-proof").read_text())
    root, head = placed.batch_root(data), proof.checkpoint
    [witness] = case.policy.witnesses.values()
    consistency = json.loads(sorted((folder / "consistency").glob(f"*-{head.size:09d}.json"))[-1].read_bytes())
    old = read_note((folder / f"checkpoints/{consistency['old']:09d}.txt").read_text())
    return {
        "vkey": str(case.policy.logs[0]),
        "note": str(proof.note),
        "witness_key": b64(witness.public),
        "cosignature": b64(proof.note.by(witness) or b""),
        "inclusions": [
            {
                "size": head.size,
                "root": b64(head.root),
                "index": proof.index,
                "record": b64(root),
                "path": [b64(node) for node in proof.path],
            },
            {
                "size": merkle.PLACES,
                "root": b64(root),
                "index": placed.place,
                "record": b64(merkle.commit(placed.salt, data)),
                "path": [b64(node) for node in placed.path],
            },
        ],
        "old_size": consistency["old"],
        "old_root": old.text.split("\n")[2],
        "consistency": consistency["proof"],
    }


def test_go_finds_every_tenth_event_in_the_log(go: Callable[[Any], str], folder: Path, case: Case) -> None:
    for path in sorted((folder / "events").glob("??????.json"))[::10]:
        document = asked(folder, case, f"events/{path.stem}")
        assert go(document) == "ok"
        document["inclusions"][1]["record"] = b64(bytes(32))
        assert go(document).startswith("inclusion")


@pytest.mark.skipif(importlib.util.find_spec("aics_tlog") is None, reason="aics-tlog is not installed")
def test_aics_tlog_accepts_checkpoints_and_inclusion(folder: Path, case: Case) -> None:
    import aics_tlog as aics

    [witness] = case.policy.witnesses.values()
    for path in sorted((folder / "checkpoints").glob("*.txt")):
        note = aics.parse_note(path.read_text())
        log = aics.parse_vkey(str(case.policy.logs[0]))
        assert aics.verify_checkpoint(note, log, [aics.parse_vkey(str(witness))], 1, expected_origin=case.policy.logs[0].name)
    document = asked(folder, case, "events/000000")
    batch = document["inclusions"][0]
    record, path_, root = unb64(batch["record"]), [unb64(node) for node in batch["path"]], unb64(batch["root"])
    assert aics.verify_leaf_inclusion(record, batch["index"], batch["size"], path_, root)


def test_securesystemslib_accepts_what_the_platform_signed(folder: Path, case: Case) -> None:
    key = SSlibKey(case.platform.key.key_id, "ed25519", "ed25519", {"public": case.platform.public_raw.hex()})
    wires = [json.loads((folder / "manifest.dsse").read_bytes())]
    wires += [json.loads(path.read_bytes())["dsse"] for path in sorted((folder / "events").glob("??????.json"))]
    accepted = 0
    for wire in wires:
        if wire["signatures"][0]["keyid"] == key.keyid:
            assert set(ForeignEnvelope.from_dict(wire).verify([key], 1)) == {key.keyid}
            accepted += 1
    assert accepted > 20
