"""age v1 files (age-encryption.org/v1): keys and the writer; reading is left to an age library.

The writer is ours because the Rust library greases its headers with an extra random stanza, while a sealed envelope must show exactly one
recipient and have a size that is known beforehand. Any age implementation opens what it writes.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO, Protocol

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.kernel.errors import BadSignature

CHUNK, TAG = 65536, 16
HEADER_SIZE = 168  # version line, one X25519 stanza, MAC line
_VERSION = b"age-encryption.org/v1\n"
_ONE_RECIPIENT = re.compile(rb"age-encryption\.org/v1\n-> X25519 ([A-Za-z0-9+/]{43})\n([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n")
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_SPELLED = "AGE-SECRET-KEY-1"


# Keys


@dataclass(frozen=True, slots=True)
class Identity:
    """An X25519 identity; `str()` is the public recipient, so that printing one gives nothing away."""

    raw: bytes

    def __repr__(self) -> str:
        return f"Identity({self.recipient})"

    def __str__(self) -> str:
        return self.recipient

    @property
    def secret(self) -> str:
        """`AGE-SECRET-KEY-1…`, what an auditor hands to `age -d -i`."""
        return _bech32("age-secret-key-", self.raw).upper()

    @property
    def recipient(self) -> str:
        """`age1…`"""
        return _bech32("age", X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())


def new_identity() -> Identity:
    """A fresh identity."""
    return Identity(X25519PrivateKey.generate().private_bytes_raw())


def read_identity(secret: object) -> Identity:
    """The identity written `AGE-SECRET-KEY-1…`; raises BadSignature for anything else."""
    if not isinstance(secret, str) or not secret.startswith(_SPELLED) or secret != secret.upper():
        raise BadSignature("age.identity")
    return Identity(_unbech32("age-secret-key-", secret.lower()))


def read_recipient(recipient: object) -> bytes:
    """The 32 public bytes of `age1…`; raises BadSignature for anything else."""
    if not isinstance(recipient, str) or recipient != recipient.lower():
        raise BadSignature("age.recipient")
    return _public(recipient)


@lru_cache(1024)
def _public(recipient: str) -> bytes:
    """Recipients are public and recur: the offices' stand in every seal."""
    return _unbech32("age", recipient)


def _bech32(prefix: str, data: bytes) -> str:
    bits = int.from_bytes(data, "big") << (-len(data) * 8 % 5)
    length = (len(data) * 8 + 4) // 5
    values = [bits >> 5 * place & 31 for place in reversed(range(length))]
    polymod = _polymod(prefix, [*values, 0, 0, 0, 0, 0, 0]) ^ 1
    checksum = [polymod >> 5 * place & 31 for place in reversed(range(6))]
    return prefix + "1" + "".join(_BECH32[value] for value in values + checksum)


def _unbech32(prefix: str, text: str) -> bytes:
    head, _, tail = text.rpartition("1")
    if head != prefix or not set(tail) <= set(_BECH32) or len(tail) != 58:
        raise BadSignature("age.bech32")
    values = [_BECH32.index(character) for character in tail]
    bits = 0
    for value in values[:-6]:
        bits = bits << 5 | value
    data = (bits >> 4).to_bytes(32, "big")
    if _bech32(prefix, data) != text:
        raise BadSignature("age.bech32")
    return data


def _polymod(prefix: str, values: Iterable[int]) -> int:
    """BIP 173's checksum."""
    state = 1
    spread = [ord(character) >> 5 for character in prefix] + [0] + [ord(character) & 31 for character in prefix]
    for value in [*spread, *values]:
        top, state = state >> 25, (state & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            state ^= generator if top >> bit & 1 else 0
    return state


# Writing


class Sink(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Written:
    """Size in bytes and hex SHA-256 of what was written."""

    size: int
    sha256: str


class Counted:
    """Passes bytes on to a sink while counting and hashing them."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self._hash, self._size = sink, hashlib.sha256(), 0

    def write(self, data: bytes, /) -> int:
        """Passes `data` on."""
        self._sink.write(data)
        self._hash.update(data)
        self._size += len(data)
        return len(data)

    @property
    def written(self) -> Written:
        """What has passed so far."""
        return Written(self._size, self._hash.hexdigest())


def encrypt_stream(source: BinaryIO, target: Sink, recipients: Sequence[str]) -> Written:
    """Writes an age file of all of `source` to `target`; each of `recipients` (`age1…`, at least one) alone will open it."""
    if not recipients:
        raise ValueError("a file that nobody could ever open")
    counted, file_key = Counted(target), os.urandom(16)
    counted.write(_header(file_key, [read_recipient(recipient) for recipient in recipients]))
    nonce = os.urandom(16)
    counted.write(nonce)
    cipher = ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))
    number, chunk = 0, _read(source)
    while True:
        following = _read(source) if len(chunk) == CHUNK else b""
        counted.write(cipher.encrypt(number.to_bytes(11, "big") + (b"\0" if following else b"\1"), chunk, None))
        if not following:
            return counted.written
        number, chunk = number + 1, following


def _read(source: BinaryIO) -> bytes:
    """One whole chunk, or what is left, even where `source` gives its bytes in smaller pieces."""
    piece = chunk = source.read(CHUNK)
    while piece and len(chunk) < CHUNK:
        piece = source.read(CHUNK - len(chunk))
        chunk += piece
    return chunk


def _header(file_key: bytes, recipients: Sequence[bytes]) -> bytes:
    stanzas = b"".join(_stanza(file_key, recipient) for recipient in recipients)
    covered = _VERSION + stanzas + b"---"
    mac = hmac.HMAC(_hkdf(file_key, b"", b"header"), hashes.SHA256())
    mac.update(covered)
    return covered + b" " + _b64(mac.finalize()) + b"\n"


def _stanza(file_key: bytes, recipient: bytes) -> bytes:
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    wrapped = ChaCha20Poly1305(_hkdf(shared, share + recipient, b"age-encryption.org/v1/X25519")).encrypt(bytes(12), file_key, None)
    return b"-> X25519 " + _b64(share) + b"\n" + _b64(wrapped) + b"\n"


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)


def _b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


# What a closed file shows


def sealed_size(plain_size: int) -> int:
    """The size of an age file to one X25519 recipient over so many bytes."""
    chunks = max(1, -(-plain_size // CHUNK))
    return HEADER_SIZE + 16 + plain_size + TAG * chunks


def plain_size(size: int) -> int:
    """The reverse of `sealed_size`; raises BadSignature for a size that no such file has."""
    payload = size - HEADER_SIZE - 16
    plain = payload - TAG * max(1, -(-payload // (CHUNK + TAG)))
    if plain < 0 or sealed_size(plain) != size:
        raise BadSignature("age.size")
    return plain


def check_header(start: bytes) -> None:
    """Raises BadSignature unless a file that starts so is age v1 to exactly one X25519 recipient; `start` holds at least 168 bytes."""
    match = _ONE_RECIPIENT.match(start)
    if not match:
        raise BadSignature("age.header")
    for text in match.groups():
        if _b64(base64.b64decode(text + b"=")) != text:
            raise BadSignature("age.header")
