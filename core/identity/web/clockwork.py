"""The demonstration's clock over HTTP; where no demonstration runs there is no such address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from sqlalchemy.orm import Session

from core.identity.gateway import show
from core.identity.services import clockwork
from core.identity.web.forms import ClockForm
from core.kernel import clock
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import CaseId
from core.kernel.roles import Role
from core.web.door import perform
from core.web.guard import requires
from core.web.platform import platform

api = APIBlueprint("identity_clockwork", __name__, url_prefix="/api/v1")

OpenCases = Callable[[Session], Iterable[CaseId]]


@api.post("/sandbox/clock")
@requires(Role.ADMIN)
def advance(body: ClockForm) -> Response:
    """Sets the clock of the demonstration forward, to a moment or by some seconds."""
    settings = platform().settings
    if not settings.demonstration:
        raise NotFound("web.not_found")
    shown, jump = clock.read_offset(settings.clock_file), _jump(body)
    open_cases: OpenCases = platform().parts.get("open_cases", _none)
    offset = perform(lambda work: clockwork.advance(work, jump, body.reason, shown=shown, open_cases=open_cases(work.session)))
    show(settings.clock_file, offset)
    return jsonify({"now": clock.text(clock.now(settings.clock_file)), "offset_ms": offset // timedelta(milliseconds=1)})


def _jump(body: ClockForm) -> timedelta:
    if (body.to is None) == (body.seconds is None):
        raise RuleBroken("clock.one_of_two")
    if body.seconds is not None:
        return timedelta(seconds=body.seconds)
    try:
        return clock.moment(body.to or "") - clock.now(platform().settings.clock_file)
    except ValueError:
        raise RuleBroken("clock.one_of_two") from None


def _none(session: Session) -> tuple[CaseId, ...]:
    return ()
