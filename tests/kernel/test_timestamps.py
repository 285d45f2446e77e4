"""Time stamps: a whole response is taken apart, and no change of it is let through."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.sandbox import tsa
from app.sandbox.state import StateFolder
from app.sandbox.tsa import POLICY, TimeStampAuthority
from core.kernel import clock, der, timestamps
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature

IMPRINT, NONCE = sha256(b"checkpoint"), 2**63 + 5


@pytest.fixture
def authority(tmp_path):
    return TimeStampAuthority(StateFolder(tmp_path / "tsa"), None)


def test_a_stamp_says_when_what_and_under_which_policy(authority):
    reply = authority.reply(timestamps.write_request(IMPRINT, NONCE))
    stamp = timestamps.verify(reply, IMPRINT, [authority.root], POLICY, NONCE)
    assert abs(stamp.at - datetime.now(UTC)) < timedelta(seconds=5)
    assert (stamp.imprint, stamp.policy, stamp.certificate) == (IMPRINT, POLICY, authority.certificate)


def test_a_stamp_follows_the_shared_clock(tmp_path):
    clock.write_offset(tmp_path / "clock", timedelta(days=40))
    moved = TimeStampAuthority(StateFolder(tmp_path / "tsa"), tmp_path / "clock")
    stamp = timestamps.verify(moved.reply(timestamps.write_request(IMPRINT, 0)), IMPRINT, [moved.root])
    assert stamp.at - datetime.now(UTC) > timedelta(days=39)


def test_its_keys_outlive_the_process(tmp_path, authority):
    again = TimeStampAuthority(StateFolder(tmp_path / "tsa"), None)
    assert (again.root, again.certificate) == (authority.root, authority.certificate)
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in (tmp_path / "tsa").iterdir())


def test_any_changed_byte_of_what_is_signed_is_refused(authority):
    reply = authority.reply(timestamps.write_request(IMPRINT, NONCE))
    spared = authority.root.public_bytes(tsa.serialization.Encoding.DER)  # rides along; the trusted copy is what counts
    free = range(reply.find(spared), reply.find(spared) + len(spared))
    for place in range(len(reply)):
        changed = reply[:place] + bytes([reply[place] ^ 1 << secrets.randbelow(8)]) + reply[place + 1 :]
        try:
            timestamps.verify(changed, IMPRINT, [authority.root], POLICY, NONCE)
        except BadSignature:
            continue
        assert place in free, place


@pytest.mark.parametrize(("imprint", "policy", "nonce"), [(bytes(32), POLICY, NONCE), (IMPRINT, "1.2.3", NONCE), (IMPRINT, POLICY, 1)])
def test_a_stamp_over_something_else_is_refused(authority, imprint, policy, nonce):
    reply = authority.reply(timestamps.write_request(IMPRINT, NONCE))
    with pytest.raises(BadSignature, match=r"timestamp\.not_what_was_asked"):
        timestamps.verify(reply, imprint, [authority.root], policy, nonce)


def test_a_stamp_under_another_root_is_refused(authority, tmp_path):
    other = TimeStampAuthority(StateFolder(tmp_path / "other"), None)
    reply = authority.reply(timestamps.write_request(IMPRINT, NONCE))
    for roots in ([], [other.root]):
        with pytest.raises(BadSignature, match=r"timestamp\.root_unknown"):
            timestamps.verify(reply, IMPRINT, roots)


def test_what_cannot_be_answered_is_rejected(authority):
    foreign = der.sequence(der.integer(1), timestamps.message_imprint(IMPRINT), der.oid("1.2.3.4"))
    sha1 = der.sequence(der.integer(1), der.sequence(der.sequence(der.oid("1.3.14.3.2.26")), der.tlv(der.OCTETS, bytes(20))))
    version = der.sequence(der.integer(2), timestamps.message_imprint(IMPRINT))
    for query in (b"", b"junk", foreign, sha1, version):
        with pytest.raises(BadSignature, match=r"timestamp\.not_granted"):
            timestamps.verify(authority.reply(query), IMPRINT, [authority.root])


def test_a_query_without_nonce_is_answered_without_one(authority):
    query = der.sequence(der.integer(1), timestamps.message_imprint(IMPRINT), der.oid(POLICY))
    assert timestamps.read_request(query) == timestamps.Request(IMPRINT, None, POLICY)
    reply = authority.reply(query)
    assert timestamps.verify(reply, IMPRINT, [authority.root]).policy == POLICY
    with pytest.raises(BadSignature, match=r"timestamp\.not_what_was_asked"):
        timestamps.verify(reply, IMPRINT, [authority.root], nonce=0)


# Other authorities, by changing ours


def certified(authority, key, root_key, *, purposes=(ExtendedKeyUsageOID.TIME_STAMPING,), critical=True, days=10):
    """`authority` with another certificate and key."""
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Other")]))
    builder = builder.issuer_name(authority.root.subject).serial_number(9).public_key(key.public_key())
    builder = builder.not_valid_before(now - timedelta(days=20)).not_valid_after(now + timedelta(days=days))
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical)
    authority.certificate, authority._key = builder.sign(root_key, hashes.SHA256()), key
    return authority


class RsaKey:
    """Signs as an RSA authority does, asked for ECDSA."""

    def __init__(self, key):
        self.key = key

    def sign(self, data, _algorithm):
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, timestamps.padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data)

    def public_key(self):
        return self.key.public_key()


@pytest.fixture
def root_key(authority, tmp_path):
    return tsa._key(StateFolder(tmp_path / "tsa"), "root.key")


def check(authority):
    return timestamps.verify(authority.reply(timestamps.write_request(IMPRINT, NONCE)), IMPRINT, [authority.root])


def test_an_rsa_authority_holds_too_and_a_key_of_a_strange_kind_does_not(authority, root_key, monkeypatch):
    with pytest.raises(BadSignature, match=r"timestamp\.key_unfit"):
        check(certified(authority, RsaKey(rsa.generate_private_key(65537, 2048)), root_key))
    monkeypatch.setattr(tsa, "ECDSA_SHA256", "1.2.840.113549.1.1.1")
    assert check(certified(authority, RsaKey(rsa.generate_private_key(65537, 2048)), root_key))
    with pytest.raises(BadSignature, match=r"timestamp\.key_unfit"):
        check(certified(authority, RsaKey(ed25519.Ed25519PrivateKey.generate()), root_key))


@pytest.mark.parametrize(
    ("purposes", "critical"),
    [
        ((), True),
        ((ExtendedKeyUsageOID.TIME_STAMPING,), False),
        ((ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING), True),
    ],
)
def test_only_a_certificate_for_time_stamping_alone_may_stamp(authority, root_key, purposes, critical):
    with pytest.raises(BadSignature, match=r"timestamp\.purpose"):
        check(certified(authority, ec.generate_private_key(ec.SECP256R1()), root_key, purposes=purposes, critical=critical))


def test_the_certificate_must_be_valid_at_the_moment_of_the_stamp(authority, root_key):
    with pytest.raises(BadSignature, match=r"certificate\.not_valid_then"):
        check(certified(authority, ec.generate_private_key(ec.SECP256R1()), root_key, days=-5))


def test_a_certificate_under_one_that_is_no_authority_is_refused(authority):
    below = certified(authority, ec.generate_private_key(ec.SECP256R1()), authority._key)
    with pytest.raises(BadSignature, match=r"timestamp\.root_unknown"):
        check(below)


def test_the_signature_names_its_certificate(authority, monkeypatch):
    monkeypatch.setattr(tsa, "_attribute", _left_out)
    with pytest.raises(BadSignature, match=r"timestamp\.certificate_not_pinned"):
        check(authority)


def _left_out(name, value):
    if name == timestamps.SIGNING_CERTIFICATE_V2:
        name = "1.2.3.4"
    return der.sequence(der.oid(name), der.tlv(der.SET, value))


# DER


@pytest.mark.parametrize("dotted", ["1.2.840.113549", "2.999.3161.1", "0.9", "2.25.2123378488286177479777377546968735504"])
def test_object_identifiers_read_back(dotted):
    assert der.read(der.oid(dotted)).dotted == dotted


def test_times_are_written_without_trailing_zeros():
    for micro, text in ((0, b"20260302010203Z"), (120_000, b"20260302010203.12Z"), (999, b"20260302010203Z")):
        value = der.read(der.generalized_time(datetime(2026, 3, 2, 1, 2, 3, micro, tzinfo=UTC)))
        assert value.content == text
        assert value.moment.second == 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x01",
        b"\x30\x80\x00\x00",
        b"\x30\x81\x01\x00",
        b"\x30\x00\x00",
        b"\x1f\x01\x00",
        b"\x30\x85\x01\x00\x00\x00\x00",
    ],
)
def test_what_is_not_der_is_not_read(data):
    with pytest.raises(BadSignature, match=r"der\.malformed"):
        der.read(data)


@pytest.mark.parametrize("data", [b"\x02\x00", b"\x02\x02\x00\x01", b"\x04\x01\x01"])
def test_a_number_has_one_spelling(data):
    with pytest.raises(BadSignature, match=r"der\.malformed"):
        _ = der.read(data).number


@pytest.mark.parametrize("data", [b"\x06\x00", b"\x06\x02\x80\x01", b"\x06\x01\x80"])
def test_an_object_identifier_has_one_spelling(data):
    with pytest.raises(BadSignature, match=r"der\.malformed"):
        _ = der.read(data).dotted


def test_a_time_is_utc():
    with pytest.raises(BadSignature, match=r"der\.malformed"):
        _ = der.read(der.tlv(der.GENERALIZED_TIME, b"20260302010203+0800")).moment
    with pytest.raises(BadSignature, match=r"der\.malformed"):
        der.read(der.sequence()).members(der.SEQUENCE, 1)
