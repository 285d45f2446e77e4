"""Commercial and credit sheets of a room whose method has such criteria: signed while the price envelopes wait."""

from __future__ import annotations

from evaluation.domain.parts import LATER, parts_of
from tests.builders.evaluation import Room


def score_later(room: Room) -> None:
    """Every member signs every part that is due; the marks differ a little from member to member and from bid to bid."""
    method = room.tender.lot.method
    for part in (one for one in parts_of(method) if one in LATER):
        most = {one["id"]: int(one["max"]) for one in method["criteria"] if one["part"] == part}
        for place, who in enumerate(room.members):
            codes = (room.view(who).technical or {})["passed"]
            marks = [{name: str(top - (place + n) % 3) for name, top in most.items()} for n, _ in enumerate(codes)]
            room.submit(who, [{"bid": code, "scores": one, "reasons": {}} for code, one in zip(codes, marks, strict=True)], part=part)
