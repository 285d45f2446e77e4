"""What a practice leaves in the hands of who practised: the verifier and the offline sealer call it a practice and nothing else."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli_seal import seal as seal_command
from app.factory import Application
from app.verify import command
from core.kernel import certificates, jcs
from core.kernel.encoding import b64
from core.kernel.sealing import Sealed, ShareBox
from core.kernel.trust import TrustPolicy, write_policy
from tests.builders.practice import API, Envelope, Practising
from tests.web.test_practice import app, one, staff  # noqa: F401 - fixtures


@pytest.fixture
def policy(app: Application, tmp_path: Path) -> Path:  # noqa: F811
    """The trust policy of this platform, as somebody got it from elsewhere."""
    here = app.extensions["gongheng"]
    roots = frozenset({certificates.fingerprint(here.parts["authority"].root.certificate)})
    said = TrustPolicy((here.parts["log"].vkey,), {}, {}, "none", ca_roots=roots)
    (tmp_path / "TRUSTED.txt").write_text(write_policy(said), encoding="utf-8")
    return tmp_path / "TRUSTED.txt"


def check(paper: dict[str, Any], policy: Path, lang: Any = "zh") -> command.Answer:
    file = policy.parent / "paper.json"
    file.write_text(json.dumps(paper), encoding="utf-8")
    return command.run(str(file), str(policy), lang=lang)


def test_the_verifier_knows_a_practice_and_never_accepts_it(one: Practising, policy: Path) -> None:  # noqa: F811
    one.begin()
    paper = one.browser.get(f"{API}/receipts/{one.seal()['receipts'][0]['id']}").get_json()
    answer = check(paper, policy)
    assert answer.code == 1 and "是练习" in answer.err and answer.out.count("✓") == 3 and answer.out.count("✗") == 1
    assert "of a practice" in check(paper, policy, "en").err


def test_a_practice_receipt_in_the_dress_of_a_real_one_is_refused(one: Practising, policy: Path) -> None:  # noqa: F811
    one.begin()
    paper = one.browser.get(f"{API}/receipts/{one.seal()['receipts'][0]['id']}").get_json()
    del paper["notice"]
    dressed = paper | {"format": "gongheng/receipt/v1", "id": "RC-0123456789ABCDEF", "proof": None, "event": None}
    assert check(dressed, policy).code == 1 and "✓ 平台签名有效" not in check(dressed, policy).out
    payload = json.loads(base64.b64decode(paper["receipt"]["payload"])) | {"type": "receipt"}
    renamed = paper["receipt"] | {"payload": b64(jcs.canonical(payload)), "payloadType": "application/vnd.ztb.receipt.v1+json"}
    assert check(dressed | {"receipt": renamed}, policy).code == 1


def test_a_practice_seal_says_its_case_to_the_offline_sealer_too(one: Practising, tmp_path: Path) -> None:  # noqa: F811
    one.begin()
    lot = tmp_path / "LOT.json"
    lot.write_text(json.dumps(one.lot_file()), encoding="utf-8")
    for env, said in (("technical", {"items": {}}), ("commercial", {"price": "1.00"})):
        (tmp_path / env).mkdir()
        (tmp_path / env / "bid.json").write_text(json.dumps(said), encoding="utf-8")
        (tmp_path / env / "a.pdf").write_bytes(b"%PDF " + env.encode())
    words = [str(lot), str(tmp_path / "technical"), str(tmp_path / "commercial"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(seal_command, words)
    assert done.exit_code == 0 and "【练习】" in done.output, done.output
    made = json.loads((tmp_path / "out" / "sealed.json").read_bytes())
    assert made["case"].startswith("PRACTICE-")
    envelopes = [_ready(made, statement["body"], tmp_path / "out") for statement in made["statements"]]
    assert one.browser.post(f"{API}/bid/seal", one.body(envelopes)).status_code == 200


def _ready(made: dict[str, Any], body: dict[str, Any], folder: Path) -> Envelope:
    boxes, env = made["boxes"][body["env"]], body["env"]
    shares = tuple(ShareBox(share["role"], (), base64.b64decode(boxes["shares"][share["role"]]), "") for share in body["shares"])
    return Envelope(env, Sealed(body, base64.b64decode(boxes["bidder"]), shares), (folder / made["files"][env]).read_bytes())


def test_the_offline_sealer_refuses_a_practice_under_a_trust_policy(one: Practising, policy: Path, tmp_path: Path) -> None:  # noqa: F811
    one.begin()
    (tmp_path / "LOT.json").write_text(json.dumps(one.lot_file()), encoding="utf-8")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    words = [str(tmp_path / "LOT.json"), str(tmp_path / "a.pdf"), "--out", str(tmp_path / "out"), "--policy", str(policy)]
    done = CliRunner().invoke(seal_command, words)
    assert done.exit_code == 1 and "练习用的标段文件" in done.output and not (tmp_path / "out").exists()
