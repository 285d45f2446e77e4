"""What an expert does: find one's seat, sign in, review, score blind bids by their content, sign the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.demo.person import Person
from core.kernel import jcs
from core.kernel.encoding import b64
from core.kernel.signing import SoftwareP256Signer
from evaluation.domain.seating import CheckInBody


class Rating(Person):
    """Verbs of an expert."""

    def agree(self) -> None:
        """Agrees, purpose by purpose, to what the platform keeps of an expert."""
        entry = self.get("/api/v1/me/expert")
        for asked in entry["consents"]:
            body = {name: asked[name] for name in ("purpose", "version", "until")}
            self.act("/api/v1/me/expert/consents", "expert.consent", entry["expert"], body=body, step_up=True)

    def call(self, number: str) -> dict[str, Any] | None:
        """One's call in this lot; None for who was not drawn."""
        found = [call for call in self.client.get("/api/v1/me/seats")["seats"] if call["number"] == number]
        return found[-1] if found else None

    def sign_in(self, number: str) -> dict[str, Any]:
        """Signs in at the own seat and site."""
        case, _, lot = number.rpartition("-")
        call = self.call(number)
        assert call is not None
        body = {"seat": call["seat"], "site": call["site"]}
        return dict(self.act(f"/api/v1/lots/{number}/evaluation/sign-in", "room.sign_in", case, lot, body)) | body

    def sit_down(self, number: str, desks: str) -> Any:
        """Checks in at the workstation drawn. `desks`: the folder in which each workstation's device keeps its key."""
        case, _, lot = number.rpartition("-")
        drawn = self.client.get(f"/api/v1/lots/{number}/evaluation/seating")
        place = drawn["seats"][0]
        device = SoftwareP256Signer.from_pem((Path(desks) / f"{place['station']}.pem").read_bytes())
        said = CheckInBody(drawn["no"], place["seat"], place["site"], place["station"], device.key.key_id, self.now(), "")
        proof = b64(device.sign(jcs.canonical(said.device_said(case, lot))).sig)
        body = said.to_json() | {"proof": proof}
        return self.act(f"/api/v1/lots/{number}/evaluation/seating/check-ins", "seat.check_in", case, lot, body)

    def review(self, number: str) -> Any:
        """Reviews every bid and finds nothing against any."""
        case, _, lot = number.rpartition("-")
        room = self.client.get(f"/api/v1/lots/{number}/evaluation")
        items = [{"bid": bid, "check": check["id"], "pass": True, "reason": ""} for bid in room["bids"] for check in room["checks"]]
        return self.act(f"/api/v1/lots/{number}/evaluation/reviews", "preliminary.review", case, lot, {"items": items}, step_up=True)

    def score(self, number: str, marks: Mapping[str, Mapping[str, str]], known: Mapping[str, str]) -> Any:
        """Scores the blind bids. `known`: SHA-256 of a bid's main file → its letter in the case file; `marks`: letter → criterion → mark.

        Bids stand under codes; who wrote them is not shown, so an expert tells them apart by what is in them.
        """
        case, _, lot = number.rpartition("-")
        sheet = self.client.get(f"/api/v1/lots/{number}/evaluation/sheet")
        scored = []
        for code in (entry["code"] for entry in sheet["bids"]):
            files = self.client.get(f"/api/v1/lots/{number}/evaluation/bids/{code}")["files"]
            letter = next(known[file["sha256"]] for file in files if file["sha256"] in known)
            given = {criterion["id"]: marks[letter][criterion["id"]] for criterion in sheet["criteria"]}
            reasons = {sheet["criteria"][0]["id"]: "方案完整，针对性较强"}
            self.client.send("PUT", f"/api/v1/lots/{number}/evaluation/sheet/{code}", {"scores": given, "reasons": reasons})
            scored.append({"bid": code, "scores": given, "reasons": reasons})
        body = {"part": "technical", "sheets": scored}
        return self.act(f"/api/v1/lots/{number}/evaluation/sheet", "score", case, lot, body, step_up=True)
