"""What the last commit and the last value bring about: slips are fixed, then the list is drawn and everybody on it is called."""

from __future__ import annotations

from core.kernel import draw as kernel
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.draw import MOVES, Action
from evaluation.events import ExpertsDrawn
from evaluation.models.draws import Draw
from evaluation.queries.draws import record_of
from evaluation.services import calling
from evaluation.services.seated import facts_of, put_on_list
from trading.queries.lots import LotView

SYSTEM = frozenset({Role.SYSTEM})


def go_on(work: Work, lot: LotView, draw: Draw) -> None:
    """What the last commit and the last reveal bring about by themselves."""
    ready = MOVES.available(draw.state, SYSTEM, facts_of(work, draw))
    if Action.CLOSE in ready:
        draw.state = MOVES.choose(Action.CLOSE, draw.state, SYSTEM, facts_of(work, draw))
        draw.committed_at = work.now()
        # The slips stand in a witnessed checkpoint before the first of them is opened.
        work.send("log.checkpoint", f"draw.commits/{draw.id}", {"reason": "draw"})
    if Action.DRAW in ready:
        draw.state = MOVES.choose(Action.DRAW, draw.state, SYSTEM, facts_of(work, draw))
        drawn = kernel.replay(kernel.parse_draw(record_of(work.session, draw)))
        draw.seed = drawn.seed.hex()
        put_on_list(work, draw, drawn)
        draw.drawn_at = work.now()
        work.record(
            ExpertsDrawn(
                case=lot.case,
                lot=lot.no,
                draw=draw.name,
                pool_hash=draw.pool_hash,
                seed=draw.seed,
                picked=drawn.picked,
                reserves=drawn.reserves,
                subject=draw.name,
            )
        )
        work.send("log.checkpoint", f"draw.result/{draw.id}", {"reason": "draw"})
        calling.begin(work, lot, draw)
