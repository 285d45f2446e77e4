"""What an opening officer does: everything with the key is done by `gongheng officer`, in a folder that no server sees."""

from __future__ import annotations

import json
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

from app.cli_refusals import SENTENCES
from app.demo.client import wait_for
from app.demo.person import Person
from app.demo.stage import GONGHENG, plain_environment


class Offices(Person):
    """Verbs of an officer."""

    @property
    def _keys(self) -> Path:
        return self.part.folder / "officer"

    def enrol(self) -> None:
        """An officer has the tool make its keys, and hands in the request that it signed."""
        if self.part.role != "officer":
            super().enrol()
            return
        self._tool("create", str(self._keys), "--role", self.part.office, "--person", self.id, "--clock-file", str(self.part.clock_file))
        envelope = json.loads((self._keys / "enrol.json").read_text("utf-8"))
        self.client.send("POST", "/api/v1/me/keys", {"envelope": envelope, "password": self.part.password})

    def requests(self) -> int:
        """How many lots ask this office for shares."""
        return len(self.client.get("/api/v1/officer/requests")["requests"])

    def rescue(self) -> list[dict[str, Any]]:
        """Answers every request: the tool checks the log and signs, this person carries the file over."""
        answers = []
        for place in range(self.requests()):
            file, out = self.part.folder / f"request-{place}.json", self.part.folder / f"releases-{place}.json"
            wait_for(partial(self._is_witnessed, place, file), "the log that a request stands on is not witnessed")
            self._tool("release", str(self._keys), str(file), *self._told, "--out", str(out))
            for envelope in json.loads(out.read_text("utf-8"))["statements"]:
                answers.append(self.client.send("POST", "/api/v1/officer/shares", {"envelope": envelope}))
        return answers

    @property
    def _told(self) -> tuple[str, ...]:
        return ("--policy", str(self.part.policy), "--clock-file", str(self.part.clock_file))

    def _is_witnessed(self, place: int, file: Path) -> bool:
        """Fetches a request and has the tool show it; False when the tool asks to come again once more witnesses have signed."""
        request = self.client.get("/api/v1/officer/requests")["requests"][place]
        file.write_text(json.dumps(request, ensure_ascii=False), "utf-8")
        try:
            self._tool("show", str(file), *self._told)
        except RuntimeError as refused:
            if any(words in str(refused) for words in SENTENCES["trust.no_quorum"]):
                return False
            raise
        return True

    def _tool(self, *arguments: str) -> str:
        done = subprocess.run([*GONGHENG, "officer", *arguments], env=plain_environment(), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"gongheng officer {arguments[0]}: {done.returncode} {done.stderr} {done.stdout}")
        return done.stdout
