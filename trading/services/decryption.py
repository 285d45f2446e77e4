"""The batch that opens a lot's envelopes: outside the door and all together, so that nobody sees a price and then withholds a key."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from core.kernel import age, parcel, sealing
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import BadSignature, NotFound
from core.kernel.files import FileStore, digest_of
from core.kernel.outbox import Payload
from core.kernel.parcel import Parcel
from core.kernel.work import Door
from trading.domain.bid import Cause
from trading.domain.collusion.particulars import MEMBERS
from trading.domain.opening import read_out
from trading.queries import openings
from trading.queries.openings import ToOpen
from trading.services.releases import Opened, take_in


class Batch:
    """Opens the envelopes of openings whose windows are shut, with the store that holds their ciphertexts."""

    def __init__(self, files: FileStore) -> None:
        self.files = files

    def run(self, door: Door, payload: Payload) -> None:
        """Opens all envelopes of the opening in `payload`, and takes in what was found. May run twice: it ends the same."""
        opening_id = UUID(payload["opening_id"])
        batch = door.read(lambda session: openings.to_open(session, opening_id))
        results = [_open_one(self.files, entry) for entry in batch]
        door.perform(SYSTEM_ACTOR, lambda work: take_in(work, opening_id, results))


def _open_one(files: FileStore, entry: ToOpen) -> Opened:
    """What one envelope holds, its files put into the content store; or why it could not be opened, and by whose fault.

    A ciphertext that our own disk has lost or changed is the platform's fault; everything else that fails was sealed so by its bidder.
    """
    if not entry.secret and entry.offices_owe:
        return Opened(entry.envelope, cause=Cause.PLATFORM, reason="opening.failed.shares_missing")
    if not entry.secret:
        return Opened(entry.envelope, cause=Cause.OWN, reason="opening.failed.no_key")
    try:
        ciphertext = files.path(entry.ct_sha256)
    except NotFound:
        return Opened(entry.envelope, cause=Cause.PLATFORM, reason="opening.failed.file_missing")
    if digest_of(ciphertext) != entry.ct_sha256:
        return Opened(entry.envelope, cause=Cause.PLATFORM, reason="opening.failed.file_changed")
    with tempfile.TemporaryDirectory(prefix="gongheng-opening-") as folder:
        plain = Path(folder) / "envelope.zip"
        try:
            return _decrypt(files, entry, ciphertext, plain)
        except BadSignature as refusal:
            return Opened(entry.envelope, cause=Cause.OWN, reason=refusal.code)


def _decrypt(files: FileStore, entry: ToOpen, ciphertext: Path, plain: Path) -> Opened:
    with ciphertext.open("rb") as source, plain.open("wb") as target:
        written = sealing.open_envelope(source, target, age.read_identity(entry.secret))
    found = parcel.read_envelope(plain)
    said = read_out(found.bid)
    _store(files, plain, found)
    particulars = {name: found.bid[name] for name in MEMBERS if name in found.bid}
    return Opened(entry.envelope, written.sha256, written.size, said, found.files, particulars)


def _store(files: FileStore, plain: Path, found: Parcel) -> None:
    """Puts every file of an envelope into the content store, a piece at a time."""
    for file in found.files:
        made = files.path_for_making()
        with made.open("xb") as target:
            parcel.extract(plain, file.name, target)
        files.adopt(made)
