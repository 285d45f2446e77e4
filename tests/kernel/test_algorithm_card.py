"""The published vectors of the algorithm card ztb/v1: whoever implements it anew must reach the same bytes."""

from cryptography.hazmat.primitives.asymmetric import ed25519

from core.kernel import checkpoint, dsse, jcs, merkle, signing, webauthn
from core.kernel.encoding import b64, sha256, unb64

PAYLOAD = ('{"case":"CASE-2026-0001","items":[{"id":"T1","score":"87.50"}],"lot":"1","name":"专家张三","type":"score","v":1}').encode()
SEED = bytes(range(32))
COMMIT = bytes.fromhex("d99df051d36c5f3dca351ac1db17647b1cb93b78cd1d58496b255ce9a31dc102")


def test_the_payload_is_canonical_and_has_the_published_digest() -> None:
    assert jcs.canonical(jcs.parse(PAYLOAD)) == PAYLOAD
    assert sha256(PAYLOAD).hex() == "e8be813207a9bd018e86bacd9bccc073bef85242857831ada3ec2a37c17a00c7"


def test_the_pre_authentication_encoding_has_the_published_digest() -> None:
    encoded = dsse.pae(dsse.payload_type("score"), PAYLOAD)
    assert dsse.payload_type("score") == "application/vnd.ztb.score.v1+json"
    assert len(encoded) == 164
    assert sha256(encoded).hex() == "5bf8303d857ceb61df6b334ac72ef09efe0f9324c6b197348dc45217c3b53385"


def test_the_ed25519_signature_is_the_published_one() -> None:
    signer = signing.Ed25519Signer.from_seed(SEED)
    assert signer.public_raw.hex() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    envelope = signing.sign(PAYLOAD, signer)
    assert envelope.signatures[0].sig.hex() == (
        "7f8fa53a9eb1d4b436b2ceb0b6ddfc01f99876b676b4d240b1be706a046428570aaf67fa01d53363d1b7b78d5c8473da53769db91bd7171a4c6f608e6399d601"
    )
    ed25519.Ed25519PublicKey.from_public_bytes(signer.public_raw).verify(envelope.signatures[0].sig, envelope.signed_bytes)


def test_the_webauthn_challenge_is_the_published_one() -> None:
    encoded = dsse.pae(dsse.payload_type("score"), PAYLOAD)
    assert webauthn.challenge(encoded).hex() == "99feb5de7a983633b52752769ea9d94383b47241e1b7d47f70828136719a0f6d"


def test_commitment_leaf_and_root_are_the_published_ones() -> None:
    assert merkle.commit(b"\x5a" * 32, PAYLOAD) == COMMIT
    leaf = merkle.leaf_hash(COMMIT)
    assert leaf.hex() == "deb5a6485aeeafa243fbc3fc72d3d9a5f39f6f25017cbc55e68db38fbe4bb8a0"
    leaves = [leaf, merkle.leaf_hash(merkle.commit(bytes(32), b"{}"))]
    assert b64(merkle.root(2, merkle.reader(leaves))) == "VDmj80gJGskaQFH7NACYfbsCp2SfgLhNUvXtALWgbsg="


def test_the_checkpoint_of_the_two_leaf_log_is_the_published_one() -> None:
    signer = signing.Ed25519Signer.from_seed(SEED)
    key = checkpoint.vkey("ztb.example.cn/log", checkpoint.LOG, signer.private)
    assert str(key) == "ztb.example.cn/log+4646c865+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    head = checkpoint.Checkpoint("ztb.example.cn/log", 2, unb64("VDmj80gJGskaQFH7NACYfbsCp2SfgLhNUvXtALWgbsg="))
    note = checkpoint.sign_note(head.text, head.origin, signer.private)
    line = "— ztb.example.cn/log RkbIZbgxfRUf5WDGNFyfKwePLH36WrHTyCX11z+HHqDzdNJkl7AMvfNOM+PtFWpom7y4RB1cK9YigBRtcwcWhpDYmwc=\n"
    assert str(note) == head.text + "\n" + line
    checkpoint.verify_log(checkpoint.read_note(str(note)), checkpoint.read_vkey(str(key)))
