"""What a party of an expert draw does: commit to a value of one's own, keep it, reveal it; and what a drawn expert answers."""

from __future__ import annotations

import secrets
from typing import Any

from app.demo.person import Person
from core.kernel import draw, slips
from core.kernel.lotfile import read_lot, trusted_offices
from core.kernel.slips import Place
from core.kernel.trust import read_policy


class Drawing(Person):
    """Verbs of tenderer, centre and supervisor in a draw."""

    value = b""

    def commit(self, number: str, name: str) -> Any:
        """Commits to 32 random bytes, which stay in this process until they are revealed."""
        case, _, lot = number.rpartition("-")
        self.value = secrets.token_bytes(32)
        party = self.part.role
        # Whoever seals accepts the offices' keys only as the log vouches for them, as for a bid.
        lot_file = read_lot(self.client.get(f"/api/v1/lots/{number}/lot-file"))
        offices = trusted_offices(lot_file, read_policy(self.part.policy.read_text("utf-8")), self.now())
        shares = [share.to_json() for share in slips.deal(Place(case, name, party), self.value, offices)]
        body = {"draw": name, "party": party, "commit": draw.commit(case, name, party, self.value).hex(), "shares": shares}
        return self.act(f"/api/v1/lots/{number}/draws/{name}/commits", "draw.commit", case, lot, body)

    def reveal(self, number: str, name: str) -> Any:
        """Reveals them."""
        case, _, lot = number.rpartition("-")
        body = {"draw": name, "party": self.part.role, "value": self.value.hex()}
        return self.act(f"/api/v1/lots/{number}/draws/{name}/reveals", "draw.reveal", case, lot, body)

    def asked(self) -> list[str]:
        """The calls that wait for this expert's answer."""
        return [call["call"] for call in self.client.get("/api/v1/me/calls")["calls"] if call["state"] == "placed"]

    def answer(self, call: str, answer: str, cause: str = "", note: str = "") -> Any:
        """Answers a call; the statement names the call alone, never the project."""
        return self.act(f"/api/v1/calls/{call}/answers", "call.answer", call, "", {"answer": answer, "cause": cause, "note": note})
