"""Stock age, openssl, rfc3161-client and securesystemslib on what we make."""

from __future__ import annotations

import io
import json
import secrets
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import rfc3161_client
from cryptography.hazmat.primitives import serialization
from securesystemslib.dsse import Envelope as ForeignEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from app.sandbox.state import StateFolder
from app.sandbox.tsa import TimeStampAuthority
from core.kernel import age, certificates, parcel, sealing, signing, timestamps
from core.kernel.certificates import Holder
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature
from core.kernel.sealing import Place
from core.kernel.signing import Ed25519Signer, SoftwareP256Signer
from tests.builders.paper import Paper

pytestmark = pytest.mark.foreign


def run(*command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, timeout=60, check=False, **options)


# age


def test_stock_age_opens_a_released_bid_and_a_bidder_box(tmp_path):
    (tmp_path / "plan.pdf").write_bytes(secrets.token_bytes(300_000))
    plain = io.BytesIO()
    parcel.pack_envelope({"price": "1.00"}, {"plan.pdf": tmp_path / "plan.pdf"}, plain)
    plain.seek(0)
    device, recovery = age.new_identity(), age.new_identity()
    offices = {role: [age.new_identity().recipient] for role in sealing.ROLES}
    with (tmp_path / "bid.age").open("wb") as target:
        place = Place("C-1", "1", "technical", 1, "org")
        sealed = sealing.seal(plain, target, place, offices=offices, bidder=[device.recipient, recovery.recipient], client_build="t")
    (tmp_path / "box.age").write_bytes(sealed.box)
    (tmp_path / "recovery.key").write_text(recovery.secret + "\n")
    box = run("age", "-d", "-i", tmp_path / "recovery.key", tmp_path / "box.age")
    assert box.returncode == 0
    (tmp_path / "T.key").write_bytes(box.stdout + b"\n")
    assert run("age-keygen", "-y", tmp_path / "T.key").stdout.decode().strip() == sealed.body["bid_pub"]
    opened = run("age", "-d", "-i", tmp_path / "T.key", tmp_path / "bid.age")
    assert opened.stdout == plain.getvalue()
    (tmp_path / "bid.age").write_bytes((tmp_path / "bid.age").read_bytes()[:-1])
    assert run("age", "-d", "-i", tmp_path / "T.key", tmp_path / "bid.age").returncode != 0


def test_we_open_what_stock_age_seals(tmp_path):
    identity, plain = age.new_identity(), secrets.token_bytes(200_000)
    made = run("age", "-r", identity.recipient, input=plain)
    age.check_header(made.stdout)
    assert age.plain_size(len(made.stdout)) == len(plain)
    assert sealing.decrypt(made.stdout, identity) == plain


# Time stamps


@pytest.fixture
def authority(tmp_path):
    return TimeStampAuthority(StateFolder(tmp_path / "tsa"), None)


def test_openssl_accepts_a_time_stamp_and_refuses_it_over_other_data(authority, tmp_path):
    (tmp_path / "text").write_bytes(b"checkpoint")
    (tmp_path / "other").write_bytes(b"checkpoint!")
    query = timestamps.write_request(sha256(b"checkpoint"), secrets.randbits(64))
    (tmp_path / "query.tsq").write_bytes(query)
    (tmp_path / "reply.tsr").write_bytes(authority.reply(query))
    verify = ("openssl", "ts", "-verify", "-in", tmp_path / "reply.tsr", "-CAfile", tmp_path / "tsa" / "root.pem")
    assert run(*verify, "-data", tmp_path / "text").returncode == 0
    assert run(*verify, "-queryfile", tmp_path / "query.tsq").returncode == 0
    assert run(*verify, "-data", tmp_path / "other").returncode != 0
    assert b"Granted" in run("openssl", "ts", "-reply", "-in", tmp_path / "reply.tsr", "-text").stdout


def test_openssl_reads_our_query_and_we_answer_its(authority, tmp_path):
    (tmp_path / "text").write_bytes(b"checkpoint")
    (tmp_path / "query.tsq").write_bytes(timestamps.write_request(sha256(b"checkpoint"), 7))
    assert b"sha256" in run("openssl", "ts", "-query", "-in", tmp_path / "query.tsq", "-text").stdout
    asked = run("openssl", "ts", "-query", "-data", tmp_path / "text", "-sha256", "-cert").stdout
    stamp = timestamps.verify(authority.reply(asked), sha256(b"checkpoint"), [authority.root])
    assert abs(stamp.at - datetime.now(UTC)) < timedelta(seconds=5)


def test_rfc3161_client_accepts_a_time_stamp(authority):
    reply = rfc3161_client.decode_timestamp_response(authority.reply(timestamps.write_request(sha256(b"checkpoint"), 2**63)))
    verifier = rfc3161_client.VerifierBuilder().add_root_certificate(authority.root).nonce(2**63).build()
    assert verifier.verify_message(reply, b"checkpoint")
    with pytest.raises(rfc3161_client.VerificationError):
        verifier.verify_message(reply, b"other")


OPENSSL_TSA = """
[tsa]
serial = {folder}/serial
crypto_device = builtin
signer_digest = {digest}
default_policy = 2.999.1
digests = sha256
ess_cert_id_alg = sha256
clock_precision_digits = 3
"""


@pytest.mark.parametrize(("kind", "digest"), [("rsa:2048", "sha256"), ("rsa:2048", "sha512"), ("ec:prime256v1", "sha384")])
def test_we_accept_what_openssl_stamps(tmp_path, kind, digest):
    key = ["-newkey", kind] if kind.startswith("rsa") else ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    extensions = ["-addext", "extendedKeyUsage=critical,timeStamping"]
    own = ("-x509", "-nodes", "-subj", "/CN=TSA", "-keyout", tmp_path / "k", "-out", tmp_path / "c")
    made = run("openssl", "req", *own, *key, *extensions)
    assert made.returncode == 0, made.stderr
    (tmp_path / "serial").write_text("01")
    (tmp_path / "conf").write_text(OPENSSL_TSA.format(folder=tmp_path, digest=digest))
    (tmp_path / "q").write_bytes(timestamps.write_request(sha256(b"checkpoint"), 99))
    signer = ("-signer", tmp_path / "c", "-inkey", tmp_path / "k", "-config", tmp_path / "conf", "-section", "tsa")
    assert run("openssl", "ts", "-reply", *signer, "-queryfile", tmp_path / "q", "-out", tmp_path / "r").returncode == 0
    root = certificates.x509.load_pem_x509_certificate((tmp_path / "c").read_bytes())
    stamp = timestamps.verify((tmp_path / "r").read_bytes(), sha256(b"checkpoint"), [root], "2.999.1", 99)
    assert stamp.serial in (1, 2)
    with pytest.raises(BadSignature):
        timestamps.verify((tmp_path / "r").read_bytes(), sha256(b"other"), [root])


# Signatures


@pytest.mark.parametrize(
    ("signer", "keytype", "scheme"),
    [(Ed25519Signer.generate(), "ed25519", "ed25519"), (SoftwareP256Signer.generate(), "ecdsa", "ecdsa-sha2-nistp256")],
    ids=["ed25519", "es256"],
)
def test_securesystemslib_verifies_our_envelopes(signer, keytype, scheme):
    paper = Paper()
    wire = json.loads(paper.say(signer, "score", "C-1", {"score": "87.50"}))
    if keytype == "ed25519":
        public = signer.public_raw.hex()
    else:
        public = signer.key.public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        line = wire["signatures"][0]  # it wants ECDSA signatures as DER, we send r ‖ s as browsers make them
        raw = signing.unb64(line["sig"])
        line["sig"] = signing.b64(signing.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")))
    key = SSlibKey(signer.key.key_id, keytype, scheme, {"public": public})
    envelope = ForeignEnvelope.from_dict(wire)
    assert set(envelope.verify([key], 1)) == {signer.key.key_id}
    envelope.payload += b" "
    with pytest.raises(VerificationError):
        envelope.verify([key], 1)


# Certificates


def test_openssl_verifies_a_chain_and_honours_our_revocation_list(tmp_path):
    now = datetime.now(UTC)
    root = certificates.make_root("Root", now)
    issuing = certificates.make_issuing(root, "Issuing", now)
    person = certificates.issue(issuing, Holder("person", "p-1"), SoftwareP256Signer.generate().key, now)
    (tmp_path / "root.pem").write_text(certificates.to_pem(root.certificate))
    (tmp_path / "issuing.pem").write_text(certificates.to_pem(issuing.certificate))
    (tmp_path / "person.pem").write_text(certificates.to_pem(person))
    for revoked, accepted in (((), True), (((person.serial_number, now),), False)):
        lists = [certificates.issue_crl(issuing, revoked, 1, now), certificates.issue_crl(root, (), 1, now)]
        (tmp_path / "crls.pem").write_text("".join(map(certificates.to_pem, lists)))
        files = ("-CAfile", tmp_path / "root.pem", "-untrusted", tmp_path / "issuing.pem", "-CRLfile", tmp_path / "crls.pem")
        checked = run("openssl", "verify", "-x509_strict", "-crl_check_all", *files, tmp_path / "person.pem")
        assert (checked.returncode == 0) is accepted, checked.stderr
