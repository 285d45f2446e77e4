"""The guarantor as a real process: its interface, its memory over kill -9, its faults, and a PDF that poppler accepts."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import httpx
import pyrage
import pytest
from pypdfium2 import PdfDocument

from core.kernel import certificates, clock, pades
from core.kernel.encoding import sha256
from core.kernel.money import Money
from deposits.domain.guarantee import Terms
from deposits.domain.guarantee_file import read_terms
from deposits.domain.guarantee_messages import Application, read_answer, read_contents
from tests.contract.test_sandboxes import process

NAME = "江州财产保险股份有限公司"


def application(now: datetime) -> Application:
    return Application(
        application=str(uuid4()),
        product="bid",
        applicant="第一建筑工程有限公司",
        applicant_uscc="91330000000000001X",
        project_number="T2026-000001",
        project="滨江大道改造工程",
        lot="T2026-000001-1",
        title="施工一标段",
        beneficiary="临江市建设投资集团有限公司",
        amount=Money.yuan("800000.00"),
        valid_from=now,
        valid_to=now + timedelta(days=90),
        opening_at=now + timedelta(days=1),
    )


def test_a_guarantee_is_issued_once_kept_closed_over_kill_9_and_opened_after_the_opening(tmp_path):
    now = clock.moment(clock.text(datetime.now(UTC)))
    told, offset = application(now), tmp_path / "clock"
    arguments = ("sandbox-guarantor", "--state", tmp_path / "state", "--port", 0, "--name", NAME, "--clock-file", offset)
    place = f"/v1/applications/{told.application}"
    with process(*arguments) as (client, said):
        root = certificates.read_certificate(client.get("/root.pem").text)
        assert (said["name"], said["root"]) == (NAME, certificates.fingerprint(root))
        assert client.post("/sandbox/faults", json={"lose_answers": 1}).json()["lose_answers"] == 1
        with pytest.raises(httpx.HTTPError):
            client.post("/v1/applications", json=told.to_json())
        assert read_answer(client.post("/v1/applications", json=told.to_json()).content).state == "underwriting"
        premium = read_answer(client.get(place).content).premium
        assert premium == Money.yuan("3200.00")
        assert client.post(f"{place}/premium", json={"premium": "1.00"}).status_code == 400
        first = read_answer(client.post(f"{place}/premium", json={"premium": "3200.00"}).content).issued
        assert client.post(f"{place}/key", json={}).status_code == 403
    with process(*arguments) as (client, _):
        issued = read_answer(client.post(f"{place}/premium", json={"premium": "3200.00"}).content).issued
        assert issued == first and issued is not None
        clock.write_offset(offset, timedelta(days=1))
        identity = client.post(f"{place}/key", json={}).json()["identity"]
        assert client.get(f"/sandbox/letters/{told.application}/key").text == identity
        contents = read_contents(pyrage.decrypt(issued.ciphertext, [pyrage.x25519.Identity.from_str(identity)]))
        assert client.get(f"/sandbox/letters/{told.application}").content == contents.pdf
        assert client.post(f"{place}/end", json={"reason": "released"}).json()["state"] == "ended"
        assert client.post(f"{place}/key", json={}).status_code == 403
        assert client.get(f"/v1/applications/{uuid4()}").status_code == 404
        assert client.get("/elsewhere").status_code == 404
        assert client.post("/v1/applications", content=b"{").status_code == 400
        assert client.post("/sandbox/faults", json={"burn": 1}).status_code == 400
    assert sha256(contents.pdf).hex() == issued.file_sha256
    assert pades.verify(contents.pdf, [root], now)[-1] == root
    assert read_terms(contents.terms, contents.signature, root, now) == Terms.read(contents.terms)
    _accepted_by_poppler(contents.pdf, tmp_path)


def _accepted_by_poppler(pdf: bytes, folder) -> None:
    text = PdfDocument(BytesIO(pdf))[0].get_textpage().get_text_bounded()
    assert "投标保函" in text and "滨江大道改造工程" in text and "800,000.00" in text
    (folder / "g.pdf").write_bytes(pdf)
    assert shutil.which("pdfsig"), "poppler-utils is missing"
    done = subprocess.run(["pdfsig", folder / "g.pdf"], capture_output=True, text=True, check=False)
    for line in ("Signature is Valid", "Total document signed", "ETSI.CAdES.detached", NAME):
        assert line in done.stdout, done.stdout + done.stderr
