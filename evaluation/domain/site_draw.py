"""Which partner's site takes part, drawn by lot (双随机): nobody chooses it, and anybody can draw it again from what was signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.kernel.body import Body, digest
from core.kernel.draw import commit, ordered, seed
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from evaluation.domain.booking import Need, Purpose, need_json, read_need

MOST = 50
LEAST = 2  # of one there is nothing to draw
PLATFORM, CENTRE = "platform", "centre"


@dataclass(frozen=True, slots=True)
class SiteDrawBody:
    """The signed body of `venue.draw`: among which sites, each of which has room, and what the platform had committed to before.

    `draw`: its name; `commit`: 64 hex digits.
    """

    draw: str
    candidates: tuple[str, ...]
    commit: str
    need: Need

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> SiteDrawBody:
        """Of a signed body; raises RuleBroken naming the member, or for a draw that leaves no choice."""
        body = Body(signed)
        read = cls(body.text("draw", 20), body.texts("candidates", MOST, 20), body.digest("commit"), read_need(body))
        body.done()
        if len(read.candidates) < LEAST or list(read.candidates) != sorted(set(read.candidates)):
            raise RuleBroken("venue.candidates", least=LEAST)
        if read.need.purpose is Purpose.OPENING:
            raise RuleBroken("venue.no_draw")
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        return {"draw": self.draw, "candidates": list(self.candidates), "commit": self.commit} | need_json(self.need)


def commitment(draw: str, secret: bytes) -> str:
    """What the platform publishes before the centre signs: hex digits that fix its own 32 random bytes."""
    return commit("SITES", draw, PLATFORM, secret).hex()


def drawn_sites(body: SiteDrawBody, secret: bytes, statement_sha256: str) -> tuple[str, ...]:
    """The candidates in the order of the draw, the first takes part and the next follows if it refuses.

    The platform had fixed its bytes before the centre signed, and the centre's statement, whose nonce nobody else chose, had been signed
    before the platform showed them: neither can lead it alone.
    """
    shown = {PLATFORM: secret, CENTRE: bytes.fromhex(statement_sha256)}
    mixed = seed("SITES", body.draw, bytes.fromhex(digest(body.to_json())), shown)
    return tuple(ordered(mixed, "sites", body.candidates))


def alias(booking: str) -> str:
    """What a drawn site is called until the evaluation begins, since the host is not to know it (四不知)."""
    return f"副场 {booking}"
