"""A time stamp authority (RFC 3161 over HTTP) with a root of its own; its tokens are real, its standing is not."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.sandbox.serving import Answer, serve, server
from app.sandbox.state import StateFolder
from core.kernel import certificates, clock, der, timestamps
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature
from core.kernel.signing import private_pem, read_p256_pem

POLICY = "2.999.3161.1"  # 2.999 is the arc for examples (ITU-T X.660)
ECDSA_SHA256 = "1.2.840.10045.4.3.2"
SIGNING_TIME = "1.2.840.113549.1.9.5"
UTC_TIME = 0x17
REJECTION, BAD_REQUEST = 2, b"\x05\x20"  # PKIFailureInfo bit 2, badRequest


class TimeStampAuthority:
    """Its certificate under its own root, and the stamps it signs."""

    def __init__(self, state: StateFolder, clock_file: Path | None) -> None:
        self._clock_file = clock_file
        root_key = _key(state, "root.key")
        self._key = _key(state, "tsa.key")
        pem = state.once("root.pem", lambda: certificates.to_pem(_root(root_key)).encode())
        self.root = certificates.read_certificate(pem.decode())
        pem = state.once("tsa.pem", lambda: certificates.to_pem(_tsa(self._key, root_key, self.root)).encode())
        self.certificate = certificates.read_certificate(pem.decode())

    def handle(self, method: str, path: str, media: str, body: bytes) -> Answer:
        """`POST` of a query to any path; `GET /root.pem` for whoever sets a policy up."""
        if method == "GET":
            return Answer(200, certificates.to_pem(self.root).encode(), "application/x-pem-file") if path == "/root.pem" else Answer(404)
        if media != timestamps.MEDIA_QUERY:
            return Answer(415)
        return Answer(200, self.reply(body), timestamps.MEDIA_REPLY)

    def reply(self, query: bytes) -> bytes:
        """The DER TimeStampResp to a query: a stamp, or a rejection where the query is malformed, not SHA-256, or of a foreign policy."""
        try:
            request = timestamps.read_request(query)
        except BadSignature:
            return _rejection()
        if request.policy not in (None, POLICY):
            return _rejection()
        return der.sequence(der.sequence(der.integer(0)), self._token(self._info(request)))

    def _info(self, request: timestamps.Request) -> bytes:
        """TSTInfo (RFC 3161 §2.4.2)."""
        return der.sequence(
            der.integer(1),
            der.oid(POLICY),
            timestamps.message_imprint(request.imprint),
            der.integer(secrets.randbits(63)),
            der.generalized_time(clock.now(self._clock_file)),
            der.sequence(der.integer(1)),  # accurate to one second
            der.integer(request.nonce) if request.nonce is not None else b"",
        )

    def _token(self, info: bytes) -> bytes:
        """ContentInfo around SignedData (RFC 5652 §5) around TSTInfo."""
        content = der.sequence(der.oid(timestamps.TST_INFO), der.tlv(der.context(0), der.tlv(der.OCTETS, info)))
        embedded = b"".join(sorted(certificate.public_bytes(_DER) for certificate in (self.certificate, self.root)))
        signed = der.sequence(
            der.integer(3),
            der.set_of(_SHA256),
            content,
            der.tlv(der.context(0), embedded),
            der.set_of(self._signer_info(info)),
        )
        return der.sequence(der.oid(timestamps.SIGNED_DATA), der.tlv(der.context(0), signed))

    def _signer_info(self, info: bytes) -> bytes:
        pin = der.sequence(der.sequence(der.sequence(der.tlv(der.OCTETS, self.certificate.fingerprint(hashes.SHA256())))))
        attributes = der.set_of(
            _attribute(timestamps.CONTENT_TYPE, der.oid(timestamps.TST_INFO)),
            _attribute(SIGNING_TIME, der.tlv(UTC_TIME, f"{clock.now(self._clock_file):%y%m%d%H%M%SZ}".encode())),
            _attribute(timestamps.MESSAGE_DIGEST, der.tlv(der.OCTETS, sha256(info))),
            _attribute(timestamps.SIGNING_CERTIFICATE_V2, pin),
        )
        return der.sequence(
            der.integer(1),
            der.sequence(self.certificate.issuer.public_bytes(), der.integer(self.certificate.serial_number)),
            _SHA256,
            der.tlv(der.context(0), der.read(attributes).content),
            der.sequence(der.oid(ECDSA_SHA256)),
            der.tlv(der.OCTETS, self._key.sign(attributes, ec.ECDSA(hashes.SHA256()))),
        )


_DER = serialization.Encoding.DER
_SHA256 = der.sequence(der.oid(timestamps.SHA256), der.tlv(der.NULL))


def _attribute(name: str, value: bytes) -> bytes:
    return der.sequence(der.oid(name), der.tlv(der.SET, value))


def _rejection() -> bytes:
    return der.sequence(der.sequence(der.integer(REJECTION), der.tlv(der.BIT_STRING, BAD_REQUEST)))


def _key(state: StateFolder, name: str) -> ec.EllipticCurvePrivateKey:
    return read_p256_pem(state.once(name, lambda: private_pem(ec.generate_private_key(ec.SECP256R1()))))


def _root(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("Sandbox time stamp root")
    builder = _certificate(name, name, key).add_extension(x509.BasicConstraints(True, 0), True)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    return builder.add_extension(usage, True).sign(key, hashes.SHA256())


def _tsa(key: ec.EllipticCurvePrivateKey, root_key: ec.EllipticCurvePrivateKey, root: x509.Certificate) -> x509.Certificate:
    builder = _certificate(_name("Sandbox time stamp authority"), root.subject, key)
    builder = builder.add_extension(x509.BasicConstraints(False, None), True)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    builder = builder.add_extension(usage, True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return builder.add_extension(identifier, False).sign(root_key, hashes.SHA256())


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    """Good from long ago until long from now, since the clocks of tests and demonstrations wander."""
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=3650)).not_valid_after(now + timedelta(days=7300)).public_key(key.public_key())
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@click.command("sandbox-tsa")
@click.option("--state", type=click.Path(path_type=Path), required=True, help="Folder of its keys and certificates.")
@click.option("--port", type=int, required=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--clock-file", type=click.Path(path_type=Path), envvar="GONGHENG_CLOCK_FILE", help="The shared clock offset.")
def sandbox_tsa(state: Path, port: int, host: str, clock_file: Path | None) -> None:
    """Runs a time stamp authority; prints one JSON line with its URL and the SHA-256 of its root certificate."""
    authority = TimeStampAuthority(StateFolder(state), clock_file)
    serve(server(host, port, authority.handle), {"root": certificates.fingerprint(authority.root), "policy": POLICY})
