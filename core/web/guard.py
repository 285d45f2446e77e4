"""Closed by default: who may call which route, and which routes leave no trace before the opening."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue

from core.kernel.errors import NotAllowed
from core.kernel.roles import Role
from core.web.platform import ANONYMOUS, platform

F = TypeVar("F", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def public(view: F) -> F:
    """Anyone may call this route, without logging in."""
    view.__gate__ = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: F) -> F:
    """Anyone who has logged in may call this route; the service decides the rest."""
    view.__gate__ = "signed_in"  # type: ignore[attr-defined]
    return view


def requires(*roles: Role) -> Callable[[F], F]:
    """Those who hold one of `roles` anywhere may call this route; the service decides for the object at hand."""

    def mark(view: F) -> F:
        view.__gate__ = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def quiet(view: F) -> F:
    """This route leaves no counter and no log line: what bidders do before the opening must not be counted (ZTBF 22)."""
    view.__quiet__ = True  # type: ignore[attr-defined]
    return view


def idle(view: F) -> F:
    """An open page asks this by itself: it does not keep a login alive that nobody uses."""
    view.__idle__ = True  # type: ignore[attr-defined]
    return view


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host where there is TLS; the demonstration at http://localhost has none."""
    return "__Host-gongheng" if platform().settings.origin.startswith("https:") else "gongheng"


def is_quiet() -> bool:
    """Whether this request is to leave no trace: a quiet route, or anything at all that a bidder does, who may not have logged in yet."""
    view = current_app.view_functions.get(request.endpoint or "")
    roles = getattr(g, "viewer", ANONYMOUS).actor.roles
    return getattr(view, "__quiet__", False) or not roles or Role.BIDDER in roles


def wants_json() -> bool:
    """Whether the caller is a program: the API, the uploads, or a script on a page."""
    machine = request.path.startswith(("/api/", "/uploads/", "/log/", "/cases/"))
    return machine or request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def install(app: Flask) -> None:
    """Looks at every request before its view: who calls, from where, and whether this route is theirs."""
    app.before_request(_recognise)
    app.before_request(_refuse_other_sites)
    app.before_request(_gate)


def _recognise() -> None:
    g.request_id = secrets.token_hex(8)
    token = request.cookies.get(cookie_name(), "")
    in_use = not getattr(current_app.view_functions.get(request.endpoint or ""), "__idle__", False)
    g.viewer = (platform().viewer_of(token, in_use) if token else None) or ANONYMOUS


def _refuse_other_sites() -> None:
    """A second wall beside the CSRF token: browsers say where an unsafe request comes from."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    opaque = origin == "null" and site == "same-origin"  # what the referrer policy leaves of the origin of our own plain forms
    foreign = origin is not None and not opaque and origin != platform().settings.origin and urlsplit(origin).netloc != request.host
    if foreign or site in ("cross-site", "same-site"):
        raise NotAllowed("web.other_site")


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None  # no such route, or a public file: answered as such
    view = current_app.view_functions[request.endpoint]
    gate = getattr(view, "__gate__", None)
    if gate == "public":
        return None
    held = g.viewer.actor
    if held.person is None:
        return _ask_to_log_in()
    if gate is None or (isinstance(gate, frozenset) and not gate & held.roles):
        raise NotAllowed("web.not_your_page")
    return None


def _ask_to_log_in() -> ResponseReturnValue:
    if wants_json() or request.method not in SAFE:
        raise NotAllowed("web.log_in")
    return redirect("/login?" + urlencode({"next": request.full_path.rstrip("?")}), code=303)
