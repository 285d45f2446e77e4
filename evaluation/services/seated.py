"""The list of a draw as it stands: held under lock, who is on it, and who follows whoever leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from core.kernel import draw as kernel
from core.kernel.db import lock
from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.calling import is_coming
from evaluation.domain.draw import Facts
from evaluation.domain.provincial import drawn_by
from evaluation.models.calls import DrawCall
from evaluation.models.draws import Draw, DrawRecusal, DrawSlip
from evaluation.queries import provincial
from evaluation.queries.draws import on_list, recused_later
from trading.queries.lots import LotView


def hold(work: Work, lot: LotView, name: str) -> Draw:
    """The draw of that name in the lot, locked; raises NotFound."""
    return lock(work.session, Draw, Draw.lot_id == lot.id, Draw.name == name)


def facts_of(work: Work, draw: Draw, **about: Any) -> Facts:
    """What the table of moves looks at."""
    slips = list(work.session.scalars(select(DrawSlip).where(DrawSlip.draw_id == draw.id)))
    called = work.session.scalars(select(DrawCall).where(DrawCall.draw_id == draw.id))
    return Facts(
        committed=frozenset(slip.party for slip in slips),
        revealed=frozenset(slip.party for slip in slips if slip.value),
        seated=frozenset(on_list(draw)),
        is_provincial=drawn_by(provincial.request_of(work.session, draw)) is not None,
        confirmed=frozenset(call.pseudonym for call in called if is_coming(call.state)),
        **about,
    )


def follow(work: Work, draw: Draw, pseudonym: str, reason: str) -> str:
    """Takes a member off a held draw's list and returns who follows in ticket order; "" where nobody is left, and then nothing changes."""
    before = set(on_list(draw))
    gone = recused_later(work.session, draw.id)
    try:
        drawn = provincial.list_of(work.session, draw, [*gone, pseudonym])
    except kernel.DrawFault:
        return ""
    put_on_list(work, draw, drawn)
    successor = next(one for one in on_list(draw) if one not in before)
    row = DrawRecusal(draw_id=draw.id, number=len(gone) + 1, pseudonym=pseudonym, successor=successor, reason=reason, at=work.now())
    work.session.add(row)
    work.session.flush()
    return successor


def has_successor(work: Work, draw: Draw, pseudonym: str) -> bool:
    """Whether anybody would follow this member; nothing changes."""
    return provincial.is_followed(work.session, draw, [*recused_later(work.session, draw.id), pseudonym])


def put_on_list(work: Work, draw: Draw, drawn: kernel.Drawn) -> None:
    """The list and its reserves as they were computed."""
    draw.picked, draw.reserves = _lists(drawn.picked), _lists(drawn.reserves)
    work.session.flush()


def _lists(by_stratum: Mapping[str, Iterable[str]]) -> dict[str, JSON]:
    return {stratum: list(ids) for stratum, ids in by_stratum.items()}
