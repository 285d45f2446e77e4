"""Security headers of every answer: nothing inline, nothing foreign, nothing kept by caches of what belongs to a case."""

from __future__ import annotations

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'none'; script-src 'self'{wasm}; style-src 'self'{style}; img-src 'self' data: blob:; font-src 'self'; "
    "media-src 'self' blob:; "
    "connect-src 'self' {sockets}; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'; trusted-types {types}"
)
WASM = " 'wasm-unsafe-eval'"
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=()",
}


def needs_wasm() -> None:
    """Called by the views of the sealing page and the document viewer, which compile WebAssembly of our own."""
    g.wasm = True


def shows_api() -> None:
    """Called by the page of the JSON API, whose vendored viewer (built on Lit) puts its styles inline."""
    g.shows_api = True


def install(app: Flask, https: bool) -> None:
    """Puts the headers on every answer."""

    @app.after_request
    def _protect(response: Response) -> Response:
        response.headers.update(FIXED)
        static = request.endpoint == "static"  # a worker obeys the policy of its own file
        viewer = g.get("shows_api", False)
        response.headers["Content-Security-Policy"] = POLICY.format(
            wasm=WASM if static or g.get("wasm") else "",
            style=" 'unsafe-inline'" if viewer else "",
            types="default lit-html" if viewer else "default",
            sockets=f"{'wss' if https else 'ws'}://{request.host}",
        )
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if not static:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
