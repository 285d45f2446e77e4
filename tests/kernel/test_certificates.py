"""The internal authority: what its certificates say, and which chains hold when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store

from core.kernel import certificates
from core.kernel.certificates import Holder
from core.kernel.errors import BadSignature
from core.kernel.signing import Ed25519Signer, SoftwareAuthenticator, SoftwareP256Signer
from tests.builders.paper import NOON, RP

DAY = timedelta(days=1)
ROOT = certificates.make_root("根证书 Root", NOON - 10 * DAY)
ISSUING = certificates.make_issuing(ROOT, "Issuing", NOON - 9 * DAY)
DEVICE = SoftwareP256Signer.generate()
PERSON = certificates.issue(ISSUING, Holder("person", "p-1"), DEVICE.key, NOON - DAY, 30)


def crls(*revoked, at=NOON):
    return [certificates.issue_crl(ISSUING, revoked, 1, at), certificates.issue_crl(ROOT, [], 1, at)]


def verify(leaf=PERSON, intermediates=(ISSUING.certificate,), roots=(ROOT.certificate,), at=NOON, lists=None):
    certificates.verify_chain(leaf, intermediates, roots, at, lists)


def test_a_person_a_device_and_the_platform_stand_under_the_root():
    for signer in (DEVICE, Ed25519Signer.generate(), SoftwareAuthenticator.generate(RP)):
        certificate = certificates.issue(ISSUING, Holder("platform", "x"), signer.key, NOON)
        verify(certificate, at=NOON + DAY, lists=crls(at=NOON + DAY))
        assert certificates.key_record(certificate) == signer.key


def test_a_certificate_names_person_office_and_recipient():
    named = Holder("officer", "p-2", "centre", "age1xyz")
    certificate = certificates.issue(ISSUING, named, DEVICE.key, NOON)
    assert certificates.holder(certificate) == named
    assert certificates.holder(PERSON) == Holder("person", "p-1")


def test_a_chain_verifier_that_is_not_ours_agrees():
    policy = PolicyBuilder().store(Store([ROOT.certificate]))
    policy = policy.extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all())
    policy.time(NOON).build_client_verifier().verify(PERSON, [ISSUING.certificate])
    with pytest.raises(x509.verification.VerificationError):
        policy.time(NOON + 40 * DAY).build_client_verifier().verify(PERSON, [ISSUING.certificate])


@pytest.mark.parametrize("at", [NOON - 2 * DAY, NOON + 40 * DAY])
def test_a_certificate_counts_only_while_it_is_valid(at):
    with pytest.raises(BadSignature, match=r"certificate\.not_valid_then"):
        verify(at=at)


def test_a_chain_ends_at_a_trusted_root_and_misses_no_step():
    other = certificates.make_root("根证书 Root", NOON - 10 * DAY)
    for broken in ({"roots": [other.certificate]}, {"roots": []}, {"intermediates": []}, {"intermediates": [ROOT.certificate]}):
        with pytest.raises(BadSignature, match=r"certificate\.chain"):
            verify(**broken)
    with pytest.raises(BadSignature, match=r"certificate\.chain"):
        verify(certificates.issue(ROOT, Holder("person", "p"), DEVICE.key, NOON))


def test_who_is_no_authority_cannot_issue():
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = certificates.issue(
        ISSUING, Holder("person", "p"), certificates.KeyRecord.from_spki(certificates.key_record(PERSON).spki, "es256"), NOON
    )
    bent = certificates.Authority(leaf, DEVICE.private)
    fake = certificates.issue(bent, Holder("person", "p"), SoftwareP256Signer(key).key, NOON)
    with pytest.raises(BadSignature):
        verify(fake, intermediates=[leaf])
    deep = certificates.make_issuing(ISSUING, "Deeper", NOON)
    with pytest.raises(BadSignature):
        verify(certificates.issue(deep, Holder("person", "p"), DEVICE.key, NOON), intermediates=[deep.certificate, ISSUING.certificate])
    with pytest.raises(BadSignature, match=r"certificate\.(chain|not_an_authority)"):
        verify(ISSUING.certificate, intermediates=[ROOT.certificate])
    with pytest.raises(BadSignature, match=r"certificate\.not_an_authority"):
        verify(fake, intermediates=[leaf], roots=[ISSUING.certificate, ROOT.certificate, selfsigned_leaf(leaf)])


def selfsigned_leaf(leaf):
    """A certificate that signs itself and claims the issuing authority's name without being one."""
    builder = x509.CertificateBuilder().subject_name(leaf.issuer).issuer_name(leaf.issuer).serial_number(1)
    builder = builder.not_valid_before(NOON - DAY).not_valid_after(NOON + DAY).public_key(ISSUING.key.public_key())
    return builder.add_extension(x509.BasicConstraints(False, None), True).sign(ISSUING.key, hashes.SHA256())


def test_an_authority_is_no_person():
    root = certificates.make_root("R", NOON - DAY)
    above = certificates.Authority(root.certificate, root.key)
    issuing = certificates.make_issuing(above, "I", NOON - DAY)
    below = certificates.make_issuing(issuing, "J", NOON - DAY)
    with pytest.raises(BadSignature, match=r"certificate\.purpose"):
        verify(below.certificate, [issuing.certificate], [root.certificate])


def test_a_revoked_certificate_counts_before_its_revocation_alone():
    revoked = crls((PERSON.serial_number, NOON), at=NOON + DAY)
    verify(at=NOON - timedelta(seconds=1), lists=revoked)
    with pytest.raises(BadSignature, match=r"certificate\.revoked"):
        verify(at=NOON, lists=revoked)
    issuing_revoked = [*crls(), certificates.issue_crl(ROOT, [(ISSUING.certificate.serial_number, NOON)], 2, NOON)]
    with pytest.raises(BadSignature, match=r"certificate\.revoked"):
        verify(at=NOON, lists=issuing_revoked)


def test_what_was_signed_earlier_in_the_second_of_the_revocation_stands():
    revoked = crls((PERSON.serial_number, NOON + timedelta(milliseconds=700)), at=NOON + DAY)
    verify(at=NOON + timedelta(milliseconds=600), lists=revoked)
    with pytest.raises(BadSignature, match=r"certificate\.revoked"):
        verify(at=NOON + timedelta(milliseconds=700), lists=revoked)


def test_a_list_that_does_not_speak_for_the_moment_or_is_not_the_issuers_does_not_count():
    for lists in ([], crls()[:1], crls(at=NOON - 8 * DAY)):
        with pytest.raises(BadSignature, match=r"certificate\.no_revocation_list"):
            verify(lists=lists)
    verify(lists=crls(at=NOON - 6 * DAY))
    twin = certificates.Authority(ISSUING.certificate, ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(BadSignature, match=r"certificate\.no_revocation_list"):
        verify(lists=[certificates.issue_crl(twin, [], 1, NOON), crls()[1]])


def test_pem_reads_back_and_nothing_else_is_read():
    assert certificates.read_certificate(certificates.to_pem(PERSON)) == PERSON
    [crl, _] = crls((5, NOON))
    assert certificates.read_crl(certificates.to_pem(crl)) == crl
    for read, good in ((certificates.read_certificate, certificates.to_pem(PERSON)), (certificates.read_crl, certificates.to_pem(crl))):
        for bad in (None, "", "junk", good + " ", good + good, "é"):
            with pytest.raises(BadSignature, match=r"certificate\.malformed"):
                read(bad)


def custom(*extensions):
    builder = x509.CertificateBuilder().subject_name(ISSUING.certificate.subject).issuer_name(ISSUING.certificate.subject)
    builder = builder.serial_number(7).not_valid_before(NOON - DAY).not_valid_after(NOON + DAY).public_key(DEVICE.private.public_key())
    for extension in extensions:
        builder = builder.add_extension(extension, False)
    return builder.sign(ISSUING.key, hashes.SHA256())


def test_a_certificate_without_our_purpose_or_names_is_not_ours():
    server = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH])
    with pytest.raises(BadSignature, match=r"certificate\.extension"):
        certificates.key_record(custom())
    with pytest.raises(BadSignature, match=r"certificate\.purpose"):
        certificates.key_record(custom(server))
    for names in (["http://a"], ["urn:ztb:person:1", "urn:ztb:person:2"], ["urn:ztb:person:"], ["urn:ztb:role:x"], ["urn:ztb:other:x"]):
        alternative = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(name) for name in names])
        with pytest.raises(BadSignature, match=r"certificate\.holder"):
            certificates.holder(custom(alternative))
