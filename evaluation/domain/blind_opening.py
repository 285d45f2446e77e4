"""How the code names are opened after the technical lock: the centre and the supervisor each sign, two persons."""

from __future__ import annotations

from dataclasses import dataclass

from core.kernel.errors import RuleBroken
from evaluation.domain.body import Body

OPENERS = ("centre", "supervisor")
"""Who opens the map of code names, by role; each office signs once."""


@dataclass(frozen=True, slots=True)
class BlindOpeningBody:
    """The signed body of `blind.open`: the commitment that is to be opened, and the technical result it comes after."""

    map_sha256: str
    result_sha256: str

    @classmethod
    def read(cls, body: object, map_sha256: str, result_sha256: str) -> BlindOpeningBody:
        """Must name the map that was sealed and the result that was locked."""
        fields = Body(body, "map_sha256", "result_sha256")
        said = cls(fields.text("map_sha256", 64, 64), fields.text("result_sha256", 64, 64))
        if said != cls(map_sha256, result_sha256):
            raise RuleBroken("blind.open.other")
        return said
