"""What is said between platform and guarantor, the files it signs, and how it is registered: by values, and bent in every way."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes

from app.sandbox.sealing_certificates import Seal
from app.sandbox.state import StateFolder
from core.kernel import age, certificates, pades
from core.kernel.encoding import b64, sha256
from core.kernel.errors import BadSignature, RuleBroken
from core.kernel.jcs import JSON, canonical, parse_object
from core.kernel.money import Money
from deposits.domain.guarantee_file import examine, read_terms
from deposits.domain.guarantee_messages import Answer, Application, Contents, Issued, read_answer, read_contents
from deposits.domain.guarantor import Registration
from tests.domain.test_guarantees_life import TERMS, WANTED

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n"
    b"0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n160\n%%EOF\n"
)


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    return Seal(StateFolder(tmp_path_factory.mktemp("seal")), "临江融资担保有限公司")


@pytest.fixture(scope="module")
def pdf(seal: Seal) -> bytes:
    return seal.sign_pdf(PAGE, NOW)


# PAdES


def test_the_signature_of_a_pdf_holds_for_us_and_for_foreign_verifiers(seal: Seal, pdf: bytes, tmp_path: Path) -> None:
    assert pades.verify(pdf, [seal.root], NOW) == (seal.certificate, seal.root)
    signed = pades.read(pdf)
    for name, content in (("p", pdf), ("c", signed.covered), ("s", signed.signature), ("r", certificates.to_pem(seal.root).encode())):
        (tmp_path / name).write_bytes(content)
    command = "openssl cms -verify -cades -binary -inform DER -in s -content c -CAfile r -purpose any -out /dev/null"
    assert "CAdES Verification successful" in _run(command, tmp_path)


def _run(command: str, folder: Path) -> str:
    done = subprocess.run(command.split(), cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def test_one_bit_anywhere_in_what_is_signed_is_noticed(seal: Seal, pdf: bytes) -> None:
    start, end = pdf.index(b"<3082"), pdf.index(b"000>") + 4
    for place in [*range(0, start, 13), *range(end, len(pdf), 13)]:
        bent = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
        with pytest.raises(BadSignature):
            pades.verify(bent, [seal.root], NOW)


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (lambda pdf: b"text", "pdf.malformed"),
        (lambda pdf: pdf + b" " * pades.LARGEST, "pdf.malformed"),
        (lambda pdf: PAGE, "pdf.unsigned"),
        (lambda pdf: pdf + b"%more", "pdf.not_whole"),
        (lambda pdf: pdf.replace(b"%%EOF", b"/ByteRange [ 0 1 2 3 ]%%EOF"), "pdf.not_whole"),
        (lambda pdf: pdf.replace(b"<3082", b"(3082"), "pdf.not_whole"),
        (lambda pdf: pdf.replace(b"<3082", b"<4082"), "pdf.malformed"),
        (lambda pdf: pdf.replace(b"<3082", b"<zz82"), "pdf.malformed"),
        (lambda pdf: pdf.replace(b"000>", b"001>"), "pdf.malformed"),
    ],
)
def test_a_file_that_is_no_signed_pdf_is_refused(pdf: bytes, bend: Callable[[bytes], bytes], code: str) -> None:
    with pytest.raises(BadSignature) as refused:
        pades.read(bend(pdf))
    assert refused.value.code == code


def test_a_signature_must_name_its_certificate_and_lead_to_a_known_root(seal: Seal, pdf: bytes, tmp_path: Path) -> None:
    other = Seal(StateFolder(tmp_path), seal.name)
    with pytest.raises(BadSignature):
        pades.verify(pdf, [other.root], NOW)
    signature = seal.sign(b"x")
    named = bytes.fromhex("060b2a864886f70d010910022f")  # signing-certificate-v2
    for bent in (
        signature.replace(named, named[:-1] + b"\x2e"),
        signature.replace(seal.certificate.fingerprint(hashes.SHA256()), bytes(32)),
    ):
        with pytest.raises(BadSignature, match=r"pdf\.certificate_not_pinned"):
            pades.signer_of(bent)
    with pytest.raises(BadSignature):
        pades.signer_of(signature.replace(bytes.fromhex("06092a864886f70d010702"), bytes.fromhex("06092a864886f70d010703"), 1))


# Files


def contents(seal: Seal, pdf: bytes, **changes: object) -> Contents:
    terms = replace(TERMS, file_sha256=sha256(pdf).hex(), **changes).to_bytes()  # type: ignore[arg-type]
    return Contents(pdf, terms, seal.sign(terms))


def test_a_file_that_is_what_it_should_be_has_no_fault(seal: Seal, pdf: bytes) -> None:
    found = examine(contents(seal, pdf), sha256(pdf).hex(), WANTED, seal.root, NOW)
    assert found.faults == () and found.terms is not None and found.terms.guarantee_no == "BH1"


def test_what_is_wrong_with_a_file_is_found(seal: Seal, pdf: bytes, tmp_path: Path) -> None:
    digest, good = sha256(pdf).hex(), contents(seal, pdf)
    other = Seal(StateFolder(tmp_path), "别的公司")
    assert examine(replace(good, pdf=PAGE), digest, WANTED, seal.root, NOW).faults == ("pdf_signature", "changed_file")
    assert examine(good, "0" * 64, WANTED, seal.root, NOW).faults == ("changed_file", "other_file")
    assert examine(replace(good, signature=b""), digest, WANTED, seal.root, NOW).faults == ("terms_signature",)
    assert examine(good, digest, WANTED, other.root, NOW).faults == ("pdf_signature", "terms_signature")
    assert examine(contents(seal, pdf, amount_fen=1), digest, WANTED, seal.root, NOW).faults == ("amount_short",)
    assert read_terms(good.terms, other.sign(good.terms), seal.root, NOW) is None
    assert read_terms(good.terms, good.signature, seal.root, NOW + timedelta(days=9999)) is None


def test_what_is_closed_is_read_again(seal: Seal, pdf: bytes) -> None:
    good = contents(seal, pdf)
    assert read_contents(good.to_bytes()) == good
    for raw in (b"", b"{}", canonical({"pdf": "", "terms": "", "signature": "!"})):
        with pytest.raises(BadSignature, match=r"guarantee\.contents"):
            read_contents(raw)


# Messages

APPLICATION = Application(
    application="a",
    product="bid",
    applicant="甲公司",
    applicant_uscc="91330000000000001X",
    project_number="T2026-000001",
    project="工程",
    lot="T2026-000001-1",
    title="一标段",
    beneficiary="招标人",
    amount=Money.yuan("800000.00"),
    valid_from=NOW,
    valid_to=NOW,
    opening_at=NOW,
)
ISSUED = Issued(1, "BH1", age.new_identity().recipient, b"closed", "f" * 64, NOW)


def test_an_application_and_its_answers_are_read_as_they_were_written() -> None:
    assert Application.read(dict(APPLICATION.to_json())) == APPLICATION
    for answer in (
        Answer("underwriting"),
        Answer("rejected", "why"),
        Answer("offered", "", Money(5)),
        Answer("issued", "", Money(5), ISSUED),
    ):
        assert read_answer(canonical(answer.to_json())) == answer
    assert ISSUED.ct_sha256 == sha256(b"closed").hex()


def _bent(**changes: JSON) -> bytes:
    said = parse_object(canonical(Answer("issued", "", Money(5), ISSUED).to_json()))
    issued = dict(said["issued"])  # type: ignore[call-overload]
    for name, value in changes.items():
        (issued if name in issued else said)[name] = value
    return canonical({**said, "issued": issued})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        _bent(state="lost"),
        _bent(cause=1),
        _bent(premium="1.234"),
        _bent(premium=1),
        _bent(ver="1"),
        _bent(ver=0),
        _bent(guaranteeId=""),
        _bent(guaranteeId=1),
        _bent(recipient="age1"),
        _bent(fileSha256="x"),
        _bent(ciphertext="!"),
        _bent(termEndDate="tomorrow"),
        canonical({"state": "issued", "issued": 1}),
    ],
)
def test_an_answer_that_says_something_else_is_refused(body: bytes) -> None:
    with pytest.raises(RuleBroken, match=r"message\.malformed"):
        read_answer(body)


# Registration


def test_a_registration_is_read_and_its_root_must_be_one(seal: Seal) -> None:
    body: dict[str, JSON] = {"name": " 甲 ", "url": "https://g.example.cn/", "root": certificates.to_pem(seal.root), "reason": "r"}
    read = Registration.read(body)
    assert (read.name, read.url, read.root_sha256) == ("甲", "https://g.example.cn", certificates.fingerprint(seal.root))
    wrong: list[tuple[dict[str, JSON], str]] = [
        ({**body, "more": "x"}, "guarantor.malformed"),
        ({**body, "name": ""}, "guarantor.malformed"),
        ({**body, "root": certificates.to_pem(seal.certificate)}, "guarantor.root"),
        ({**body, "root": b64(b"x")}, "certificate.malformed"),
        *(
            ({**body, "url": url}, "guarantor.url")
            for url in ("ftp://g", "https://a@g", "https://g:0", "https://g/?a=1", "https://[", "担保")
        ),
    ]
    for said, code in wrong:
        with pytest.raises((RuleBroken, BadSignature)) as refused:
            Registration.read(said)
        assert refused.value.code == code, said
