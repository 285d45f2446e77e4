"""Paths of certificates: our checker and `openssl verify` say the same of good and bad ones, and of each fault ours says which it is."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID

from core.kernel import certpath
from core.kernel.certpath import Demands, find_path, is_sm2
from core.kernel.errors import BadSignature
from tests.builders.authorities import DAY, SIGNS, ForeignAuthority, Signing, make, name

NOW = datetime.now(UTC).replace(microsecond=0)


class Openssl:
    """Chains that `openssl` itself makes, from configuration files as an authority would write them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str, fails: bool = False) -> str:
        done = subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, text=True, check=False)
        assert fails or done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def key(self, label: str, family: str, size: int = 2048) -> None:
        kind = ("EC", "-pkeyopt", "ec_paramgen_curve:P-256") if family == "ecdsa" else ("RSA", "-pkeyopt", f"rsa_keygen_bits:{size}")
        self.run("genpkey", "-algorithm", *kind, "-out", f"{label}.key")

    def certificate(self, label: str, above: str | None, extensions: str, days: int = 3650, digest: str = "-sha256") -> x509.Certificate:
        own = extensions + "\nsubjectKeyIdentifier=hash\n" + ("authorityKeyIdentifier=keyid\n" if above else "")
        (self.folder / f"{label}.ext").write_text(own)
        self.run("req", "-new", "-key", f"{label}.key", "-subj", f"/C=CN/CN={label}", "-out", f"{label}.csr")
        over = ("-CA", f"{above}.pem", "-CAkey", f"{above}.key") if above else ("-signkey", f"{label}.key")
        more = ("-days", str(days), digest, "-extfile", f"{label}.ext", "-out", f"{label}.pem")
        self.run("x509", "-req", "-in", f"{label}.csr", *over, "-CAcreateserial", *more)
        return x509.load_pem_x509_certificate((self.folder / f"{label}.pem").read_bytes())

    def verifies(self, leaf: str, between: list[str], root: str, at: datetime) -> bool:
        (self.folder / "between.pem").write_text("".join((self.folder / f"{one}.pem").read_text() for one in between))
        said = self.run(
            *("verify", "-x509_strict", "-auth_level", "2", "-purpose", "smimesign", "-attime", str(int(at.timestamp()))),
            *("-CAfile", f"{root}.pem", *(("-untrusted", "between.pem") if between else ()), f"{leaf}.pem"),
            fails=True,
        )
        return said.strip().endswith("OK")


ROOT = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign"
SUB = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign"
LEAF = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation"

# label: (extensions of root, of the two between or fewer, of the leaf), days of the leaf, at which day, what we say
CASES = {
    "one step": (ROOT, [], LEAF, 0, ""),
    "two steps": (ROOT, [SUB], LEAF, 0, ""),
    "three steps": (ROOT, [ROOT, SUB], LEAF, 0, ""),
    "usage not named": (ROOT, [SUB], "basicConstraints=CA:FALSE", 0, ""),
    "for mail": (ROOT, [SUB], LEAF + "\nextendedKeyUsage=emailProtection", 0, ""),
    "expired leaf": (ROOT, [SUB], LEAF, 400, "certificate.not_valid_then"),
    "not yet": (ROOT, [SUB], LEAF, -1, "certificate.not_valid_then"),
    "path too long": (ROOT, [SUB, SUB], LEAF, 0, "certificate.path_length"),
    "root allows none": (ROOT.replace("CA:TRUE", "CA:TRUE,pathlen:0"), [SUB], LEAF, 0, "certificate.path_length"),
    "between is no authority": (ROOT, [LEAF], LEAF, 0, "certificate.not_an_authority"),
    "between may not issue": (
        ROOT,
        ["basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign"],
        LEAF,
        0,
        "certificate.not_an_authority",
    ),
    "for encryption": (ROOT, [SUB], "basicConstraints=CA:FALSE\nkeyUsage=critical,keyEncipherment", 0, "certificate.purpose"),
    "for servers": (ROOT, [SUB], LEAF + "\nextendedKeyUsage=serverAuth", 0, "certificate.purpose"),
    "unknown and critical": (ROOT, [SUB], LEAF + "\n1.2.3.4=critical,ASN1:UTF8String:x", 0, "certificate.critical"),
    "unknown and not critical": (ROOT, [SUB], LEAF + "\n1.2.3.4=ASN1:UTF8String:x", 0, ""),
    "unknown and critical between": (ROOT, [SUB + "\n1.2.3.4=critical,ASN1:UTF8String:x"], LEAF, 0, "certificate.critical"),
}


def ours(leaf, between, root, at, **demands):
    try:
        find_path(leaf, between, [root], at, Demands(**demands))
    except BadSignature as refusal:
        return refusal.code
    return ""


@pytest.mark.foreign
@pytest.mark.parametrize("family", ["ecdsa", "rsa"])
def test_openssl_agrees_on_every_chain_that_it_has_made(tmp_path, family):
    tool = Openssl(tmp_path)
    for label in ("root", "i1", "i2", "other"):
        tool.key(label, family)
    tool.key("leaf", "ecdsa")
    tool.certificate("other", None, ROOT)
    for label, (top, middle, bottom, day, said) in CASES.items():
        certificates = [tool.certificate("root", None, top)]
        above, names = "root", []
        for place, extensions in enumerate(middle, 1):
            certificates.append(tool.certificate(f"i{place}", above, extensions))
            above, names = f"i{place}", [*names, f"i{place}"]
        leaf, at = tool.certificate("leaf", above, bottom, days=365), datetime.now(UTC) + day * DAY
        assert ours(leaf, certificates[1:], certificates[0], at) == said, label
        assert tool.verifies("leaf", names, "root", at) == (not said), label
        other = x509.load_pem_x509_certificate((tmp_path / "other.pem").read_bytes())
        assert ours(leaf, certificates[1:], other, at) == "certificate.chain" and not tool.verifies("leaf", names, "other", at), label


@pytest.mark.foreign
def test_openssl_agrees_on_weak_keys_digests_and_what_was_tampered_with(tmp_path):
    tool = Openssl(tmp_path)
    tool.key("root", "rsa"), tool.key("weak", "rsa", 1024), tool.key("leaf", "ecdsa")
    root, at = tool.certificate("root", None, ROOT), datetime.now(UTC) + timedelta(hours=1)
    leaf = tool.certificate("leaf", "root", LEAF, digest="-sha1")
    assert ours(leaf, [], root, at) == "certificate.algorithm" and not tool.verifies("leaf", [], "root", at)
    weak = tool.certificate("weak", None, ROOT)
    leaf = tool.certificate("leaf", "weak", LEAF)
    assert ours(leaf, [], weak, at) == "certificate.algorithm" and not tool.verifies("leaf", [], "weak", at)
    leaf = tool.certificate("leaf", "root", LEAF)
    assert not ours(leaf, [], root, at)
    bent = bytearray((tmp_path / "leaf.pem").read_bytes())
    bent[-60] = ord("A") if bent[-60] != ord("A") else ord("B")
    (tmp_path / "leaf.pem").write_bytes(bytes(bent))
    assert ours(x509.load_pem_x509_certificate(bytes(bent)), [], root, at) == "certificate.chain"
    assert not tool.verifies("leaf", [], "root", at)


@pytest.mark.foreign
def test_a_certificate_under_sm2_is_told_apart(tmp_path):
    tool = Openssl(tmp_path)
    for label in ("root", "leaf"):
        tool.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", f"{label}.key")
    root, leaf = tool.certificate("root", None, ROOT, digest="-sm3"), tool.certificate("leaf", "root", LEAF, digest="-sm3")
    assert is_sm2(root) and is_sm2(leaf)
    assert ours(leaf, [], root, datetime.now(UTC)) == "certificate.sm2"
    authority = ForeignAuthority("A", NOW)
    assert not is_sm2(authority.root.certificate)
    tool.key("plain", "ecdsa")
    assert ours(tool.certificate("plain", None, LEAF), [leaf], authority.root.certificate, datetime.now(UTC)) == "certificate.sm2"


HOLDER = ec.generate_private_key(ec.SECP256R1()).public_key()
HERE = ForeignAuthority("Here", NOW)


def test_the_path_is_given_back_from_leaf_to_root_whatever_else_was_handed_in():
    stranger, leaf = ForeignAuthority("Else", NOW), HERE.certify(HOLDER)
    found = find_path(
        leaf, [stranger.issuing.certificate, HERE.issuing.certificate], [stranger.root.certificate, HERE.root.certificate], NOW
    )
    assert found == (leaf, HERE.issuing.certificate, HERE.root.certificate)


def test_of_two_ways_the_one_that_holds_is_taken():
    expired = make(
        HERE.issuing.certificate.subject,
        HERE.issuing.key.public_key(),
        HERE.root,
        NOW - 9 * DAY,
        NOW - DAY,
        (x509.BasicConstraints(True, 0), True),
    )
    leaf = HERE.certify(HOLDER)
    assert find_path(leaf, [expired, HERE.issuing.certificate], [HERE.root.certificate], NOW)[1] == HERE.issuing.certificate
    assert ours(leaf, [expired], HERE.root.certificate, NOW) == "certificate.not_valid_then"


def test_a_root_counts_only_when_it_signs_itself_and_authorities_that_signed_each_other_are_no_endless_way():
    leaf = HERE.certify(HOLDER)
    assert ours(leaf, [], HERE.issuing.certificate, NOW) == "certificate.chain"
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(6)]
    limits = (x509.BasicConstraints(True, None), True)
    ring = [
        make(name(f"c{at}"), key.public_key(), (name(f"c{(at + 1) % 6}"), keys[(at + 1) % 6]), NOW - DAY, NOW + DAY, limits)
        for at, key in enumerate(keys)
    ]
    leaf = make(name("leaf"), HOLDER, (name("c0"), keys[0]), NOW - DAY, NOW + DAY)
    assert ours(leaf, ring, HERE.root.certificate, NOW) == "certificate.chain"
    assert ours(leaf, [*ring, ring[0]], HERE.root.certificate, NOW) == "certificate.too_many"


def test_a_path_may_be_so_long_and_no_longer():
    above, between = HERE.root, []
    for place in range(6):
        above = HERE.authority(f"step {place}", above)
        between.append(above.certificate)
    leaf = HERE.certify(HOLDER, above=above)
    assert len(find_path(leaf, between, [HERE.root.certificate], NOW)) == 8
    assert ours(leaf, between, HERE.root.certificate, NOW, most=7) == "certificate.chain"
    assert ours(leaf, between, HERE.root.certificate, NOW, least=9, most=9) == "certificate.chain"


def test_a_self_issued_step_does_not_count_against_the_length():
    root = HERE.authority("R", None, 1)
    one = HERE.authority("S", root, 0)
    again = Signing(
        make(
            name("S"),
            one.key.public_key(),
            Signing(one.certificate, one.key),
            NOW - DAY,
            NOW + DAY,
            (x509.BasicConstraints(True, 0), True),
        ),
        one.key,
    )
    leaf = HERE.certify(HOLDER, above=again)
    assert not ours(leaf, [again.certificate, one.certificate], root.certificate, NOW)


def test_who_constrains_names_is_refused():
    narrow = x509.NameConstraints([x509.DNSName("example.cn")], None)
    for critical in (True, False):
        above = HERE.authority("N", HERE.root, 0, (narrow, critical))
        assert ours(HERE.certify(HOLDER, above=above), [above.certificate], HERE.root.certificate, NOW) == "certificate.name_constraints"


def test_families_and_policies_are_the_anchors():
    rsa_authority = ForeignAuthority("R", NOW, "rsa")
    leaf, between = rsa_authority.certify(HOLDER), [rsa_authority.issuing.certificate]
    assert not ours(leaf, between, rsa_authority.root.certificate, NOW, families=("rsa",))
    assert ours(leaf, between, rsa_authority.root.certificate, NOW, families=("ecdsa",)) == "certificate.algorithm"
    own = [HERE.issuing.certificate]
    assert ours(HERE.certify(HOLDER), own, HERE.root.certificate, NOW, families=("rsa",)) == "certificate.algorithm"
    under = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.2.3.9"), None)])
    named = HERE.certify(HOLDER, extensions=((SIGNS, True), (under, False)))
    assert not ours(named, own, HERE.root.certificate, NOW, policies=("1.2.3.9", "1.2.3.8"))
    assert ours(named, own, HERE.root.certificate, NOW, policies=("1.2.3.8",)) == "certificate.policy"
    assert ours(HERE.certify(HOLDER), own, HERE.root.certificate, NOW, policies=("1.2.3.8",)) == "certificate.policy"


def test_an_authority_without_constraints_or_with_a_strange_key_is_none():
    key = ec.generate_private_key(ec.SECP256R1())
    bare = Signing(make(name("V"), key.public_key(), (name("V"), key), NOW - DAY, NOW + DAY), key)
    assert ours(HERE.certify(HOLDER, above=bare), [], bare.certificate, NOW) == "certificate.not_an_authority"
    odd = ec.generate_private_key(ec.SECP256K1())
    limits = (x509.BasicConstraints(True, None), True)
    strange = Signing(make(name("K"), odd.public_key(), (name("K"), odd), NOW - DAY, NOW + DAY, limits), odd)
    assert ours(HERE.certify(HOLDER, above=strange), [], strange.certificate, NOW) == "certificate.algorithm"
    edwards = ed25519.Ed25519PrivateKey.generate()
    builder = x509.CertificateBuilder().subject_name(name("E")).issuer_name(name("E")).public_key(edwards.public_key()).serial_number(1)
    builder = builder.not_valid_before(NOW - DAY).not_valid_after(NOW + DAY).add_extension(x509.BasicConstraints(True, None), True)
    root = builder.sign(edwards, None)
    leaf = x509.CertificateBuilder().subject_name(name("L")).issuer_name(name("E")).public_key(HOLDER).serial_number(2)
    leaf = leaf.not_valid_before(NOW - DAY).not_valid_after(NOW + DAY).sign(edwards, None)
    assert ours(leaf, [], root, NOW) == "certificate.algorithm"


def test_any_purpose_will_do_and_an_authority_is_no_signer():
    for purpose in (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE, ExtendedKeyUsageOID.CLIENT_AUTH):
        leaf = HERE.certify(HOLDER, extensions=((x509.ExtendedKeyUsage([purpose]), True),))
        assert not ours(leaf, [HERE.issuing.certificate], HERE.root.certificate, NOW)
    server = HERE.certify(HOLDER, extensions=((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), True),))
    assert not ours(server, [HERE.issuing.certificate], HERE.root.certificate, NOW, purposes=None)
    assert ours(HERE.issuing.certificate, [], HERE.root.certificate, NOW) == "certificate.purpose"


def test_a_moment_inside_all_spans_alone_counts():
    leaf, own, root = HERE.certify(HOLDER, days=30), [HERE.issuing.certificate], HERE.root.certificate
    for at, said in ((NOW + 30 * DAY, ""), (NOW + 30 * DAY + timedelta(seconds=1), "certificate.not_valid_then"), (NOW - DAY, "")):
        assert ours(leaf, own, root, at) == said
    assert ours(leaf, own, root, NOW - DAY - timedelta(seconds=1)) == "certificate.not_valid_then"


def test_an_extension_that_must_be_there_and_one_that_may():
    with pytest.raises(BadSignature, match=r"certificate\.extension"):
        certpath.extension(HERE.certify(HOLDER), x509.CertificatePolicies)
    assert certpath.optional(HERE.certify(HOLDER), x509.CertificatePolicies) is None
