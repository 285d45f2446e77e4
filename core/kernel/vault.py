"""Personal data that the platform must keep and few may read: sealed one by one under a key in a file of its own, never in the database."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.kernel.errors import BadSignature

KEY, NONCE = 32, 12


class Vault:
    """Seals and opens small texts. `about` says whose and what it is: a text opens under no other."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, text: str, about: str) -> bytes:
        """The sealed form, of another nonce each time."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode("utf-8"), about.encode("utf-8"))

    def open(self, sealed: bytes, about: str) -> str:
        """The text; raises BadSignature for another key, another `about`, or a single bit that differs."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], about.encode("utf-8")).decode("utf-8")
        except (InvalidTag, ValueError):
            raise BadSignature("vault.unfit") from None


def open_vault(path: Path) -> Vault:
    """The vault whose key stands in a file that only its owner may read; a first start makes one.

    Raises BadSignature("key.readable_by_others" | "key.malformed", path=…).
    """
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise BadSignature("key.readable_by_others", path=str(path))
    key = path.read_bytes()
    if len(key) != KEY:
        raise BadSignature("key.malformed", path=str(path))
    return Vault(key)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)  # of two processes that start at once, both then read the first one's
    fresh.unlink()
