"""The public page on which a draw is recomputed step by step, to be read and printed."""

from __future__ import annotations

from flask import Blueprint

from core.web.door import read
from core.web.guard import public
from evaluation.queries import draw_steps as queries
from evaluation.web.forms import DrawPath
from evaluation.web.pages import page

blueprint = Blueprint("evaluation_draw_steps", __name__)


@blueprint.get("/lots/<number>/draws/<draw>/steps")
@public
def shown(number: str, draw: str) -> str:
    """Slips, pool hash, seed, the first tickets of each stratum, and who was passed over and why; by pseudonym."""
    path = DrawPath(number=number, draw=draw)
    view = read(lambda session: queries.page(session, path.number, path.draw))
    return page("draw_steps", view=view, made=view.steps)
