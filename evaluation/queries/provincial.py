"""Replies of provincial pools: the list that they give, and what pages tell of who drew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import draw as kernel
from core.kernel.draw import Drawn
from core.kernel.errors import NotFound
from core.kernel.ids import LotId
from core.kernel.jcs import JSON, canonical
from evaluation.domain import provincial as domain
from evaluation.domain.drill import DRILL, followers
from evaluation.domain.partner_word import PartnerWord
from evaluation.domain.provincial import Answered, By, drawn_by, letter_sha256
from evaluation.models.draws import Draw, DrawReply, PreparedDraw
from evaluation.queries.calls import conditions_of
from evaluation.queries.draws import record_of, recused_later
from trading.queries import lots


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A reply that came: its digest, who signed it, and when it was handed in."""

    number: int
    sha256: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProvincialView:
    """A draw that a provincial pool makes: who, under which letter, and what it has replied."""

    by: By
    letter_sha256: str
    replies: tuple[ReplyView, ...]


def request_of(session: Session, draw: Draw) -> Mapping[str, JSON]:
    """The request that the centre signed."""
    return cast("Mapping[str, JSON]", session.get_one(PreparedDraw, draw.id).request)


def words_of(session: Session, draw: Draw) -> list[PartnerWord]:
    """The replies, the first one first."""
    rows = session.scalars(select(DrawReply).where(DrawReply.draw_id == draw.id).order_by(DrawReply.number))
    return [PartnerWord.read(row.file, "reply") for row in rows]


def list_of(session: Session, draw: Draw, gone: Sequence[str] | None = None) -> Drawn:
    """The list of a draw, our own or a provincial pool's, after those have left (by default who has); raises DrawFault."""
    left = recused_later(session, draw.id) if gone is None else tuple(gone)
    request = request_of(session, draw)
    if DRILL in request:
        return _played(cast("Mapping[str, list[str]]", request[DRILL]), left)
    if drawn_by(request) is None:
        return kernel.replay(kernel.parse_draw(record_of(session, draw) | {"recused_later": list(left)}))
    case = lots.by_id(session, LotId(draw.lot_id)).case
    value = bytes.fromhex(session.get_one(PreparedDraw, draw.id).order_value)
    return Answered(case, draw.name, request, words_of(session, draw), value).list_after(left)


def is_followed(session: Session, draw: Draw, gone: Sequence[str]) -> bool:
    """Whether the draw still has a list when these have left."""
    try:
        list_of(session, draw, gone)
    except kernel.DrawFault:
        return False
    return True


def _played(said: Mapping[str, list[str]], left: Sequence[str]) -> Drawn:
    """Who sits in a drill, where nobody is drawn; raises DrawFault where nobody is left to follow."""
    found = followers(said["members"], said["reserves"], left)
    if found is None:
        raise kernel.DrawFault("recused_later", "nobody_left")
    return Drawn(b"", b"", {DRILL: tuple(found[0])}, {DRILL: tuple(found[1])}, ())


def view(session: Session, draw: Draw) -> ProvincialView | None:
    """Who draws instead; None for a draw of our own."""
    by = drawn_by(request := request_of(session, draw))
    if by is None:
        return None
    rows = session.scalars(select(DrawReply).where(DrawReply.draw_id == draw.id).order_by(DrawReply.number))
    replies = tuple(ReplyView(row.number, row.sha256, row.subject, row.at) for row in rows)
    return ProvincialView(by, letter_sha256(request, conditions_of(session, draw.id)), replies)


def letter(session: Session, number: str, name: str) -> bytes:
    """The letter as a file; raises NotFound, RuleBroken for a draw of our own."""
    lot = lots.by_number(session, number)
    draw = session.scalar(select(Draw).where(Draw.lot_id == lot.id, Draw.name == name))
    if draw is None:
        raise NotFound("expert_draw.not_found")
    return canonical(domain.letter(request_of(session, draw), conditions_of(session, draw.id)))
