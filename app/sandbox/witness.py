"""A witness of the log (C2SP tlog-witness): cosigns each checkpoint that extends the last one it saw, and none that does not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import click

from app.sandbox.serving import Answer, serve, server
from app.sandbox.state import StateFolder
from core.kernel import clock, merkle
from core.kernel.checkpoint import WITNESS, Checkpoint, Vkey, cosign, read_checkpoint, read_vkey, verify_log, vkey
from core.kernel.encoding import b64, unb64
from core.kernel.errors import BadSignature
from core.kernel.signing import Ed25519Signer
from core.kernel.witnessing import AddCheckpoint, read_request

MEDIA_SIZE = "text/x.tlog.size"


class Witness:
    """Its key, the logs it knows, and the last tree head it cosigned for each, which is on disk before any answer leaves."""

    def __init__(self, state: StateFolder, name: str, logs: Iterable[Vkey], clock_file: Path | None) -> None:
        self.name, self._state, self._clock_file = name, state, clock_file
        self._told = {log.name: log for log in logs}
        self._signer = Ed25519Signer.from_seed(state.once("key", lambda: Ed25519Signer.generate().seed))
        self._one_at_a_time = threading.Lock()

    @property
    def vkey(self) -> Vkey:
        """What a trust policy says of this witness."""
        return vkey(self.name, WITNESS, self._signer.private)

    def handle(self, method: str, path: str, _media: str, body: bytes) -> Answer:
        """`POST /add-checkpoint`; `GET /vkey` for whoever sets a policy up."""
        if (method, path) == ("GET", "/vkey"):
            return Answer(200, f"{self.vkey}\n".encode())
        if (method, path) != ("POST", "/add-checkpoint"):
            return Answer(404)
        try:
            request = read_request(body)
            head = read_checkpoint(request.note.text)
        except BadSignature:
            return Answer(400)
        log = self._logs().get(head.origin)
        if log is None:
            return Answer(404)
        try:
            verify_log(request.note, log)
        except BadSignature:
            return Answer(403)
        with self._one_at_a_time:  # the check against the last size and its replacement are one act
            return self._extend(request, head)

    def _extend(self, request: AddCheckpoint, head: Checkpoint) -> Answer:
        seen = self._last()
        size, root = seen.get(head.origin, (0, merkle.EMPTY_ROOT))
        if request.old > head.size:
            return Answer(400)
        if request.old != size or (head.size == size and head.root != root):
            return Answer(409, f"{size}\n".encode(), MEDIA_SIZE)
        try:
            merkle.verify_consistency(size, root, head.size, head.root, request.proof)
        except BadSignature:
            return Answer(422)
        seen[head.origin] = (head.size, head.root)
        self._state.write("seen.json", json.dumps({origin: [n, b64(top)] for origin, (n, top) in seen.items()}).encode())
        return Answer(200, str(cosign(request.note.text, self.name, self._signer.private, self._now())).encode())

    def _logs(self) -> Mapping[str, Vkey]:
        """The logs it was told of, and those in `log.vkey`, one a line: a log may be set up after its witness."""
        kept = (self._state.read("log.vkey") or b"").decode().split()
        return self._told | {log.name: log for log in map(read_vkey, kept)}

    def _last(self) -> dict[str, tuple[int, bytes]]:
        kept = json.loads(self._state.read("seen.json") or b"{}")
        return {origin: (size, unb64(root, 32)) for origin, (size, root) in kept.items()}

    def _now(self) -> int:
        now: datetime = clock.now(self._clock_file)
        return int(now.timestamp())


@click.command("sandbox-witness")
@click.option("--state", type=click.Path(path_type=Path), required=True, help="Folder of the witness's key and memory.")
@click.option("--port", type=int, required=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--name", default="witness.sandbox.example/w1", show_default=True, help="Its name in signature lines.")
@click.option("--log-vkey", "log_vkeys", multiple=True, help="A log to witness, beside those in STATE/log.vkey.")
@click.option("--clock-file", type=click.Path(path_type=Path), envvar="GONGHENG_CLOCK_FILE", help="The shared clock offset.")
def sandbox_witness(state: Path, *, port: int, host: str, name: str, log_vkeys: tuple[str, ...], clock_file: Path | None) -> None:
    """Runs a witness; prints one JSON line with its URL and vkey."""
    try:
        logs = [read_vkey(text) for text in log_vkeys]
    except BadSignature:
        raise click.BadParameter("not a verifier key", param_hint="--log-vkey") from None
    witness = Witness(StateFolder(state), name, logs, clock_file)
    serve(server(host, port, witness.handle), {"name": name, "vkey": str(witness.vkey)})
