"""The platform's and the log's private keys as files that only their owner may read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.kernel.errors import BadSignature
from core.kernel.signing import Ed25519Signer, private_pem


def open_key(path: Path, make: bool = False) -> Ed25519Signer:
    """The Ed25519 key in an unencrypted PKCS#8 PEM; `make` puts a fresh one there when there is none.

    Raises FileNotFoundError, or BadSignature("key.malformed" | "key.unfit" | "key.readable_by_others", path=…).
    """
    if make and not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise BadSignature("key.readable_by_others", path=str(path))
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        raise BadSignature("key.malformed", path=str(path)) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise BadSignature("key.unfit", path=str(path))
    return Ed25519Signer(private)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private_pem(Ed25519Signer.generate().private))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)  # of two processes that start at once, both then read the first one's
    fresh.unlink()
