"""A web process as `gongheng serve` makes it, told by its environment: `python -m tests.contract.room_process`.

Besides, anybody may say something in the case of the tests, listen to it in the opening hall, and be at a seat that the address names.
"""

from core.kernel.waiting import patch_process

patch_process()

import os  # noqa: E402  (the patches come first)
from dataclasses import dataclass  # noqa: E402

from flask import Blueprint, render_template_string, request  # noqa: E402

from app import wiring  # noqa: E402
from app.factory import create_app, prepare  # noqa: E402
from core.kernel.actor import SYSTEM_ACTOR  # noqa: E402
from core.kernel.events import Event  # noqa: E402
from core.kernel.ids import CaseId  # noqa: E402
from core.kernel.sealedlog import keep  # noqa: E402
from core.kernel.streams import Projection  # noqa: E402
from core.settings import load  # noqa: E402
from core.web.guard import public  # noqa: E402
from core.web.lines import Handler  # noqa: E402
from core.web.logs import configure  # noqa: E402
from evaluation.domain.seat_health import Device, Present, Screen, Signals  # noqa: E402
from evaluation.jobs_seats import registry  # noqa: E402
from trading.live.opening import ROOM  # noqa: E402

CASE = CaseId("T2026-000001")
STAGE = """{% extends "base.html" %}{% block content %}<div data-live-room="/opening" data-live-case="T2026-000001" data-live-seq="0"></div>
<h1>现场</h1><script type="module" src="{{ url_for('static', filename='js/live.js') }}"></script>{% endblock %}"""


@dataclass(frozen=True, kw_only=True)
class Said(Event):
    """Somebody said a number."""

    KIND = "try.said"

    n: int


def main() -> None:
    """Serves until it is killed."""
    configure()
    wiring.PROJECTIONS = {**wiring.PROJECTIONS, "try.said": lambda event: [Projection("public", "said", {"n": event.n})]}
    wiring.AUDIENCES["opening"] = lambda session, who, case: "public"
    ROOM.tells_seats_to = frozenset({"public"})
    ROOM.seats = lambda case: [("T2026-000001-01", request.args["seat"])] if "seat" in request.args else []  # type: ignore[method-assign]
    settings = load()
    keep(settings.data_dir / "sealed.log")
    app = create_app(settings)
    process = app.extensions["process"]

    stand = Blueprint("stand", __name__)

    @stand.post("/say/<int:n>")
    @public
    def say(n: int) -> dict[str, int]:
        process.platform.door.perform(SYSTEM_ACTOR, lambda work: work.record(Said(case=CASE, n=n)))
        return {"pid": os.getpid()}

    @stand.post("/desk/<seat>")
    @public
    def desk(seat: str) -> dict[str, int]:
        well = Signals(Device.OK, Device.OK, Screen.ROOM, Present.HERE, 20)
        registry(process.platform).hear(f"{CASE}-1", seat, well)
        return {"pid": os.getpid()}

    @stand.get("/desks")
    @public
    def desks() -> dict[str, str]:
        return {one.seat: one.health.level.value for one in registry(process.platform).of_lot(f"{CASE}-1")}

    @stand.get("/stage")
    @public
    def stage() -> str:
        return render_template_string(STAGE)

    app.register_blueprint(stand)
    app.extensions["csrf"].exempt(stand)
    prepare(app)
    process.clockwork.start()
    process.sockets.run(app, host=settings.host, port=settings.port, log_output=False, handler_class=Handler)


main()
