"""Log lines as JSON, one a request, with its id; never a name, a price, a key, or anything that a bidder does before the opening.

Of a fault its kind and its place are told, and no word that it says: it may quote what a client or a sibling process sent."""

from __future__ import annotations

import logging
import sys
import traceback

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, Processor

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
    end: list[Processor] = [without_words, structlog.processors.JSONRenderer(ensure_ascii=False)]
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


def without_words(_: object, __: str, line: EventDict) -> EventDict:
    """A fault by its kind and its way through the code; what it says is left out."""
    told = line.pop("exc_info", None)
    if not told:
        return line
    fault = told if isinstance(told, BaseException) else told[1] if isinstance(told, tuple) else sys.exc_info()[1]
    found: list[str] = []
    while fault is not None:
        words = f": {fault.strerror}" if isinstance(fault, OSError) and fault.strerror else ""  # the system's own
        found.append("".join(traceback.format_tb(fault.__traceback__)) + type(fault).__name__ + words)
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    line["exception"] = "\n\n".join(reversed(found))
    return line


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
