"""Log lines as JSON, one a request, with its id; never a name, a price, a key, or anything that a bidder does before the opening."""

from __future__ import annotations

import logging
import sys

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

from core.kernel import clock
from core.kernel.waiting import with_native_lock
from core.web.guard import is_quiet

log = structlog.get_logger("gongheng.web")


def configure(level: int = logging.INFO) -> None:
    """Sends every line of this process, ours and the libraries', to standard error as JSON."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    end: list[Processor] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *end],
    )
    handler = with_native_lock(logging.StreamHandler(sys.stderr))
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "apscheduler", "engineio", "socketio", "geventwebsocket", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def install(app: Flask) -> None:
    """One line a request; the route's pattern, not the address, so that no number or token gets in."""

    @app.after_request
    def _line(response: Response) -> Response:
        response.headers["X-Request-Id"] = getattr(g, "request_id", "")
        if not is_quiet() and request.endpoint != "static":
            took = round((clock.now() - g.began).total_seconds() * 1000) if "began" in g else 0
            rule = request.url_rule.rule if request.url_rule else ""
            log.info("request", id=g.get("request_id", ""), method=request.method, route=rule, status=response.status_code, ms=took)
        return response
