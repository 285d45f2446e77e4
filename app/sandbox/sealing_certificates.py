"""The certificates and signatures of a sandbox guarantor: a root, its sealing certificate, CMS signatures, and PAdES in a PDF."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from app.sandbox.state import StateFolder
from core.kernel import certificates, der, detached, pades
from core.kernel.encoding import sha256
from core.kernel.timestamps import SHA256

RSA_SHA256 = "1.2.840.113549.1.1.11"
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
ROOM = 8192  # bytes kept free in a PDF for its signature
_DER = serialization.Encoding.DER
_DIGEST = der.sequence(der.oid(SHA256), der.tlv(der.NULL))


class Seal:
    """A guarantor's key with its chain; RSA, which every PDF reader can check."""

    def __init__(self, state: StateFolder, name: str) -> None:
        self.name = name
        root_key, self._key = _key(state, "root.key"), _key(state, "seal.key")
        pem = state.once("root.pem", lambda: certificates.to_pem(_root(name, root_key)).encode())
        self.root = certificates.read_certificate(pem.decode())
        pem = state.once("seal.pem", lambda: certificates.to_pem(_leaf(name, self._key, root_key, self.root)).encode())
        self.certificate = certificates.read_certificate(pem.decode())

    def sign(self, content: bytes) -> bytes:
        """The detached CMS SignedData (CAdES baseline B) over these bytes, with the chain in it."""
        pin = der.sequence(der.sequence(der.sequence(der.tlv(der.OCTETS, self.certificate.fingerprint(hashes.SHA256())))))
        attributes = der.set_of(
            _attribute(detached.CONTENT_TYPE, der.oid(detached.DATA)),
            _attribute(detached.MESSAGE_DIGEST, der.tlv(der.OCTETS, sha256(content))),
            _attribute(pades.SIGNING_CERTIFICATE_V2, pin),
        )
        signer = der.sequence(
            der.integer(1),
            der.sequence(self.certificate.issuer.public_bytes(), der.integer(self.certificate.serial_number)),
            _DIGEST,
            der.tlv(der.context(0), der.read(attributes).content),
            der.sequence(der.oid(RSA_SHA256), der.tlv(der.NULL)),
            der.tlv(der.OCTETS, self._key.sign(attributes, padding.PKCS1v15(), hashes.SHA256())),
        )
        embedded = b"".join(sorted(one.public_bytes(_DER) for one in (self.certificate, self.root)))
        signed = der.sequence(
            der.integer(1),
            der.set_of(_DIGEST),
            der.sequence(der.oid(detached.DATA)),
            der.tlv(der.context(0), embedded),
            der.set_of(signer),
        )
        return der.sequence(der.oid(detached.SIGNED_DATA), der.tlv(der.context(0), signed))

    def sign_pdf(self, plain: bytes, at: datetime) -> bytes:
        """The PDF with one invisible signature field, signed over every byte of it."""
        prepared = _with_place(plain, self.name, at)
        opening = prepared.index(b"<" + b"0" * 64)
        closing = prepared.index(b">", opening) + 1
        ranged = f"[ 0 {opening:010d} {closing:010d} {len(prepared) - closing:010d} ]".encode()
        start = prepared.index(b"/ByteRange [") + len(b"/ByteRange ")
        end = prepared.index(b"]", start) + 1
        if len(ranged) > end - start:
            raise ValueError("no room for the byte range")
        prepared = prepared[:start] + ranged.ljust(end - start) + prepared[end:]
        signature = self.sign(prepared[:opening] + prepared[closing:])
        held = signature.hex().encode().ljust(closing - opening - 2, b"0")
        if len(held) != closing - opening - 2:
            raise ValueError("no room for the signature")
        return prepared[: opening + 1] + held + prepared[closing - 1 :]


def _with_place(plain: bytes, name: str, at: datetime) -> bytes:
    with pikepdf.open(BytesIO(plain)) as pdf:
        value = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Sig,
                Filter=pikepdf.Name("/Adobe.PPKLite"),
                SubFilter=pikepdf.Name(pades.SUBFILTER.decode()),
                ByteRange=pikepdf.Array([0, 9999999999, 9999999999, 9999999999]),
                Contents=pikepdf.String(bytes(ROOM)),
                M=pikepdf.String(f"D:{at.astimezone(UTC):%Y%m%d%H%M%S}Z"),
                Name=pikepdf.String(name),
            )
        )
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T=pikepdf.String("Guarantor"),
                Rect=pikepdf.Array([0, 0, 0, 0]),
                F=132,  # printed and locked
                V=value,
                P=pdf.pages[0].obj,
            )
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([*pdf.pages[0].obj.get("/Annots", []), field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)
        sink = BytesIO()
        pdf.save(sink, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return sink.getvalue()


def _attribute(name: str, value: bytes) -> bytes:
    return der.sequence(der.oid(name), der.tlv(der.SET, value))


def _key(state: StateFolder, name: str) -> rsa.RSAPrivateKey:
    def make() -> bytes:
        private = rsa.generate_private_key(65537, 2048)
        plain = serialization.NoEncryption()
        return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)

    key = serialization.load_pem_private_key(state.once(name, make), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _root(name: str, key: rsa.RSAPrivateKey) -> x509.Certificate:
    said = _name(f"{name} root")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    return (
        _certificate(said, said, key)
        .add_extension(x509.BasicConstraints(True, 0), True)
        .add_extension(usage, True)
        .sign(key, hashes.SHA256())
    )


def _leaf(name: str, key: rsa.RSAPrivateKey, root_key: rsa.RSAPrivateKey, root: x509.Certificate) -> x509.Certificate:
    builder = _certificate(_name(name), root.subject, key).add_extension(x509.BasicConstraints(False, None), True)
    builder = builder.add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return builder.add_extension(identifier, False).sign(root_key, hashes.SHA256())


def _certificate(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey) -> x509.CertificateBuilder:
    """Good from long ago until long from now, since the clocks of tests and demonstrations wander."""
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=3650)).not_valid_after(now + timedelta(days=7300)).public_key(key.public_key())
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
