"""Byte-level spelling shared by every evidence format: strict base64, hex, digests, length prefixes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from core.kernel.errors import BadSignature

_HEX = re.compile(r"(?:[0-9a-f]{2})*")


def sha256(data: bytes) -> bytes:
    """The 32 bytes of SHA-256, `H` of the algorithm card."""
    return hashlib.sha256(data).digest()


def b64(data: bytes) -> str:
    """Standard padded base64 (RFC 4648 §4)."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: object, size: int | None = None) -> bytes:
    """The bytes of canonical padded base64; raises BadSignature for any other spelling of them or for another size."""
    if not isinstance(text, str) or not text.isascii():
        raise BadSignature("encoding.base64")
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise BadSignature("encoding.base64") from None
    # Spare bits, missing padding or stray characters would let two texts stand for one value.
    if b64(data) != text or (size is not None and len(data) != size):
        raise BadSignature("encoding.base64")
    return data


def unhex(text: object, size: int | None = None) -> bytes:
    """The bytes of lower-case hex; raises BadSignature for anything else or for another size in bytes."""
    if not isinstance(text, str) or not _HEX.fullmatch(text) or (size is not None and len(text) != 2 * size):
        raise BadSignature("encoding.hex")
    return bytes.fromhex(text)


def u32(number: int) -> bytes:
    """Four bytes, big-endian."""
    return number.to_bytes(4, "big")


def lp(data: bytes) -> bytes:
    """`data` behind its length as `u32`, so that joined fields cannot run into each other."""
    return u32(len(data)) + data
