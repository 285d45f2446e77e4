"""Sealed envelopes: keys and files of age, shares, the ZIP inside, boxes, release and rescue."""

from __future__ import annotations

import io
import itertools
import secrets
import stat
import zipfile
from dataclasses import replace

import pyrage
import pyshamir
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.kernel import age, jcs, parcel, sealing, shamir
from core.kernel.errors import BadSignature
from core.kernel.sealing import Place

PLACE = Place("C-1", "1", "technical", 1, "org-b")
OFFICERS = {role: (age.new_identity(), age.new_identity()) for role in sealing.ROLES}
OFFICES = {role: [key.recipient for key in keys] for role, keys in OFFICERS.items()}
DEVICE, RECOVERY = age.new_identity(), age.new_identity()


def sealed(plain=b"the bid", offices=OFFICES):
    target = io.BytesIO()
    recipients = [DEVICE.recipient, RECOVERY.recipient]
    made = sealing.seal(io.BytesIO(plain), target, PLACE, offices=offices, bidder=recipients, client_build="test/1")
    return target.getvalue(), made, sealing.read_seal_body(jcs.parse_object(jcs.canonical(made.body)))


def shares_of(made, body, *roles):
    boxes = {share.role: share.box for share in made.shares}
    return {r: sealing.open_share_box(boxes[r], OFFICERS[r][1], PLACE, body.bid_pub, body.share(r)) for r in roles}


# age


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 131072, 200_000])
def test_an_age_library_that_is_not_ours_opens_what_is_sealed_and_its_size_was_known(size):
    identity, plain, target = age.new_identity(), secrets.token_bytes(size), io.BytesIO()
    written = age.encrypt_stream(io.BytesIO(plain), target, [identity.recipient])
    ciphertext = target.getvalue()
    assert written.size == len(ciphertext) == age.sealed_size(size)
    assert age.plain_size(len(ciphertext)) == size
    age.check_header(ciphertext)
    assert pyrage.decrypt(ciphertext, [pyrage.x25519.Identity.from_str(identity.secret)]) == plain


def test_a_source_that_gives_its_bytes_in_drops_is_sealed_whole():
    class Dripping(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1000))

    identity, target = age.new_identity(), io.BytesIO()
    age.encrypt_stream(Dripping(b"x" * 150_000), target, [identity.recipient])
    assert sealing.decrypt(target.getvalue(), identity) == b"x" * 150_000


def test_nothing_is_sealed_to_nobody():
    with pytest.raises(ValueError, match="nobody"):
        sealing.encrypt(b"", [])


@given(st.integers(0, 10**12))
def test_the_size_of_an_envelope_tells_the_size_of_its_content(size):
    assert age.plain_size(age.sealed_size(size)) == size


@pytest.mark.parametrize("size", [-1, 0, 199, age.sealed_size(65536) + 1, age.sealed_size(65536) + 16])
def test_no_envelope_has_an_impossible_size(size):
    with pytest.raises(BadSignature, match=r"age\.size"):
        age.plain_size(size)


def test_keys_are_spelled_as_every_age_tool_spells_them():
    identity = age.new_identity()
    other = pyrage.x25519.Identity.from_str(identity.secret)
    assert (str(other), str(other.to_public())) == (identity.secret, identity.recipient)
    assert age.read_identity(identity.secret) == identity
    assert identity.secret not in f"{identity} {identity!r}"
    flipped = identity.recipient[:-1] + ("q" if identity.recipient[-1] != "q" else "p")
    for text in (identity.secret.lower(), identity.secret + "Q", identity.secret[:-1], identity.recipient, "", None):
        with pytest.raises(BadSignature):
            age.read_identity(text)
    for text in (flipped, identity.recipient.upper(), identity.secret, identity.recipient[:-1] + "b", "", None):
        with pytest.raises(BadSignature):
            age.read_recipient(text)


def test_a_header_shows_exactly_one_recipient():
    two = sealing.encrypt(b"", [DEVICE.recipient, RECOVERY.recipient])
    greased = pyrage.encrypt(b"", [pyrage.x25519.Recipient.from_str(DEVICE.recipient)])
    passphrase = pyrage.passphrase.encrypt(b"", "secret")
    one = sealing.encrypt(b"", [DEVICE.recipient])
    for start in (two, greased, passphrase, one[:167], b"", one.replace(b"/v1", b"/v2", 1)):
        with pytest.raises(BadSignature, match=r"age\.header"):
            age.check_header(start)
    age.check_header(one)
    unused = one[:74] + b"B" + one[75:]  # the last character of 32 bytes has two spare bits
    with pytest.raises(BadSignature, match=r"age\.header"):
        age.check_header(unused)


# Shamir


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=40), st.integers(2, 5), st.integers(0, 3))
def test_any_threshold_of_shares_gives_the_secret_back_in_any_order(secret, t, more):
    shares = shamir.split(secret, t + more, t)
    for some in itertools.islice(itertools.permutations(shares, t), 30):
        assert shamir.combine(some) == secret


def test_another_implementation_combines_our_shares_and_we_combine_its():
    secret = secrets.token_bytes(32)
    for some in itertools.permutations(shamir.split(secret), 2):
        assert bytes(pyshamir.combine([bytearray(share) for share in some])) == secret
    for some in itertools.permutations(pyshamir.split(bytearray(secret), 3, 2), 2):
        assert shamir.combine([bytes(share) for share in some]) == secret


def test_one_share_tells_nothing():
    # With a fixed share every secret is equally likely: for each there is exactly one coefficient.
    seen = {shamir.split(bytes([secret]), 3, 2, lambda size, c=c: bytes([c]))[0] for secret in range(256) for c in [secret ^ 0x5A]}
    assert len(seen) == 1


@pytest.mark.parametrize("shares", [[], [b"a\1"], [b"a\1", b"b\1"], [b"a\0", b"b\1"], [b"a\1", b"bb\2"], [b"", b"a\1"]])
def test_misshapen_shares_are_refused(shares):
    with pytest.raises(BadSignature, match=r"shamir\.shares"):
        shamir.combine(shares)


# Sealing, release and rescue


def test_the_bidder_opens_with_the_device_or_with_the_recovery_key():
    ciphertext, made, body = sealed()
    for key in (DEVICE, RECOVERY):
        identity = sealing.open_bidder_box(made.box, key, body.bid_pub)
        target = io.BytesIO()
        opened = sealing.open_envelope(io.BytesIO(ciphertext), target, identity)
        assert (target.getvalue(), opened.size) == (b"the bid", 7)
    with pytest.raises(BadSignature, match=r"seal\.cannot_open"):
        sealing.open_bidder_box(made.box, age.new_identity(), body.bid_pub)
    with pytest.raises(BadSignature, match=r"release\.wrong_key"):
        sealing.open_bidder_box(made.box, DEVICE, DEVICE.recipient)


@pytest.mark.parametrize("roles", [*itertools.permutations(sealing.ROLES, 2), sealing.ROLES])
def test_any_two_offices_rescue_a_bid(roles):
    _, made, body = sealed()
    identity = sealing.rescue(shares_of(made, body, *roles), body)
    assert identity.recipient == body.bid_pub


def test_one_office_rescues_nothing_and_opens_nothing():
    ciphertext, made, body = sealed()
    with pytest.raises(BadSignature, match=r"shamir\.shares"):
        sealing.rescue(shares_of(made, body, "centre"), body)
    for key in OFFICERS["centre"]:
        with pytest.raises(BadSignature, match=r"seal\.cannot_open"):
            sealing.open_envelope(io.BytesIO(ciphertext), io.BytesIO(), key)


def test_a_false_share_is_told_apart_by_its_commitment():
    _, made, body = sealed()
    shares = shares_of(made, body, "centre", "supervisor")
    with pytest.raises(BadSignature, match="role=centre"):
        sealing.rescue(shares | {"centre": bytes(32) + b"\2"}, body)
    with pytest.raises(BadSignature, match=r"seal\.no_share"):
        sealing.rescue(shares | {"nobody": shares["centre"]}, body)


def test_a_bidder_who_dealt_rubbish_harms_only_the_own_rescue():
    _, _, body = sealed()
    for size in (32, 31):
        rubbish = {role: secrets.token_bytes(size) + bytes([x]) for x, role in enumerate(("centre", "supervisor"), 1)}
        commits = {role: sealing.share_commit(share) for role, share in rubbish.items()}
        promises = tuple(replace(share, commitment=commits.get(share.role, share.commitment)) for share in body.shares)
        with pytest.raises(BadSignature, match=r"release\.wrong_key|shamir\.shares"):
            sealing.rescue(rubbish, replace(body, shares=promises))


def test_a_share_box_opens_only_in_its_place():
    _, made, body = sealed()
    box, key, promise = made.shares[0].box, OFFICERS["tenderer"][0], body.share("tenderer")
    for place in (replace(PLACE, ver=2), replace(PLACE, bidder="org-c"), replace(PLACE, lot="2"), replace(PLACE, env="commercial")):
        with pytest.raises(BadSignature, match=r"share\.bound_elsewhere"):
            sealing.open_share_box(box, key, place, body.bid_pub, promise)
    with pytest.raises(BadSignature, match=r"share\.bound_elsewhere"):
        sealing.open_share_box(box, key, PLACE, DEVICE.recipient, promise)
    with pytest.raises(BadSignature, match=r"share\.box_differs"):
        sealing.open_share_box(box + b"\0", key, PLACE, body.bid_pub, promise)
    with pytest.raises(BadSignature, match=r"share\.commitment_differs"):
        sealing.open_share_box(box, key, PLACE, body.bid_pub, replace(promise, commitment="00" * 32))


def test_without_escrow_there_are_no_shares():
    _, made, body = sealed(offices={})
    assert (made.shares, body.shares) == ((), ())


def test_the_bodies_of_releases_say_what_the_card_says():
    _, made, body = sealed()
    identity = sealing.open_bidder_box(made.box, DEVICE, body.bid_pub)
    said = sealing.release_body(body, "bidder", identity)
    assert said == {"env": "technical", "ver": 1, "bid_pub": body.bid_pub, "method": "bidder", "secret": identity.secret}
    assert sealing.check_secret(said["secret"], body.bid_pub) == identity
    assert sealing.share_release_body("age1", "centre", b"\1\2") == {"bid_pub": "age1", "role": "centre", "share": "0102"}


def test_a_damaged_envelope_does_not_open():
    ciphertext, made, body = sealed(b"x" * 100_000)
    identity = sealing.open_bidder_box(made.box, DEVICE, body.bid_pub)
    cuts = [ciphertext[:-1], ciphertext[: 184 + 65552], ciphertext + b"\0", ciphertext[:100], b""]
    for place in (30, 80, 160, 170, 200, 70_000, len(ciphertext) - 1):
        cuts.append(ciphertext[:place] + bytes([ciphertext[place] ^ 1]) + ciphertext[place + 1 :])
    for damaged in cuts:
        with pytest.raises(BadSignature, match=r"seal\.cannot_open"):
            sealing.open_envelope(io.BytesIO(damaged), io.BytesIO(), identity)


def test_a_full_disk_does_not_pass_for_a_damaged_bid():
    class Full(io.RawIOBase):
        def write(self, data):
            raise OSError(28, "no space left")

        def read(self, size=-1):
            raise OSError(5, "input/output error")

    ciphertext, made, body = sealed(b"x" * 100_000)
    identity = sealing.open_bidder_box(made.box, DEVICE, body.bid_pub)
    with pytest.raises(OSError, match="no space"):
        sealing.open_envelope(io.BytesIO(ciphertext), Full(), identity)
    with pytest.raises(OSError, match="input/output"):
        sealing.open_envelope(Full(), io.BytesIO(), identity)


def test_an_upload_must_be_the_promised_file():
    ciphertext, _, body = sealed()
    sealing.check_ciphertext(body, age.Written(body.ct_size, body.ct_sha256), ciphertext[:200])
    for other in (age.Written(body.ct_size + 1, body.ct_sha256), age.Written(body.ct_size, "00" * 32)):
        with pytest.raises(BadSignature, match=r"seal\.ciphertext_differs"):
            sealing.check_ciphertext(body, other, ciphertext)


@pytest.mark.parametrize(
    "changes",
    [
        {"env": 1},
        {"ver": 0},
        {"ver": True},
        {"ver": "1"},
        {"bid_pub": "age1"},
        {"bid_pub": None},
        {"ct_sha256": "ab"},
        {"ct_size": 5},
        {"ct_size": None},
        {"threshold": 1},
        {"threshold": 3},
        {"shares": {}},
        {"shares": [1]},
        {"shares": [{"role": "a"}]},
        {"box_sha256": ""},
        {"client_build": None},
        {"extra": 1},
    ],
    ids=str,
)
def test_a_seal_body_out_of_shape_is_refused(changes):
    _, made, _ = sealed()
    with pytest.raises(BadSignature):
        sealing.read_seal_body(dict(made.body) | changes)


@pytest.mark.parametrize(
    "change", [{"role": 1}, {"recs": []}, {"recs": "age1"}, {"recs": ["age1"]}, {"box_sha256": 1}, {"share_commit": ""}], ids=str
)
def test_a_promise_of_a_share_out_of_shape_is_refused(change):
    _, made, _ = sealed()
    shares = [dict(share) for share in made.body["shares"]]
    with pytest.raises(BadSignature):
        sealing.read_seal_body(dict(made.body) | {"shares": [shares[0] | change, *shares[1:]]})
    with pytest.raises(BadSignature, match=r"seal\.malformed"):
        sealing.read_seal_body(dict(made.body) | {"shares": [shares[0], shares[0]]})
    with pytest.raises(BadSignature, match=r"seal\.malformed"):
        sealing.read_seal_body(dict(made.body) | {"shares": shares[:1]})


# The ZIP inside


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF" * 500_000)
    (tmp_path / "b.txt").write_bytes(b"")
    return {"技术/方案.pdf": tmp_path / "a.pdf", "b.txt": tmp_path / "b.txt"}


def test_an_envelopes_content_is_packed_the_same_way_each_time_and_reads_back(files):
    first, second = io.BytesIO(), io.BytesIO()
    parcel.pack_envelope({"price": "1.00"}, files, first)
    parcel.pack_envelope({"price": "1.00"}, dict(reversed(files.items())), second)
    assert first.getvalue() == second.getvalue()
    held = parcel.read_envelope(first)
    assert held.bid == {"price": "1.00"}
    assert [(file.name, file.size) for file in held.files] == [("b.txt", 0), ("技术/方案.pdf", 2_000_000)]
    target = io.BytesIO()
    parcel.extract(first, "技术/方案.pdf", target)
    assert target.getvalue() == b"%PDF" * 500_000
    with pytest.raises(BadSignature, match=r"parcel\.no_such_file"):
        parcel.extract(first, "other", target)


def zipped(*members, compression=zipfile.ZIP_STORED, comment=b""):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for member, content in members:
            entry = member if isinstance(member, zipfile.ZipInfo) else zipfile.ZipInfo(member)  # dated 1980: two processes collect the same
            archive.writestr(entry, content, compression)
        archive.comment = comment
    return target.getvalue()


BID = ("bid.json", b"{}")


def link():
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "parcel.damaged"),
        (b"%PDF-1.7", "parcel.damaged"),
        (zipped(("a", b"")), "parcel.no_bid"),
        (zipped(), "parcel.no_bid"),
        (zipped(BID, ("a", b"x" * 99), compression=zipfile.ZIP_DEFLATED), "parcel.not_stored"),
        (zipped(BID, (link(), b"/etc/passwd")), "parcel.not_a_file"),
        (zipped(BID, ("../a", b"")), "parcel.name"),
        (zipped(BID, ("/a", b"")), "parcel.name"),
        (zipped(BID, ("a//b", b"")), "parcel.name"),
        (zipped(BID, ("folder/", b"")), "parcel.name"),
        (zipped(BID, ("a\\b", b"")), "parcel.name"),
        (zipped(BID, ("C:a", b"")), "parcel.name"),
        (zipped(BID, ("a\x1b", b"")), "parcel.name"),
        (zipped(BID, ("a\u202eb", b"")), "parcel.name"),
        (zipped(BID, (" a", b"")), "parcel.name"),
        (zipped(BID, ("e\u0301", b"")), "parcel.name"),
        (zipped(BID, ("长" * 67, b"")), "parcel.name"),
        (zipped(BID, ("A", b""), ("a", b"")), "parcel.name_twice"),
        (zipped(BID, comment=b"hidden"), "parcel.overlap"),
        (b"hidden" + zipped(BID), "parcel.overlap"),
        (zipped(BID, *((f"f{n}", b"") for n in range(1001))), "parcel.too_many_files"),
        (zipped(("bid.json", b'{"price":1.5}')), "jcs.float"),
        (zipped(("bid.json", b"[]")), "jcs.not_an_object"),
        (zipped(("bid.json", b" " * (parcel.MAX_BID + 1))), "parcel.bid_too_large"),
    ],
)
def test_an_odd_content_is_refused(data, code):
    with pytest.raises(BadSignature) as refused:
        parcel.read_envelope(io.BytesIO(data))
    assert refused.value.code == code


def test_members_that_share_bytes_are_refused():
    data = bytearray(zipped(BID, ("a", b"x" * 1000), ("b", b"y" * 1000)))
    directory = data.rfind(b"PK\x01\x02")
    first = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 1)
    data[directory + 42 : directory + 46] = data[first + 42 : first + 46]
    with pytest.raises(BadSignature, match=r"parcel\.(overlap|damaged)"):
        parcel.read_envelope(io.BytesIO(bytes(data)))


def test_a_changed_byte_in_a_member_is_noticed():
    data = zipped(BID, ("a", b"x" * 1000))
    with pytest.raises(BadSignature, match=r"parcel\.damaged"):
        parcel.read_envelope(io.BytesIO(data.replace(b"xxx", b"xyx", 1)))


def test_an_encrypted_member_is_refused():
    data = bytearray(zipped(BID, ("a", b"x")))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(BadSignature, match=r"parcel\.not_stored"):
        parcel.read_envelope(io.BytesIO(bytes(data)))


def test_unfit_names_are_not_packed(files):
    with pytest.raises(BadSignature, match=r"parcel\.name"):
        parcel.pack_envelope({}, {"../x": files["b.txt"]}, io.BytesIO())
