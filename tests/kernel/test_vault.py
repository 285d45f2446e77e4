"""Personal data under seal: opened by its own key for its own owner, refused otherwise; the key stands in a file that nobody else reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel.errors import BadSignature
from core.kernel.vault import open_vault


def test_what_was_sealed_opens_for_its_owner_alone(tmp_path: Path) -> None:
    vault = open_vault(tmp_path / "keys" / "pool.key")
    sealed = vault.seal("13800000000", "E1/phone")
    assert sealed != vault.seal("13800000000", "E1/phone") and b"138" not in sealed
    assert open_vault(tmp_path / "keys" / "pool.key").open(sealed, "E1/phone") == "13800000000"
    for other, about in ((sealed, "E2/phone"), (sealed[:-1] + bytes([sealed[-1] ^ 1]), "E1/phone"), (b"", "E1/phone")):
        with pytest.raises(BadSignature, match=r"vault\.unfit"):
            vault.open(other, about)
    with pytest.raises(BadSignature):
        open_vault(tmp_path / "other.key").open(sealed, "E1/phone")


def test_a_key_that_others_may_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pool.key"
    open_vault(path)
    path.chmod(0o644)
    with pytest.raises(BadSignature, match="readable_by_others"):
        open_vault(path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(BadSignature, match="malformed"):
        open_vault(path)
