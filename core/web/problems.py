"""Refusals become answers: the only table from kind of refusal to HTTP status, as problem+json (RFC 9457) or as a page."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, Stale, WrongState
from core.kernel.sealedlog import SEALED
from core.kernel.work import DoorClosed, OutcomeUnknown
from core.web.guard import is_quiet, wants_json
from core.web.platform import platform
from core.web.texts import sentence

log = logging.getLogger(__name__)

STATUS: dict[type[Refusal], int] = {NotFound: 404, NotAllowed: 403, WrongState: 409, RuleBroken: 422, Stale: 409, BadSignature: 400}
BY_HTTP = {404: "web.not_found", 405: "web.method", 413: "web.too_large", 429: "web.too_many"}


def install(app: Flask) -> None:
    """Registers one handler for each way in which a request can fail."""
    app.register_error_handler(Refusal, answer)
    app.register_error_handler(ValidationError, answer_input)
    app.register_error_handler(CSRFError, lambda fault: _answer(NotAllowed("web.csrf"), 403))
    app.register_error_handler(DoorClosed, lambda fault: _answer(WrongState("web.closing"), 503))
    app.register_error_handler(OutcomeUnknown, lambda fault: _answer(WrongState("web.unknown_outcome"), 503))
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(RecursionError, lambda fault: _answer(RuleBroken("web.bad_request"), 400))  # JSON nested without end
    app.register_error_handler(Exception, _answer_fault)


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal's kind; somebody who may still log in is told so by 401."""
    return 401 if refusal.code == "web.log_in" else STATUS[type(refusal)]


def answer(refusal: Refusal) -> Response:
    """The answer to a refusal: a problem for programs, a page for people."""
    return _answer(refusal, status_of(refusal))


def answer_input(fault: ValidationError) -> Response:
    """The answer to input that does not fit its schema: which fields, and what is wrong with each; the values stay unsaid."""
    places = [".".join(str(step) for step in error["loc"]) or "body" for error in fault.errors(include_input=False, include_url=False)]
    kinds = [str(error["type"]) for error in fault.errors(include_input=False, include_url=False)]
    errors = [{"field": place, "kind": kind} for place, kind in zip(places, kinds, strict=True)]
    return _answer(RuleBroken("web.input", fields="、".join(dict.fromkeys(places))[:500]), 422, errors=errors)


def _answer(refusal: Refusal, status: int, **more: object) -> Response:
    words = sentence(refusal, platform().sentences)
    article = refusal.article if isinstance(refusal, RuleBroken) else ""
    request_id = getattr(g, "request_id", "")
    if wants_json():
        problem = {"type": "about:blank", "title": type(refusal).__name__, "status": status, "code": refusal.code, "detail": words}
        problem |= {"article": article} if article else {}
        problem |= {"facts": dict(refusal.facts)} if isinstance(refusal, Stale) else {}
        response = jsonify(problem | more | {"request_id": request_id})
        response.mimetype = "application/problem+json"
    else:
        page = render_template("error.html", status=status, code=refusal.code, words=words, article=article, request_id=request_id)
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response


def _answer_http(fault: HTTPException) -> Response:
    if fault.code is not None and fault.code < 400:
        return Response(fault.get_body(), fault.code, fault.get_headers())  # a redirect is no fault
    response = _answer(RuleBroken(BY_HTTP.get(fault.code or 0, "web.bad_request")), fault.code or 500)
    if fault.code == 405:
        response.headers["Allow"] = dict(fault.get_headers()).get("Allow", "")
    return response


def _answer_fault(fault: Exception) -> Response:
    told = SEALED if is_quiet() else log
    told.error("request failed", exc_info=fault, extra={"request_id": getattr(g, "request_id", ""), "endpoint": request.endpoint})
    return _answer(RuleBroken("web.fault", request_id=getattr(g, "request_id", "")), 500)
