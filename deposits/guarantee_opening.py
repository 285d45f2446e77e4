"""A closed guarantee is opened and examined, outside of any transaction."""

from __future__ import annotations

from datetime import datetime

import pyrage

from core.kernel.age import read_identity
from core.kernel.certificates import read_certificate
from core.kernel.errors import BadSignature
from deposits.domain.guarantee_file import Finding, examine
from deposits.domain.guarantee_messages import Contents, read_contents
from deposits.queries.guarantees import Question
from deposits.services.guarantee_answers import Opened


def open_with(asked: Question, identity: str, by: str) -> Opened:
    """Opens and examines a closed guarantee with a key that was handed over. Raises BadSignature for a key that is not the one to which it
    was closed; whatever is wrong inside is a finding."""
    if read_identity(identity).recipient != asked.recipient:
        raise BadSignature("guarantee.other_key")
    try:
        plain = pyrage.decrypt(asked.ciphertext or b"", [pyrage.x25519.Identity.from_str(identity)])
        contents = read_contents(plain)
    except (pyrage.DecryptError, BadSignature):
        nothing = Contents(b"", b"", b"")
        return Opened(identity, by, asked.ver, nothing, asked.wanted, Finding(None, ("contents",)))
    at: datetime | None = asked.issued_at
    assert at is not None  # it was issued, so it was issued at some time
    finding = examine(contents, asked.file_sha256, asked.wanted, read_certificate(asked.root), at)
    return Opened(identity, by, asked.ver, contents, asked.wanted, finding)
