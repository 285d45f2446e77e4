"""The check itself, outside the door: files are read by confined processes, compared by a worker process, and the event loop goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotFound
from core.kernel.files import FileStore
from core.kernel.jcs import JSON
from core.kernel.outbox import Payload
from core.kernel.parsing.parse import parse
from core.kernel.parsing.parsed import PARSER
from core.kernel.work import Door
from trading.domain.collusion.material import Document, Material
from trading.queries import collusion as queries
from trading.queries.collusion import Gathered, TenderFile
from trading.services.collusion import Found, take_in

SECONDS = 600  # after which a worker is given up; the outbox asks again


@dataclass(frozen=True, slots=True)
class Comparison:
    """Checks openings, with the store that holds the opened files."""

    files: FileStore

    def run(self, door: Door, payload: Payload) -> None:
        """Compares what the opening in `payload` brought to light. May run twice: it ends the same."""
        opening_id = UUID(payload["opening_id"])
        gathered = door.read(lambda session: queries.gather(session, opening_id))
        if gathered is None:
            return
        found = self.compare(gathered)
        door.perform(SYSTEM_ACTOR, lambda work: take_in(work, opening_id, found))

    def compare(self, gathered: Gathered) -> Found:
        """Reads the tender document and has the worker look; the bids' own files have been read already."""
        ceiling = gathered.lot.ceiling.fen if gathered.lot.ceiling is not None else None
        told = _search(Material(gathered.bids, tuple(self._read(file) for file in gathered.tender), ceiling))
        looked_at: list[dict[str, JSON]] = [
            {"bidder": bid.org, "files": [_looked(document) for document in bid.documents]} for bid in gathered.bids
        ]
        return Found(told["findings"], {**told["tools"], "parser": PARSER}, looked_at)

    def _read(self, file: TenderFile) -> Document:
        """The text of one file; one that is not there or can't be read has none, and excludes nothing."""
        try:
            parsed = parse(self.files.path(file.sha256), file.name)
        except NotFound:
            return Document(file.sha256, file.name)
        return Document(file.sha256, file.name, tuple(parsed.pages), dict(parsed.metadata))


def _looked(document: Document) -> dict[str, JSON]:
    return {"name": document.name, "sha256": document.sha256, "pages": len(document.pages), "read": any(map(str.strip, document.pages))}


def _search(material: Material) -> dict[str, Any]:
    """Runs the rules in a worker process. Raises CalledProcessError or TimeoutExpired, and the outbox tries again."""
    given = json.dumps(material.to_json(), ensure_ascii=False).encode("utf-8", "replace")
    command = [sys.executable, "-m", "trading.cli_collusion"]
    done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603  our own program
    told: dict[str, Any] = json.loads(done.stdout)
    return told
