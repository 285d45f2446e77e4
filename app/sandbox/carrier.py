"""What sandbox gateways to people's telephones share: signed JSON taken in, each id once, kept in one file, faults on request."""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from app.sandbox.serving import Answer
from app.sandbox.state import StateFolder
from core.identity.gateway.channels import signature
from core.kernel import clock

FRESH = timedelta(minutes=5)  # how far a message's time may lie from ours; an older one may have been caught and sent again
_NUMBER = re.compile(r"1[3-9][0-9]{9}")


class Carrier:
    """What it was asked to carry, in order. A kind of carrier says what it is called, what makes it the same, and what goes wrong."""

    name = ""  # of what it carries: messages, calls
    members: frozenset[str] = frozenset()
    same: Sequence[str] = ()  # members that a known id must repeat
    faults: Sequence[str] = ()  # the last: the number cannot be reached

    def __init__(self, state: StateFolder, key: str, clock_file: Path | None) -> None:
        self.state, self.clock_file, self.one_at_a_time = state, clock_file, Lock()
        self.key = key or state.once("key", lambda: secrets.token_hex(16).encode()).decode()
        self.carried: list[dict[str, str]] = json.loads(state.read(f"{self.name}.json") or b"[]")
        self._left = dict.fromkeys(self.faults, 0)

    def fits(self, said: dict[str, str]) -> bool:
        """Whether it can be carried at all."""
        return _NUMBER.fullmatch(said["to"]) is not None

    def take(self, said: dict[str, Any]) -> Answer:
        """401 for a wrong signature or an old time, 422 for a number that cannot be reached, 409 for a known id with other words."""
        if set(said) != self.members or not all(isinstance(member, str) for member in said.values()):
            return as_json({"error": "malformed"}, 400)
        signed = said.pop("signature")
        if not hmac.compare_digest(signed, signature(self.key, said)):
            return as_json({"error": "signature"}, 401)
        known = next((one for one in self.carried if one["id"] == said["id"]), None)
        if known is not None:
            return as_json({"id": said["id"]}) if all(known[name] == said[name] for name in self.same) else as_json({"error": "id"}, 409)
        if abs(clock.moment(said["sent_at"]) - clock.now(self.clock_file)) > FRESH:
            return as_json({"error": "sent_at"}, 401)
        if self.strikes(self.faults[-1]) or not self.fits(said):
            return as_json({"error": "to"}, 422)
        self.carried.append(dict(said))
        self.state.write(f"{self.name}.json", json.dumps(self.carried, ensure_ascii=False).encode())
        return as_json({"id": said["id"]}, 201)

    def control(self, method: str, path: str, body: bytes) -> Answer:
        """The sandbox's own controls: what was carried, and faults."""
        if (method, path) == ("GET", f"/sandbox/{self.name}"):
            return as_json({self.name: self.carried})
        if (method, path) == ("POST", "/sandbox/faults"):
            asked: dict[str, Any] = json.loads(body)
            if unknown := sorted(set(asked) - set(self.faults)):
                return as_json({"error": f"no such fault: {unknown[0]}"}, 400)
            self._left |= {name: int(left) for name, left in asked.items()}
            return as_json(self._left)
        return Answer(404)

    def strikes(self, fault: str) -> bool:
        """Whether the fault strikes now; each striking takes one off what was asked for."""
        left = self._left[fault]
        self._left[fault] = max(0, left - 1)
        return left > 0


def as_json(facts: dict[str, Any], status: int = 200) -> Answer:
    """An answer."""
    return Answer(status, json.dumps(facts, ensure_ascii=False).encode(), "application/json")
