"""Verbs of doubted scores, for a room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.kernel.encoding import sha256
from core.kernel.jcs import JSON
from evaluation.services import doubts
from tests.builders.people import Person

REPLACING = {
    "criteria": [{"id": "credit", "mode": "range", "title": "信用等级", "objective": True}],
    "abnormal": {"deviation_percent": "30", "order": False, "replace": {"places": 2}},
}
"""Score rules of a document that has the mean of the others replace what is not explained."""


def doubt(room: Any, who: Person, seat: str, bid: str, criteria: Sequence[str] = ("method",), **changes: Any) -> str:
    """A member doubts scores of another; returns the digest by which votes name the doubt."""
    body = {"seat": seat, "bid": bid, "criteria": list(criteria), "side": "low", "reason": "明显低于方案质量"} | changes
    request = who.act("doubt.raise", room.case, room.tender.no, 0, body, True)
    room.perform(who, lambda work: doubts.doubt(work, room.number, request))
    return sha256(request.envelope.payload).hex()


def vote(room: Any, who: Person, about: str, yes: bool, question: str = "abnormal", **changes: Any) -> dict[str, JSON]:
    """A member votes on a doubt or an explanation."""
    body = {"about": about, "question": question, "yes": yes, "reason": "已对照评分标准"} | changes
    said: dict[str, JSON] = room.signed(who, "doubt.vote", body, doubts.vote, step_up=True)
    return said


def all_vote(room: Any, seat: str, about: str, yes: int, question: str = "abnormal") -> dict[str, JSON]:
    """All but the member concerned vote, the first `yes` of them with yes."""
    others = [one for place, one in enumerate(room.members, 1) if str(place) != seat]
    return [vote(room, one, about, place < yes, question) for place, one in enumerate(others)][-1]


def answer(room: Any, who: Person, named: str, explanation: str = "", **changes: Any) -> str:
    """Whose score was found abnormal answers; returns the digest by which votes name the explanation."""
    body = {"doubt": named, "explanation": explanation, "scores": {}, "ticks": {}} | changes
    request = who.act("doubt.answer", room.case, room.tender.no, 0, body, True)
    room.perform(who, lambda work: doubts.answer(work, room.number, request))
    return sha256(request.envelope.payload).hex()


def note_silence(room: Any, who: Person, named: str, note: str = "期限内没有说明") -> dict[str, JSON]:
    """The host notes that nothing came."""
    said: dict[str, JSON] = room.signed(who, "doubt.silence", {"doubt": named, "note": note}, doubts.note_silence, step_up=True)
    return said


def replace(room: Any, who: Person, named: str, scores: dict[str, str], note: str = "理由不成立，按其他成员平均分") -> dict[str, JSON]:
    """The chair notes by what the scores are replaced."""
    body = {"doubt": named, "scores": scores, "note": note}
    said: dict[str, JSON] = room.signed(who, "doubt.replace", body, doubts.replace, step_up=True)
    return said
