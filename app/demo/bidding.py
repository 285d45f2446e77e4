"""What a bidder does: pay, seal (in the page's way or with the offline sealer), upload, withdraw, release."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from app.demo.client import AWAY, PATIENCE, PAUSE, Refused
from app.demo.person import Person
from app.demo.stage import GONGHENG, plain_environment
from core.kernel import sealing
from core.kernel.encoding import sha256, unb64
from core.kernel.jcs import parse_object
from core.kernel.lotfile import Bidder, read_lot, trusted_offices
from core.kernel.sealedset import Content, SealedSet, seal_all
from core.kernel.trust import read_policy

PART = 8 * 1024**2
TUS = {"Tus-Resumable": "1.0.0"}
BEHIND = frozenset({409, 423})  # another offset; or what came before the line broke is still being written


class Bidding(Person):
    """Verbs of a bidder; also the uploads that others make."""

    def seal(self, number: str, folders: Mapping[str, str], offline: bool, breaks: bool = False) -> dict[str, Any]:
        """Seals the folders (by envelope) as the next version and hands them in; returns the answer with the receipts."""
        case, _, lot = number.rpartition("-")
        ver = self.client.get(f"/api/v1/lots/{number}/bid")["next_ver"]
        file, out = self.part.folder / f"LOT-{number}.json", self.part.folder / f"sealed-{number}-{ver}"
        self.fetch(f"/api/v1/lots/{number}/lot-file", file)
        sealed = self._seal_offline(file, folders, out) if offline else self._seal_here(file, folders, out)
        uploads = {env: self.upload(out / name, breaks=breaks) for env, name in sealed["files"].items()}
        return self._hand_in(number, case, lot, sealed, uploads)

    def _hand_in(self, number: str, case: str, lot: str, sealed: Mapping[str, Any], uploads: Mapping[str, str]) -> dict[str, Any]:
        """Signs the statements of all envelopes, each naming the one before, and posts them at once."""
        while True:
            prev, seals = None, []
            for statement in sealed["statements"]:
                env = statement["body"]["env"]
                envelope, _ = self.signed("seal", case, lot, statement["body"], prev=prev)
                prev = sha256(unb64(envelope["payload"])).hex()
                boxes = sealed["boxes"][env]
                shares = [{"role": role, "box": boxes["shares"][role]} for role in sealing.ROLES if role in boxes["shares"]]
                seals.append({"envelope": envelope, "upload": uploads[env], "bidder_box": boxes["bidder"], "share_boxes": shares})
            try:
                answer: dict[str, Any] = self.client.send("POST", f"/api/v1/lots/{number}/bid/seal", {"seals": seals})
            except Refused as refusal:
                if refusal.code != "act.prev":
                    raise
                continue
            return answer

    def _seal_here(self, file: Path, folders: Mapping[str, str], out: Path) -> dict[str, Any]:
        """As the page does it in the browser."""
        lot = read_lot(json.loads(file.read_text("utf-8")))
        offices = trusted_offices(lot, read_policy(self.part.policy.read_text("utf-8")), self.now())
        contents = {env: _content(Path(folder)) for env, folder in folders.items()}
        out.mkdir(mode=0o700, parents=True)
        own = lot.bidder
        assert own is not None
        bidder = Bidder(own.id, own.ver, (self.identity.recipient,))
        made: SealedSet = seal_all(lot, contents, offices, bidder=bidder, out=out, client_build="demo")
        return made.to_json()

    def _seal_offline(self, file: Path, folders: Mapping[str, str], out: Path) -> dict[str, Any]:
        """With `gongheng seal`, which knows no network."""
        told = ["--policy", str(self.part.policy), "--clock-file", str(self.part.clock_file), "--recipient", self.identity.recipient]
        command = [*GONGHENG, "seal", str(file), *folders.values(), "--out", str(out), *told]
        done = subprocess.run(command, env=plain_environment(), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"gongheng seal: {done.returncode} {done.stderr}")
        made: dict[str, Any] = json.loads((out / "sealed.json").read_text("utf-8"))
        return made

    def upload(self, file: Path | str, breaks: bool = False) -> str:
        """Uploads a file by tus, in parts with their checksums; `breaks` cuts the line in the middle of a part. Returns the upload's id."""
        file = Path(file)
        size = file.stat().st_size
        begun = self.client.request("POST", "/uploads/", headers=TUS | {"Upload-Length": str(size)})
        if begun.status_code != 201:
            raise RuntimeError(f"tus create: {begun.status_code} {begun.text[:300]}")
        upload = begun.headers["Location"].rpartition("/")[2]
        offset, until = 0, time.monotonic() + PATIENCE
        with file.open("rb") as source:
            while offset < size:
                source.seek(offset)
                part = source.read(PART)
                if breaks:
                    breaks = False
                    self._break_off(upload, offset, part)
                    offset = self._offset(upload)
                    continue
                after = self._append(upload, offset, part)
                if after is None:
                    if time.monotonic() > until:
                        raise TimeoutError("tus")
                    time.sleep(PAUSE)
                    offset = self._offset(upload)
                else:
                    offset, until = after, time.monotonic() + PATIENCE
        return upload

    def _append(self, upload: str, offset: int, part: bytes) -> int | None:
        """The offset after one part; None when the line broke."""
        checksum = base64.b64encode(hashlib.sha256(part).digest()).decode()
        headers = TUS | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        try:
            answer = self.client.http.patch(f"/uploads/{upload}", content=part, headers=headers | {"Upload-Checksum": f"sha256 {checksum}"})
        except httpx.TransportError:
            return None
        if answer.status_code in AWAY or answer.status_code in BEHIND:
            return None
        if answer.status_code != 204:
            raise RuntimeError(f"tus append: {answer.status_code} {answer.text[:300]}")
        return int(answer.headers["Upload-Offset"])

    def _break_off(self, upload: str, offset: int, part: bytes) -> None:
        """Sends half of a part and then cuts the line, as a train does in a tunnel."""

        def half() -> Any:
            yield part[: len(part) // 2]
            raise ConnectionAbortedError("the demonstration cuts the line")

        headers = TUS | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream", "Content-Length": str(len(part))}
        try:
            self.client.http.patch(f"/uploads/{upload}", content=half(), headers=headers)
        except (httpx.TransportError, ConnectionAbortedError):
            return

    def _offset(self, upload: str) -> int:
        answer = self.client.request("HEAD", f"/uploads/{upload}", headers=TUS)
        return int(answer.headers["Upload-Offset"])

    def withdraw(self, number: str) -> dict[str, Any]:
        """Takes the standing version back."""
        case, _, lot = number.rpartition("-")
        version = self.client.get(f"/api/v1/lots/{number}/bid")["versions"][-1]
        body = {"ver": version["ver"], "seals": sorted(entry["seal_sha256"] for entry in version["envelopes"])}
        answer: dict[str, Any] = self.act(f"/api/v1/lots/{number}/bid/withdraw", "withdraw", case, lot, body, step_up=True)
        return answer

    def release(self, number: str, env: str, round: int = 0) -> dict[str, Any]:  # noqa: A002 - the member's name in the payload
        """Opens the own box with the device's key and releases the envelope's key."""
        case, _, lot = number.rpartition("-")
        box = self.client.get(f"/api/v1/lots/{number}/bid/envelopes/{env}/bidder-box")
        secret = sealing.open_bidder_box(unb64(box["box"]), self.identity, box["bid_pub"])
        body = {"env": env, "ver": box["ver"], "bid_pub": box["bid_pub"], "method": "bidder", "secret": secret.secret}
        answer: dict[str, Any] = self.act(f"/api/v1/lots/{number}/opening/release", "release", case, lot, body, round=round)
        return answer

    def compare_ciphertext(self, number: str, env: str) -> bool:
        """Whether the platform keeps the very bytes that were sealed."""
        theirs = self.client.request("GET", f"/api/v1/lots/{number}/bid/envelopes/{env}/ciphertext")
        ver = self.client.get(f"/api/v1/lots/{number}/bid")["versions"][-1]["ver"]
        ours = self.part.folder / f"sealed-{number}-{ver}" / f"{env}.age"
        return hashlib.sha256(theirs.content).digest() == hashlib.sha256(ours.read_bytes()).digest()


def _content(folder: Path) -> Content:
    """What goes into an envelope: bid.json beside the files."""
    files = {path.name: path for path in sorted(folder.iterdir()) if path.name != "bid.json"}
    return Content(parse_object((folder / "bid.json").read_bytes(), strict=False), files)
