"""Statements, envelopes and every kind of signature: what holds, and that nothing changed holds."""

from __future__ import annotations

import json
import secrets
import unicodedata
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from hypothesis import given
from hypothesis import strategies as st
from webauthn import verify_authentication_response, verify_registration_response

from core.kernel import dsse, jcs, signing, speaking, webauthn
from core.kernel.encoding import b64, unb64, unhex
from core.kernel.errors import BadSignature
from core.kernel.signing import Actor, Ed25519Signer, KeyRecord, SoftwareAuthenticator, SoftwareP256Signer
from core.kernel.webauthn import RelyingParty

RP = RelyingParty("localhost", "http://localhost:8000")
SIGNERS = [Ed25519Signer.generate(), SoftwareP256Signer.generate(), SoftwareAuthenticator.generate(RP)]
KINDS = [signer.key.kind for signer in SIGNERS]
AT = datetime(2026, 3, 2, 1, 2, 3, 456_000, tzinfo=UTC)


def say(signer, **changes):
    step_up = "webauthn" if signer.key.kind == "webauthn-es256" else ""
    members = {
        "type": "score",
        "case": "C-1",
        "lot": "1",
        "round": 0,
        "prev": "",
        "actor": Actor("urn:ztb:person:1", "expert", signer.key.key_id),
        "nonce": "00" * 16,
        "iat": AT,
        "ckpt": signing.NOTHING_SEEN,
        "body": {"name": "张三", "score": "87.50"},
        "view_sha256": "ab" * 32,
        "step_up": step_up,
    }
    return signing.statement(**(members | changes))


@pytest.mark.parametrize("signer", SIGNERS, ids=KINDS)
def test_a_signed_statement_comes_back_as_it_was_said(signer):
    payload = say(signer)
    envelope = dsse.read_envelope(signing.sign(payload, signer).to_bytes())
    said = signing.open_statement(envelope, signer.key, RP)
    assert (said.type, said.case, said.iat, said.body["name"], said.payload) == ("score", "C-1", AT, "张三", payload)
    assert envelope.payload_type == "application/vnd.ztb.score.v1+json"


@pytest.mark.parametrize("signer", SIGNERS, ids=KINDS)
def test_any_changed_byte_of_an_envelope_is_refused(signer):
    written = signing.sign(say(signer), signer).to_bytes()
    for place in range(len(written)):
        changed = written[:place] + bytes([written[place] ^ 1 << secrets.randbelow(8)]) + written[place + 1 :]
        with pytest.raises(BadSignature):
            signing.open_statement(dsse.read_envelope(changed), signer.key, RP)


@pytest.mark.parametrize("signer", SIGNERS, ids=KINDS)
def test_the_kind_is_the_keys_and_not_the_wires(signer):
    envelope = signing.sign(say(signer), signer)
    line = envelope.signatures[0]
    for kind in set(KINDS) - {signer.key.kind}:
        with pytest.raises(BadSignature, match=r"signature\.kind_differs"):
            signing.verify(replace(envelope, signatures=(replace(line, kind=kind),)), signer.key, RP)


def test_two_people_may_sign_one_statement():
    first, second = SoftwareP256Signer.generate(), SoftwareP256Signer.generate()
    envelope = signing.sign(say(first), first, second)
    signing.verify(envelope, first.key)
    signing.verify(envelope, second.key)
    with pytest.raises(BadSignature, match=r"signature\.key_missing"):
        signing.verify(envelope, Ed25519Signer.generate().key)
    with pytest.raises(BadSignature, match=r"statement\.key_differs"):
        signing.open_statement(envelope, second.key)
    with pytest.raises(BadSignature, match=r"dsse\.same_key_twice"):
        dsse.read_envelope(signing.sign(say(first), first, first).to_bytes())


def test_a_key_of_another_suite_verifies_nothing():
    signer = Ed25519Signer.generate()
    with pytest.raises(BadSignature, match=r"statement\.suite_unknown"):
        signing.verify(signing.sign(say(signer), signer), replace(signer.key, suite="ztb-gm-1"))


def test_the_claimed_step_up_must_be_what_the_key_makes():
    device, platform, stick = SoftwareP256Signer.generate(), Ed25519Signer.generate(), SoftwareAuthenticator.generate(RP)
    assert signing.open_statement(signing.sign(say(device, step_up="password+device"), device), device.key).step_up == "password+device"
    for signer, claim in ((device, "webauthn"), (platform, "password+device"), (stick, ""), (stick, "password+device")):
        with pytest.raises(BadSignature, match=r"statement\.step_up_differs"):
            signing.open_statement(signing.sign(say(signer, step_up=claim), signer), signer.key, RP)


def test_the_type_inside_and_the_type_outside_must_agree():
    signer = Ed25519Signer.generate()
    envelope = signing.sign(say(signer), signer)
    other = dsse.Envelope(dsse.payload_type("vote"), envelope.payload, ())
    forged = replace(other, signatures=(signer.sign(other.signed_bytes),))
    with pytest.raises(BadSignature, match=r"statement\.type_differs"):
        signing.open_statement(forged, signer.key)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"v": True},
        {"suite": "ztb-gm-1"},
        {"type": "Score"},
        {"type": ""},
        {"type": 1},
        {"case": 1},
        {"lot": None},
        {"round": -1},
        {"round": True},
        {"round": "0"},
        {"prev": "ab"},
        {"prev": "AB" * 32},
        {"actor": {"id": "a", "role": "b"}},
        {"actor": {"id": "a", "role": "b", "key_id": "zz" * 32}},
        {"actor": {"id": 1, "role": "b", "key_id": "00" * 32}},
        {"actor": []},
        {"nonce": "00"},
        {"nonce": None},
        {"iat": "2026-03-02T01:02:03Z"},
        {"iat": "2026-02-30T01:02:03.000Z"},
        {"ckpt": {"size": 1}},
        {"ckpt": {"size": -1, "root": b64(bytes(32))}},
        {"ckpt": {"size": 1, "root": b64(bytes(31))}},
        {"body": []},
        {"view_sha256": "ab"},
        {"view_sha256": 1},
        {"step_up": ""},
        {"step_up": "sms"},
        {"step_up": 1},
        {"extra": 1},
    ],
    ids=str,
)
def test_a_statement_out_of_shape_is_refused(changes):
    members = jcs.parse_object(say(SIGNERS[0])) | changes
    with pytest.raises(BadSignature):
        signing.read_statement(jcs.canonical(members))


@pytest.mark.parametrize("missing", sorted(jcs.parse_object(say(SIGNERS[0]))))
def test_a_statement_with_a_member_missing_is_refused(missing):
    members = jcs.parse_object(say(SIGNERS[0]))
    del members[missing]
    with pytest.raises(BadSignature):
        signing.read_statement(jcs.canonical(members))


def test_a_statement_out_of_shape_is_not_even_made():
    with pytest.raises(BadSignature):
        say(SIGNERS[0], nonce="short")
    with pytest.raises(BadSignature):
        say(SIGNERS[0], body={"score": 87.5})


def test_what_has_no_type_cannot_be_signed():
    with pytest.raises(BadSignature):
        signing.sign(b"{}", SIGNERS[0])


# Envelopes


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e.pop("payload"),
        lambda e: e.update(extra=1),
        lambda e: e.update(payloadType=1),
        lambda e: e.update(signatures=[]),
        lambda e: e.update(signatures={}),
        lambda e: e.update(signatures=[1]),
        lambda e: e.update(payload=e["payload"].rstrip("=") if e["payload"].endswith("=") else e["payload"] + "===="),
        lambda e: e["signatures"][0].update(kind="sm2"),
        lambda e: e["signatures"][0].update(kind=1),
        lambda e: e["signatures"][0].update(keyid="AB" * 32),
        lambda e: e["signatures"][0].update(extra=1),
        lambda e: e["signatures"][0].pop("sig"),
        lambda e: e["signatures"][0].update(sig="é"),
    ],
)
@pytest.mark.parametrize("signer", SIGNERS, ids=KINDS)
def test_an_envelope_out_of_shape_is_refused(signer, change):
    wire = json.loads(signing.sign(say(signer), signer).to_bytes())
    change(wire)
    with pytest.raises(BadSignature):
        dsse.read_envelope(wire)


def test_an_envelope_may_be_spelled_freely_but_is_an_object():
    wire = signing.sign(say(SIGNERS[0]), SIGNERS[0]).to_json()
    assert dsse.read_envelope(json.dumps(wire, indent=2).encode()).to_json() == wire
    with pytest.raises(BadSignature):
        dsse.read_envelope(b"[]")


def test_both_names_of_a_webauthn_signature_carry_the_same_bytes():
    stick = SIGNERS[2]
    wire = json.loads(signing.sign(say(stick), stick).to_bytes())
    assert wire["signatures"][0]["sig"] == wire["signatures"][0]["signature"]
    wire["signatures"][0]["signature"] = b64(b"other")
    with pytest.raises(BadSignature, match=r"dsse\.malformed"):
        dsse.read_envelope(wire)


# Keys


def test_a_key_record_takes_only_keys_that_make_its_kind():
    p256, ed = SoftwareP256Signer.generate(), Ed25519Signer.generate()
    p384 = ec.generate_private_key(ec.SECP384R1()).public_key()
    for spki, kind in (
        (p256.key.spki, "ed25519"),
        (ed.key.spki, "es256"),
        (ed.key.spki, "webauthn-es256"),
        (signing.public_der(p384), "es256"),
        (
            ed448.Ed448PrivateKey.generate()
            .public_key()
            .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
            "ed25519",
        ),
        (b"junk", "es256"),
    ):
        with pytest.raises(BadSignature):
            KeyRecord.from_spki(spki, kind)


def test_another_spelling_of_a_key_is_no_key():
    public = SoftwareP256Signer.generate().private.public_key()
    point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    compressed = signing.public_der(public)[:23] + b"\x03\x22\x00" + point
    with pytest.raises(BadSignature):
        KeyRecord.from_spki(b"\x30" + bytes([len(compressed) - 2]) + compressed[2:], "es256")


def test_software_keys_are_kept_as_pem_and_seed():
    signer = SoftwareP256Signer.generate()
    assert SoftwareP256Signer.from_pem(signer.to_pem()).key == signer.key
    platform = Ed25519Signer.generate()
    assert Ed25519Signer.from_seed(platform.seed).key == platform.key
    for pem in (b"junk", signing.private_pem(platform.private), signing.private_pem(ec.generate_private_key(ec.SECP384R1()))):
        with pytest.raises(BadSignature):
            SoftwareP256Signer.from_pem(pem)


def test_a_p256_signature_has_64_bytes():
    signer = SoftwareP256Signer.generate()
    envelope = signing.sign(say(signer), signer)
    line = envelope.signatures[0]
    assert len(line.sig) == 64
    for sig in (line.sig + b"\0", line.sig[:-1], bytes(64)):
        with pytest.raises(BadSignature):
            signing.verify(replace(envelope, signatures=(replace(line, sig=sig),)), signer.key)


# WebAuthn


def test_a_webauthn_library_that_is_not_ours_accepts_the_software_authenticator():
    stick = SoftwareAuthenticator.generate(RP)
    asked = secrets.token_bytes(32)
    registered = verify_registration_response(
        credential=json.dumps(stick.create(asked)),
        expected_challenge=asked,
        expected_rp_id=RP.id,
        expected_origin=RP.origin,
        require_user_verification=True,
    )
    assert registered.credential_id == stick.credential_id
    assert KeyRecord.from_cose(registered.credential_public_key) == stick.key
    message = dsse.pae(dsse.payload_type("score"), say(stick))
    verify_authentication_response(
        credential=json.dumps(stick.get(webauthn.challenge(message))),
        expected_challenge=webauthn.challenge(message),
        expected_rp_id=RP.id,
        expected_origin=RP.origin,
        credential_public_key=registered.credential_public_key,
        credential_current_sign_count=0,
        require_user_verification=True,
    )


def assertion(rp=RP, **changes):
    """An assertion signed afresh over changed parts, so that only the change can be what is refused."""
    stick = SoftwareAuthenticator.generate(rp)
    envelope = signing.sign(say(stick), stick)
    line = envelope.signatures[0]
    client = json.loads(line.client_data) | changes.pop("client", {})
    raw = changes.pop("raw", json.dumps(client).encode())
    data = changes.pop("data", lambda data: data)(line.authenticator_data)
    sig = stick.private.sign(data + webauthn.sha256(raw), ec.ECDSA(signing.hashes.SHA256()))
    return replace(envelope, signatures=(dsse.Signature(line.keyid, line.kind, sig, data, raw),)), stick.key


def test_a_fresh_assertion_holds():
    signing.verify(*assertion(), RP)
    signing.verify(*assertion(client={"crossOrigin": False, "topOrigin": "x"}), RP)


@pytest.mark.parametrize(
    "changes",
    [
        {"client": {"type": "webauthn.create"}},
        {"client": {"challenge": "AAAA"}},
        {"client": {"origin": "http://evil.example"}},
        {"client": {"crossOrigin": True}},
        {"raw": b"[]"},
        {"raw": b"\xff"},
        {"raw": b"[" * 100_000},
        {"data": lambda data: data[:36]},
        {"data": lambda data: bytes(32) + data[32:]},
        {"data": lambda data: data[:32] + b"\x01" + data[33:]},
        {"data": lambda data: data[:32] + b"\x04" + data[33:]},
        {"rp": RelyingParty("evil.example", "http://localhost:8000")},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_assertion_for_something_else_is_refused(changes):
    with pytest.raises(BadSignature, match="webauthn"):
        signing.verify(*assertion(**changes), RP)


def test_without_a_relying_party_no_assertion_holds():
    with pytest.raises(BadSignature, match=r"webauthn\.no_relying_party"):
        signing.verify(*assertion())


def test_only_p256_keys_are_read_from_cose():
    cose = SoftwareAuthenticator.generate(RP).cose
    for changed in (cose[:-1], cose + b"\0", b"\0" + cose[1:], cose[:10] + bytes(32) + cose[42:]):
        with pytest.raises(BadSignature, match=r"key\.malformed"):
            KeyRecord.from_cose(changed)


# Encodings


@pytest.mark.parametrize("text", ["QQ", "QR==", "QQ==\n", "QQ= =", "Q-==", "é", None, 1, "QQ=="])
def test_base64_has_one_spelling(text):
    if text == "QQ==":
        assert unb64(text, 1) == b"A"
        assert b64encode(b"A").decode() == text
        with pytest.raises(BadSignature):
            unb64(text, 2)
    else:
        with pytest.raises(BadSignature):
            unb64(text)


@pytest.mark.parametrize("text", ["a", "AB", "0x", " ab", None, "é"])
def test_hex_is_lower_case_and_even(text):
    with pytest.raises(BadSignature):
        unhex(text)
    assert unhex("00ff", 2) == b"\0\xff"
    with pytest.raises(BadSignature):
        unhex("00ff", 3)


@given(
    case=st.text(st.characters(exclude_categories=("Cs",)), max_size=20).map(lambda text: unicodedata.normalize("NFC", text)),
    lot=st.sampled_from(["", "1", "甲"]),
    number=st.integers(0, 5),
    prev=st.sampled_from(["", "ab" * 32]),
    size=st.integers(0, 2**40),
    body=st.dictionaries(
        st.sampled_from(["amount_fen", "名称", "ref", "until"]), st.one_of(st.integers(0, 9), st.text('甲a\n"', max_size=5))
    ),
)
def test_what_a_program_says_in_a_row_is_written_in_the_same_bytes(  # noqa: PLR0917
    case: str, lot: str, number: int, prev: str, size: int, body: dict[str, Any]
) -> None:
    said: dict[str, Any] = {"type": "payment.notice", "case": case, "lot": lot, "round": number, "prev": prev, "nonce": "0f" * 16}
    said |= {"iat": datetime(2026, 9, 1, 1, 2, 3, 456000, tzinfo=UTC), "body": body}
    said |= {"ckpt": signing.Seen(size, signing.NOTHING_SEEN.root), "actor": signing.Actor("urn:ztb:platform", "system", "cd" * 32)}
    assert speaking.own_statement(**(said | {"body": jcs.canonical(body)})) == signing.statement(**said)
