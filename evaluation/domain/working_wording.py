"""The sentences of a bid's worked calculation that the arithmetic itself does not say: which key decided between equal totals."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.domain.methods.case import TieKey
from evaluation.domain.methods.wording import Lang

KEYS: Mapping[TieKey, tuple[str, str]] = {
    TieKey.LOWER_PRICE: ("评标价低者在前", "the lower evaluated price is in front"),
    TieKey.HIGHER_TECHNICAL: ("技术得分高者在前", "the higher technical score is in front"),
    TieKey.HIGHER_PRICE_SCORE: ("价格分高者在前", "the higher price score is in front"),
}
_DECIDED = (
    "与 {other} 总得分相同，{key}：本投标 {own}，{other} {theirs}",
    "Total equal to {other}’s, {key}: this bid {own}, {other} {theirs}",
)
_DRAWN = (
    "与 {other} 总得分和前面各项都相同，留待有记录的抽签决定",
    "Total and all keys before equal to {other}’s, left to a recorded draw",
)
_LOTS = (
    "与 {other} 总得分和前面各项都相同，先后由抽签 {own} 决定",
    "Total and all keys before equal to {other}’s, decided by the draw of lots {own}",
)
_JOINT = ("与 {other} 总得分和各比较项都相同，名次并列", "Total and every key equal to {other}’s, the rank is shared")


def tie_text(other: str, key: TieKey | None, own: str, theirs: str, lang: Lang) -> str:
    """What decided between a bid and another with the same total; `key` None: nothing did; `own`: the draw's name where lots were drawn."""
    column = 0 if lang == "zh" else 1
    if key is TieKey.DRAW:
        return (_LOTS if own else _DRAWN)[column].format(other=other, own=own)
    if key is None:
        return _JOINT[column].format(other=other)
    return _DECIDED[column].format(other=other, key=KEYS[key][column], own=own, theirs=theirs)
