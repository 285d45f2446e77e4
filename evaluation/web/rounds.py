"""The page of an evaluation's rounds, and the report of an earlier one."""

from __future__ import annotations

from flask import Blueprint, Response, send_file
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from core.kernel.errors import NotFound
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from core.web.platform import platform
from evaluation.queries import round_page
from evaluation.queries.round_page import RoundsPage
from evaluation.web.forms import LotPath
from evaluation.web.pages import page

blueprint = Blueprint("evaluation_rounds", __name__)
api = APIBlueprint("evaluation_rounds_api", __name__, url_prefix="/api/v1")
INSIDE = (Role.EXPERT, Role.CENTRE, Role.SUPERVISOR, Role.TENDERER)


class RoundPath(LotPath):
    """A round of a lot's evaluation: 2 for the first that was ordered."""

    round: int = Field(ge=2, le=99)


@blueprint.get("/lots/<number>/evaluation/rounds")
@requires(*INSIDE)
def rounds(number: str) -> str:
    """What was ordered, what was reviewed again, and each bid's place before and after."""
    view = _rounds(number)
    return page("rounds", view=view)


@api.get("/lots/<number>/evaluation/rounds/<int:round>/report.pdf")
@requires(*INSIDE)
def earlier_report(path: RoundPath) -> Response:
    """The report of the round before this one, as it was signed."""
    found = next((one for one in _rounds(path.number).rounds if one.number == path.round), None)
    if found is None:
        raise NotFound("evaluation.no_rounds")
    name = f"{path.number}-report-{found.number - 1}.pdf"
    return send_file(platform().files.path(found.report_sha256), mimetype="application/pdf", as_attachment=True, download_name=name)


def _rounds(number: str) -> RoundsPage:
    path, who = LotPath(number=number), actor()
    return read(lambda session: round_page.of_lot(session, who, path.number))
