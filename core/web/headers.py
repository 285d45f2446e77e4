"""Security headers of every answer: nothing inline, nothing foreign, nothing kept by caches of what belongs to a case."""

from __future__ import annotations

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'none'; script-src 'self'{wasm}; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "worker-src 'self' blob:; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
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


def install(app: Flask, https: bool) -> None:
    """Puts the headers on every answer."""

    @app.after_request
    def _protect(response: Response) -> Response:
        response.headers.update(FIXED)
        response.headers["Content-Security-Policy"] = POLICY.format(wasm=" 'wasm-unsafe-eval'" if g.get("wasm") else "")
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
