"""The bidders of the last minute, in a process of their own: `python -m bench.seals_run PORT LOT JOBS`.

JOBS has a line of JSON for each bidder: cookie, ciphertext, and the one POST that seals it. They open their pages; then, told the
moment of the deadline, each comes at a random moment of the minute before it, uploads and seals. Prints what each was answered.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402  (the patches come first)
import random  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from http.client import HTTPConnection  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from gevent.pool import Pool  # noqa: E402

TUS = {"Tus-Resumable": "1.0.0"}
MINUTE = 60.0


class Bidder:
    """One bidder's browser."""

    def __init__(self, port: int, lot: str, job: dict[str, Any]) -> None:
        self.port, self.lot, self.job = port, lot, job
        self.headers = {"Cookie": job["cookie"]}
        self.told: dict[str, Any] = {"org": job["org"]}

    def open_page(self) -> None:
        """Gets the form token, as whoever has the page open."""
        line = HTTPConnection("localhost", self.port, timeout=120)
        line.request("GET", "/api/v1/session", headers=self.headers)
        answer = line.getresponse()
        token = json.loads(answer.read())["csrf_token"]
        form = answer.headers["Set-Cookie"].partition(";")[0]
        self.headers = {"Cookie": f"{self.job['cookie']}; {form}", "X-CSRFToken": token}
        line.close()

    def come(self, deadline: float) -> None:
        """Uploads and seals."""
        try:
            line = HTTPConnection("localhost", self.port, timeout=120)
            content = Path(self.job["file"]).read_bytes()
            line.request("POST", "/uploads/", headers={**TUS, **self.headers, "Upload-Length": str(len(content))})
            upload = self._answer(line, 201)[1]["Location"].rpartition("/")[2]
            headers = {**TUS, **self.headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            line.request("PATCH", f"/uploads/{upload}", body=content, headers=headers)
            self._answer(line, 204)
            body = self.job["body"]
            body["seals"][0]["upload"] = upload
            sent = time.time()
            headers = {**self.headers, "Content-Type": "application/json"}
            line.request("POST", f"/api/v1/lots/{self.lot}/bid/seal", body=json.dumps(body), headers=headers)
            answer = line.getresponse()
            said = json.loads(answer.read())
            answered = time.time()
            self.told |= {"status": answer.status, "said": said, "sent": sent - deadline, "answered": answered - deadline}
        except Exception as fault:
            self.told |= {"fault": f"{type(fault).__name__}: {fault}"}

    @staticmethod
    def _answer(line: HTTPConnection, wanted: int) -> tuple[bytes, Any]:
        answer = line.getresponse()
        body = answer.read()
        if answer.status != wanted:
            raise OSError(f"{answer.status} {body[:200]!r}")
        return body, answer.headers


def main() -> None:
    """Everybody comes."""
    port, lot = int(sys.argv[1]), sys.argv[2]
    bidders = [Bidder(port, lot, json.loads(line)) for line in Path(sys.argv[3]).read_text().splitlines()]
    few = Pool(16)
    few.map(Bidder.open_page, bidders)
    print("ready", flush=True)
    deadline = float(sys.stdin.readline())
    chance = random.Random(1)
    delays = [deadline - chance.uniform(0, MINUTE) - time.time() for _ in bidders]
    coming = [gevent.spawn_later(max(0, delay), bidder.come, deadline) for delay, bidder in zip(delays, bidders, strict=True)]
    gevent.joinall(coming)
    print(json.dumps([bidder.told for bidder in bidders]))


main()
