"""Other authorities are asked over real connections: a real `openssl ocsp`, a list behind it, and servers that misbehave."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from core.identity.gateway import statuses
from core.identity.gateway.statuses import Asker
from tests.builders.anchors import HOUR
from tests.builders.authorities import DAY, ForeignAuthority
from tests.kernel.test_revocation import line, responder

NOW = datetime.now(UTC).replace(microsecond=0)
FAR = ForeignAuthority("Far", NOW)
LEAF = FAR.certify(ec.generate_private_key(ec.SECP256R1()).public_key())
OTHER = FAR.certify(ec.generate_private_key(ec.SECP256R1()).public_key())
PATH = (LEAF, FAR.issuing.certificate, FAR.root.certificate)


@contextmanager
def serving(answers: dict[str, Any]) -> Iterator[str]:
    """A server that gives these answers by path: bytes, a status, or a function that writes for itself."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            counted.append(self.path)
            answer = answers[self.path]
            if callable(answer):
                answer(self)
                return
            status, content = (answer, b"") if isinstance(answer, int) else (200, answer)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/fine")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - the server's own names

        def log_message(self, *words: Any) -> None:
            pass

    counted: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    answers["counted"] = counted
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def told(said: Any) -> list[tuple[int, str, str]]:
    return [(one.place, one.source, one.status.state) for one in said]


@pytest.mark.foreign
def test_a_real_responder_is_asked_for_the_leaf_and_a_list_for_the_issuer(tmp_path: Any) -> None:
    with responder(tmp_path, FAR, [line(LEAF)]) as url, serving({"/root.crl": FAR.crl(NOW, above=FAR.root)}) as site:
        said = Asker().ask(PATH, url, (f"{site}/root.crl",), datetime.now(UTC))
    assert told(said) == [(0, "ocsp", "good"), (1, "crl", "good")]


@pytest.mark.foreign
def test_what_a_real_responder_has_revoked_is_revoked_and_what_it_does_not_know_is_looked_up(tmp_path: Any) -> None:
    with responder(tmp_path, FAR, [line(LEAF, NOW - HOUR)]) as url, serving({"/a.crl": FAR.crl(NOW)}) as site:
        assert told(Asker().ask(PATH[:2], url, (), datetime.now(UTC))) == [(0, "ocsp", "revoked")]
        unknown = Asker().ask((OTHER, FAR.issuing.certificate), url, (f"{site}/a.crl",), datetime.now(UTC))
        assert told(unknown) == [(0, "crl", "good")]


def drip(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def huge(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        try:
            handler.wfile.write(b"x" * 4096)
        except OSError:
            return


def silent(handler: Any) -> None:
    time.sleep(1.0)


def test_whoever_is_silent_huge_slow_stale_forged_or_elsewhere_has_said_nothing(monkeypatch: Any) -> None:
    monkeypatch.setattr(statuses, "WHOLE", 0.4)
    elsewhere = ForeignAuthority("Else", NOW)
    good = FAR.status(LEAF, NOW)
    answers = {
        "/fine": good,
        "/silent": silent,
        "/huge": huge,
        "/drip": drip,
        "/stale": FAR.status(LEAF, NOW - 3 * DAY),
        "/early": FAR.status(LEAF, NOW + DAY),
        "/forged": elsewhere.status(LEAF, NOW),
        "/other": FAR.status(OTHER, NOW),
        "/unknown": FAR.status(LEAF, NOW, state="unknown"),
        "/rubbish": b"rubbish",
        "/empty": b"",
        "/moved": 302,
        "/gone": 404,
    }
    import httpx

    client = httpx.Client(timeout=0.3, trust_env=False, follow_redirects=False)
    with serving(answers) as site:
        assert told(Asker(client).ask(PATH[:2], f"{site}/fine", (), NOW)) == [(0, "ocsp", "good")]
        for name in ("silent", "huge", "drip", "stale", "early", "forged", "other", "unknown", "rubbish", "empty", "moved", "gone"):
            began = time.monotonic()
            assert Asker(client).ask(PATH[:2], f"{site}/{name}", (), NOW) == (), name
            assert time.monotonic() - began < 2, name
        assert answers["counted"].count("/fine") == 1  # nobody follows where a responder points
    for nowhere in ("http://127.0.0.1:1/", "http://nowhere.invalid/", "ftp://127.0.0.1/", "http://[::"):
        assert Asker(client).ask(PATH[:2], nowhere, (nowhere,), NOW) == ()


def test_a_list_is_fetched_once_and_the_next_address_tried() -> None:
    answers: dict[str, Any] = {"/bad.crl": b"rubbish", "/old.crl": FAR.crl(NOW - 30 * DAY), "/new.crl": FAR.crl(NOW), "/gone.crl": 404}
    with serving(answers) as site:
        urls, asker = tuple(f"{site}/{name}.crl" for name in ("gone", "bad", "old", "new")), Asker()
        for leaf in (LEAF, OTHER):
            assert told(asker.ask((leaf, FAR.issuing.certificate), "", urls, NOW)) == [(0, "crl", "good")]
    assert sorted(answers["counted"]) == ["/bad.crl", "/gone.crl", "/new.crl", "/old.crl"]
