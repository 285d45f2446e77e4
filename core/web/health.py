"""Is the process alive, is it ready, what do its gauges show, and what time is it here."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, jsonify
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from core.kernel import clock
from core.web.guard import is_quiet, public, quiet
from core.web.platform import platform
from core.web.threads import natively

blueprint = Blueprint("health", __name__)


class Gauges:
    """The figures of one process. What bidders do before the opening is in none of them: a count would betray them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("gongheng_requests_total", "Requests answered, but for quiet ones", ["status"], registry=self.registry)
        self.seconds = Histogram("gongheng_request_seconds", "Time to answer, but for quiet ones", registry=self.registry)


def install(app: Flask, gauges: Gauges) -> None:
    """Counts every request that may be counted."""

    @app.before_request
    def _start() -> None:
        g.began = clock.now()

    @app.after_request
    def _count(response: Response) -> Response:
        if not is_quiet() and "began" in g:
            gauges.requests.labels(f"{response.status_code // 100}xx").inc()
            gauges.seconds.observe((clock.now() - g.began).total_seconds())
        return response


@blueprint.get("/healthz")
@public
@quiet
def healthz() -> Response:
    """The process answers."""
    return jsonify({"ok": True})


@blueprint.get("/readyz")
@public
@quiet
def readyz() -> tuple[Response, int]:
    """Database, log, clock and storage are fit to serve; 503 and the names of those that are not."""
    findings = {name: natively(probe) for name, probe in platform().readiness.items()}
    ready = not any(findings.values())
    return jsonify({"ok": ready, "checks": {name: wrong or "ok" for name, wrong in findings.items()}}), 200 if ready else 503


@blueprint.get("/metrics")
@public
@quiet
def metrics() -> Response:
    """Prometheus figures."""
    return Response(generate_latest(platform().parts["gauges"].registry), content_type=CONTENT_TYPE_LATEST)


@blueprint.get("/time")
@public
@quiet
def time() -> Response:
    """The platform's time, for countdowns."""
    response = jsonify({"now": clock.text(clock.now(platform().settings.clock_file))})
    response.headers["Cache-Control"] = "no-store"
    return response
