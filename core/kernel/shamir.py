"""Shamir's secret sharing over GF(2^8) mod 0x11b: a share is the y of every secret byte, then one byte x."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from core.kernel.errors import BadSignature


def split(secret: bytes, n: int = 3, t: int = 2, random: Callable[[int], bytes] = secrets.token_bytes) -> list[bytes]:
    """`n` shares (x = 1…n) of which any `t` give `secret` back and fewer tell nothing."""
    coefficients = [random(len(secret)) for _ in range(t - 1)]
    shares = []
    for x in range(1, n + 1):
        share = bytearray(len(secret))
        for layer in [*coefficients, secret]:  # Horner's rule; the secret is the constant term
            share = bytearray(_multiply(y, x) ^ c for y, c in zip(share, layer, strict=True))
        shares.append(bytes(share) + bytes([x]))
    return shares


def combine(shares: Sequence[bytes]) -> bytes:
    """The secret, from as many shares as the threshold asks for, in any order.

    Fewer shares, or false ones, give some other secret: whoever combines must check it. Raises BadSignature for shares of unequal length,
    of equal x, or with x = 0.
    """
    places = [share[-1] for share in shares if share]
    if len(shares) < 2 or len(set(places)) != len(shares) or 0 in places or len({len(share) for share in shares}) != 1:
        raise BadSignature("shamir.shares")
    secret = bytes(len(shares[0]) - 1)
    for share in shares:
        weight = _weight(share[-1], places)
        secret = bytes(total ^ _multiply(weight, y) for total, y in zip(secret, share[:-1], strict=True))
    return secret


def _weight(x: int, places: Sequence[int]) -> int:
    """Lagrange's basis polynomial of `x` at zero."""
    weight = 1
    for other in places:
        if other != x:
            weight = _multiply(weight, _multiply(other, _inverse(other ^ x)))
    return weight


def _multiply(a: int, b: int) -> int:
    product = 0
    for bit in range(8):
        product ^= a << bit if b >> bit & 1 else 0
    for bit in range(14, 7, -1):
        product ^= 0x11B << (bit - 8) if product >> bit & 1 else 0
    return product


def _inverse(a: int) -> int:
    inverse = 1
    for _ in range(7):  # a^(2 + 4 + … + 128) = a^254 = a^-1 in a field of 256
        a = _multiply(a, a)
        inverse = _multiply(inverse, a)
    return inverse
