"""What an authority answers about a certificate: genuine answers of `openssl ocsp`, and every kind that must not be believed."""

from __future__ import annotations

import socket
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from core.kernel import clock, revocation
from core.kernel.errors import BadSignature
from core.kernel.revocation import Status, judge, load_crl
from core.kernel.revocation import read_crl as read_list
from tests.builders.authorities import DAY, ISSUES, ForeignAuthority, Signing, make, name

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
HERE = ForeignAuthority("Here", NOW)
LEAF = HERE.certify(ec.generate_private_key(ec.SECP256R1()).public_key())
OTHER = HERE.certify(ec.generate_private_key(ec.SECP256R1()).public_key())
ISSUER = HERE.issuing.certificate


def read(der, certificate=LEAF, issuer=ISSUER, nonce=None):
    return revocation.read_ocsp(der, certificate, issuer, nonce)


def read_crl(der, certificate=LEAF, issuer=ISSUER):
    return read_list(load_crl(der), certificate, issuer)


@contextmanager
def responder(folder, authority, index, *more):
    """A real `openssl ocsp` over an index file."""
    for label, one in (("issuing", authority.issuing), ("responder", authority.responder)):
        (folder / f"{label}.pem").write_text(one.pem)
    key = authority.responder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "responder.key").write_bytes(key)
    (folder / "index.txt").write_text("".join(index))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["openssl", "ocsp", "-port", str(port), "-index", "index.txt", "-CA", "issuing.pem", "-rsigner", "responder.pem"]
    process = subprocess.Popen(
        [*command, "-rkey", "responder.key", "-nmin", "60", *more], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        while "waiting for" not in process.stderr.readline():  # it serves one connection at a time: a trial would be its first
            assert process.poll() is None
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)


def run(folder, *words):
    return subprocess.run(["openssl", "ocsp", *words], cwd=folder, capture_output=True, text=True, check=False)


def line(certificate, revoked=None):
    state, when = ("R", revoked.strftime("%y%m%d%H%M%SZ")) if revoked else ("V", "")
    return f"{state}\t401231235959Z\t{when}\t{certificate.serial_number:X}\tunknown\t/CN=x\n"


@pytest.mark.foreign
@pytest.mark.parametrize("family", ["ecdsa", "rsa"])
def test_a_responder_that_is_not_ours_is_understood(tmp_path, family):
    authority = ForeignAuthority("Far", NOW, family)
    good, bad, stranger = (authority.certify(ec.generate_private_key(ec.SECP256R1()).public_key()) for _ in range(3))
    with responder(tmp_path, authority, [line(good), line(bad, NOW - HOUR)]) as url:
        for certificate, state in ((good, "good"), (bad, "revoked"), (stranger, "unknown")):
            nonce = b"n" * revocation.NONCE
            asked = revocation.ask(certificate, authority.issuing.certificate, nonce)
            answer = httpx.post(url, content=asked, headers={"Content-Type": "application/ocsp-request"}).content
            status = read(answer, certificate, authority.issuing.certificate, nonce)
            assert (status.state, status.source, status.is_fresh(datetime.now(UTC))) == (state, "ocsp", True)
            assert status.revoked_at == (NOW - HOUR if state == "revoked" else None)
            with pytest.raises(BadSignature, match=r"status\.nonce"):
                read(answer, certificate, authority.issuing.certificate, b"m" * revocation.NONCE)


@pytest.mark.foreign
def test_openssl_reads_our_question_and_agrees_on_the_answer(tmp_path):
    (tmp_path / "q.der").write_bytes(revocation.ask(LEAF, ISSUER, b"n" * 16))
    said = run(tmp_path, "-reqin", "q.der", "-req_text", "-noverify")
    assert f"{LEAF.serial_number:X}" in said.stdout and "Nonce" in said.stdout
    for label, one in (("root", HERE.root), ("issuing", HERE.issuing)):
        (tmp_path / f"{label}.pem").write_text(one.pem)
    (tmp_path / "leaf.pem").write_bytes(LEAF.public_bytes(Encoding.PEM))
    stranger = HERE.delegate(above=ForeignAuthority("Else", NOW).issuing)
    wrong = HERE.delegate(purpose=ExtendedKeyUsageOID.SERVER_AUTH)
    for signer, holds in ((None, True), (HERE.issuing, True), (stranger, False), (wrong, False)):
        answer = HERE.status(LEAF, NOW, signer=signer)
        (tmp_path / "a.der").write_bytes(answer)
        given = ("-issuer", "issuing.pem", "-cert", "leaf.pem", "-CAfile", "root.pem", "-verify_other", "issuing.pem")
        done = run(tmp_path, "-respin", "a.der", *given)
        assert ("Response verify OK" in done.stderr) == holds, done.stderr
        if holds:
            assert read(answer).state == "good"
        else:
            with pytest.raises(BadSignature, match=r"status\.responder"):
                read(answer)


def test_answers_that_must_not_be_believed():
    elsewhere = ForeignAuthority("Else", NOW)
    tampered = bytearray(HERE.status(LEAF, NOW))
    tampered[tampered.index(b"\x80\x00")] = 0x82  # good becomes unknown
    refused = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(Encoding.DER)
    expired_key = ec.generate_private_key(ec.SECP256R1())
    purposes = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False)
    expired = Signing(
        make(name("Old"), expired_key.public_key(), HERE.issuing, NOW - 9 * DAY, NOW - DAY, purposes, (x509.OCSPNoCheck(), False)),
        expired_key,
    )
    no_purpose = Signing(make(name("No"), expired_key.public_key(), HERE.issuing, NOW - 9 * DAY, NOW + DAY), expired_key)
    may_not = Signing(
        make(name("Not"), expired_key.public_key(), HERE.issuing, NOW - DAY, NOW + DAY, purposes, (ISSUES, True)), expired_key
    )
    for der, code in (
        (b"", "status.malformed"),
        (b"rubbish", "status.malformed"),
        (HERE.status(LEAF, NOW)[:-7], "status.malformed"),
        (refused, "status.no_answer"),
        (HERE.status(OTHER, NOW), "status.other_certificate"),
        (HERE.status(LEAF, NOW, issuer=HERE.root), "status.other_certificate"),
        (elsewhere.status(LEAF, NOW), "status.responder"),
        (HERE.status(LEAF, NOW, signer=HERE.root), "status.responder"),
        (HERE.status(LEAF, NOW, signer=expired), "status.responder"),
        (HERE.status(LEAF, NOW, signer=no_purpose), "status.responder"),
        (HERE.status(LEAF, NOW, signer=may_not), "status.responder"),
        (bytes(tampered), "status.signature"),
    ):
        with pytest.raises(BadSignature) as caught:
            read(der)
        assert caught.value.code == code, (code, caught.value.code)
    with pytest.raises(BadSignature, match=r"status\.nonce"):
        read(HERE.status(LEAF, NOW, nonce=b"a" * 16), nonce=b"b" * 16)
    assert read(HERE.status(LEAF, NOW), nonce=b"b" * 16).state == "good"  # made in advance
    assert read(HERE.status(LEAF, NOW, nonce=b"b" * 16), nonce=b"b" * 16).state == "good"


def test_an_answer_under_a_name_and_one_under_sha_1():
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=LEAF,
        issuer=ISSUER,
        algorithm=hashes.SHA256(),
        cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=NOW,
        next_update=None,
        revocation_time=None,
        revocation_reason=None,
    )
    named = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, ISSUER)
    assert read(named.sign(HERE.issuing.key, hashes.SHA256()).public_bytes(Encoding.DER)).next_update is None
    with pytest.raises(BadSignature, match=r"status\.signature"):
        read(named.sign(HERE.issuing.key, hashes.SHA224()).public_bytes(Encoding.DER))
    edwards = ed25519.Ed25519PrivateKey.generate()
    odd = Signing(make(ISSUER.subject, edwards.public_key(), HERE.issuing, NOW - DAY, NOW + DAY), edwards)
    unsigned = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, odd.certificate).certificates([odd.certificate])
    with pytest.raises(BadSignature, match=r"status\.signature"):
        read(unsigned.sign(edwards, None).public_bytes(Encoding.DER))


def test_a_list_says_who_is_revoked_and_of_all_others_that_they_are_not():
    authority = ForeignAuthority("L", NOW)
    good, bad = (authority.certify(ec.generate_private_key(ec.SECP256R1()).public_key()) for _ in range(2))
    authority.revoke(bad, NOW - HOUR)
    der = authority.crl(NOW)
    assert read_crl(der, good, authority.issuing.certificate) == Status("good", "crl", NOW, NOW + 7 * DAY)
    assert read_crl(der, bad, authority.issuing.certificate) == Status("revoked", "crl", NOW, NOW + 7 * DAY, NOW - HOUR)
    pem = load_crl(der).public_bytes(Encoding.PEM)
    assert read_crl(b"\n" + pem, bad, authority.issuing.certificate).state == "revoked"


def test_a_millisecond_is_believed_inside_the_second_of_its_entry_alone():
    def entry(*extensions):
        made = x509.RevokedCertificateBuilder().serial_number(LEAF.serial_number).revocation_date(NOW)
        for value in extensions:
            made = made.add_extension(value, False)
        builder = x509.CertificateRevocationListBuilder().issuer_name(ISSUER.subject).last_update(NOW).next_update(NOW + DAY)
        return builder.add_revoked_certificate(made.build()).sign(HERE.issuing.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def moment(at):
        return x509.UnrecognizedExtension(revocation.MOMENT, clock.text(at).encode())

    inside = NOW + timedelta(milliseconds=250)
    reason = x509.CRLReason(x509.ReasonFlags.key_compromise)
    for extensions, at in (([], NOW), ([reason], NOW), ([reason, moment(inside)], inside), ([moment(NOW + DAY)], NOW)):
        assert read_crl(entry(*extensions)).revoked_at == at
    with pytest.raises(BadSignature, match=r"status\.malformed"):
        read_crl(entry(x509.UnrecognizedExtension(revocation.MOMENT, b"tomorrow")))


def test_lists_that_must_not_be_believed():
    twin = Signing(HERE.issuing.certificate, ec.generate_private_key(ec.SECP256R1()))
    part = x509.IssuingDistributionPoint(None, None, True, False, None, False, False)
    silent = HERE.authority("Silent", HERE.root, 0)
    key = ec.generate_private_key(ec.SECP256R1())
    limits = (x509.BasicConstraints(True, 0), True)
    usage = x509.KeyUsage(False, False, False, False, False, True, False, False, False)
    no_lists = Signing(make(name("M"), key.public_key(), HERE.root, NOW - DAY, NOW + DAY, limits, (usage, True)), key)
    theirs = HERE.certify(key.public_key(), above=no_lists)
    weak = x509.CertificateRevocationListBuilder().issuer_name(ISSUER.subject).last_update(NOW).next_update(NOW + DAY)
    for der, certificate, issuer, code in (
        (b"rubbish", LEAF, ISSUER, "status.malformed"),
        (b"-----BEGIN rubbish", LEAF, ISSUER, "status.malformed"),
        (HERE.crl(NOW, above=HERE.root), LEAF, ISSUER, "status.responder"),
        (HERE.crl(NOW, above=silent), LEAF, silent.certificate, "status.responder"),
        (HERE.crl(NOW, above=no_lists), theirs, no_lists.certificate, "status.responder"),
        (HERE.crl(NOW, above=twin), LEAF, ISSUER, "status.signature"),
        (weak.sign(HERE.issuing.key, hashes.SHA224()).public_bytes(Encoding.DER), LEAF, ISSUER, "status.signature"),
        (HERE.crl(NOW, extensions=[(part, True)]), LEAF, ISSUER, "status.partial"),
        (HERE.crl(NOW, extensions=[(x509.DeltaCRLIndicator(1), True)]), LEAF, ISSUER, "status.partial"),
    ):
        with pytest.raises(BadSignature) as caught:
            read_crl(der, certificate, issuer)
        assert caught.value.code == code, (code, caught.value.code)


def said(state="good", at=NOW, hours=24, revoked_at=None):
    return Status(state, "ocsp", at, None if hours is None else at + hours * HOUR, revoked_at)


@pytest.mark.parametrize(
    ("statuses", "at", "state"),
    [
        ([], NOW, "unknown"),
        ([said()], NOW, "good"),
        ([said()], NOW + 24 * HOUR, "good"),
        ([said()], NOW + 25 * HOUR, "unknown"),
        ([said()], NOW - 99 * DAY, "good"),  # made later than the moment, and not revoked even then
        ([said(hours=None)], NOW, "good"),
        ([said(hours=None)], NOW + HOUR, "unknown"),
        ([said("unknown")], NOW, "unknown"),
        ([said("revoked", revoked_at=NOW)], NOW, "revoked"),
        ([said("revoked", revoked_at=NOW)], NOW - HOUR, "good"),
        ([said("revoked", NOW + 9 * DAY, revoked_at=NOW)], NOW + HOUR, "revoked"),
        ([said(), said("revoked", NOW + HOUR, revoked_at=NOW - HOUR)], NOW, "revoked"),
        ([said("unknown"), said()], NOW, "good"),
    ],
)
def test_what_is_said_comes_to_one_answer_for_a_moment(statuses, at, state):
    assert judge(statuses, at) == state


def test_a_status_is_fresh_until_the_next_is_due_and_for_a_day_where_none_is_named():
    assert said().is_fresh(NOW + 24 * HOUR) and not said().is_fresh(NOW + 25 * HOUR)
    assert said(hours=None).is_fresh(NOW + 24 * HOUR) and not said(hours=None).is_fresh(NOW + 25 * HOUR)
    assert said().is_fresh(NOW - timedelta(minutes=5)) and not said().is_fresh(NOW - timedelta(minutes=6))
