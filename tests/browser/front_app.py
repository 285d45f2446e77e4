"""A small Flask application around the templates and scripts, with the addresses they talk to, for tests of the front end alone."""

from __future__ import annotations

import hashlib
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import Babel
from flask_socketio import SocketIO, join_room
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.serving import WSGIRequestHandler, make_server

from core.identity.gateway import registration_options
from core.kernel.ids import PersonId
from core.kernel.webauthn import RelyingParty
from core.web import filters

ROOT = Path(__file__).resolve().parents[2]
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'; trusted-types default"
)
RP = RelyingParty("localhost", "http://localhost")
ORG = "0190c0de-0000-7000-8000-00000000000a"
PERSON = "6f1c2a90-0000-7000-8000-000000000001"


@dataclass
class State:
    """What the page said and what it will be told."""

    posted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    keys: list[dict[str, str]] = field(default_factory=list)
    step_up: str = "password+device"
    prev: str = ""
    stale_once: str = ""
    refuse: dict[str, Any] | None = None
    caught_up: int = 0
    claimed_sha256: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    uploads: dict[str, bytearray] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    broken_parts: int = 0
    lot_file: dict[str, Any] = field(default_factory=dict)
    boxes: dict[str, dict[str, Any]] = field(default_factory=dict)
    sealed: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    blind: dict[str, Any] | None = None
    words: list[str] = field(default_factory=list)


def stamp(moment: datetime) -> str:
    """A moment as the API writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def create_app(state: State) -> tuple[Flask, SocketIO]:
    """The application and its sockets."""
    app = Flask("front", static_folder=str(ROOT / "app" / "static"))
    app.jinja_loader = FileSystemLoader([ROOT / "app" / "templates", Path(__file__).parent / "pages"])
    app.config["SECRET_KEY"] = "test"
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    filters.install(app)
    sockets = SocketIO(app, async_mode="threading", cors_allowed_origins="*")
    now = datetime.now(UTC)
    me = {"id": PERSON, "name": "周敏", "org": "华建工程集团有限公司", "role": "投标人"}
    labels = ("交易公告", "我的投标", "开标大厅", "保证金")
    nav = [{"href": f"/n{index}", "label": label, "current": index == 1} for index, label in enumerate(labels)]
    frame = {"nav": nav, "me": me, "lang": "zh", "demo": True, "csrf_token": lambda: "token-1"}

    @app.context_processor
    def _frame() -> dict[str, Any]:
        moments = {"now": datetime.now(UTC), "soon": now + timedelta(minutes=8), "later": now + timedelta(days=1, hours=22)}
        return frame | moments | {"lang": request.args.get("lang", "zh")}

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/styleguide")
    def styleguide() -> str:
        return render_template("styleguide.html")

    @app.get("/p/<name>")
    def page(name: str) -> str:
        digest = hashlib.sha256(state.files.get("bid.pdf", b"")).hexdigest()
        return render_template(f"{name}.html", state=state, sha256=state.claimed_sha256 or digest)

    @app.get("/f/<name>")
    def file(name: str) -> Response:
        return Response(state.files[name], mimetype="application/pdf")

    @app.get("/time")
    def time() -> Response:
        return jsonify(now=stamp(datetime.now(UTC)))

    _add_acts(app, state)
    _add_live(app, sockets, state)
    _add_bids(app, state)
    return app, sockets


def _add_acts(app: Flask, state: State) -> None:
    @app.get("/api/v1/acts/context")
    def context() -> Response:
        role = request.args.get("role") or "bidder"
        ckpt = {"size": 0, "root": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}
        actor = {"id": f"urn:ztb:person:{PERSON}", "role": role}
        said = {"suite": "ztb-intl-1", "actor": actor, "keys": state.keys, "prev": state.prev, "ckpt": ckpt}
        return jsonify(said | {"now": stamp(datetime.now(UTC)), "step_up": state.step_up, "rp_id": "localhost"})

    @app.post("/api/v1/act")
    def act() -> tuple[Response, int]:
        state.posted.append((request.headers.get("X-CSRFToken", ""), request.get_json()))
        if state.refuse:
            problem, state.refuse = state.refuse, None
            return _problem(problem)
        if state.stale_once:
            state.prev, state.stale_once = state.stale_once, ""
            return _problem({"status": 409, "code": "act.prev", "detail": "请重试", "facts": {"prev": state.prev}})
        return jsonify(ok=True), 200

    @app.post("/api/v1/me/keys")
    def enrol() -> tuple[Response, int]:
        body = request.get_json()
        state.posted.append((request.headers.get("X-CSRFToken", ""), body))
        payload = json.loads(b64decode(body["envelope"]["payload"]))
        entry = {"key_id": payload["actor"]["key_id"], "kind": body["envelope"]["signatures"][0]["kind"]}
        if body.get("registration"):
            entry["credential_id"] = body["registration"]["id"]
        state.keys.append(entry)
        return jsonify(key_id=entry["key_id"], serial="01", certificate="", subject=""), 201

    @app.post("/api/v1/me/webauthn/options")
    def options() -> Response:
        return jsonify(registration_options(RP, PersonId(UUID(PERSON)), "zhoumin", challenge=b"c" * 32, known=()))

    @app.put("/api/v1/draft")
    @app.put("/api/v1/guide/draft")
    @app.put("/api/v1/lots/<number>/bid/draft")
    def draft(**_: str) -> Response:
        state.drafts.append(request.get_json())
        return jsonify(ok=True)


def _add_live(app: Flask, sockets: SocketIO, state: State) -> None:
    @sockets.on("join", namespace="/opening")  # type: ignore[untyped-decorator]
    def join(message: dict[str, Any]) -> dict[str, Any]:
        join_room("all")
        return {"ok": True, "audience": "public", "seq": len(state.events)}

    @sockets.on("heartbeat", namespace="/opening")  # type: ignore[untyped-decorator]
    def heartbeat(message: dict[str, Any]) -> dict[str, Any]:
        return {"now": stamp(datetime.now(UTC)), "alive": True}

    @app.get("/cases/<case>/events")
    def events(case: str) -> Response:
        state.caught_up += 1
        since = int(request.args["since"])
        return jsonify(audience="public", entries=[entry for entry in state.events if entry["seq"] > since], seq=len(state.events))


def _add_bids(app: Flask, state: State) -> None:
    @app.get("/api/v1/lots/<number>/lot-file")
    def lot_file(number: str) -> Response:
        return jsonify(state.lot_file)

    @app.get("/api/v1/lots/<number>/bid")
    def bid(number: str) -> Response:
        said = {"state": "draft", "next_ver": 1, "deadline": stamp(datetime.now(UTC) + timedelta(hours=1)), "now": stamp(datetime.now(UTC))}
        return jsonify(said | {"org": ORG, "envelopes": ["technical"], "versions": [], "available": ["seal"]})

    @app.post("/api/v1/lots/<number>/bid/seal")
    def seal(number: str) -> Response:
        state.posted.append((request.headers.get("X-CSRFToken", ""), request.get_json()))
        seals = request.get_json()["seals"]
        for one in seals:
            body = json.loads(b64decode(one["envelope"]["payload"]))["body"]
            state.sealed[body["env"]] = (one["upload"], body)
            state.boxes[body["env"]] = {"env": body["env"], "ver": body["ver"], "bid_pub": body["bid_pub"], "box": one["bidder_box"]}
        return jsonify(ver=1, received_at=stamp(datetime.now(UTC)), receipts=[{"id": "RC-1", "env": "technical"} for _ in seals])

    @app.get("/api/v1/lots/<number>/bid/envelopes/<env>/bidder-box")
    def box(number: str, env: str) -> Response:
        return jsonify(state.boxes[env])

    @app.get("/api/v1/lots/<number>/bid/envelopes/<env>/ciphertext")
    def ciphertext(number: str, env: str) -> Response:
        return Response(bytes(state.uploads[state.sealed[env][0]]), mimetype="application/octet-stream")

    @app.get("/api/v1/receipts/<receipt>")
    def receipt(receipt: str) -> Response:
        about = {name: state.sealed["technical"][1][name] for name in ("ct_sha256", "ct_size")}
        return jsonify(receipt={"payload": b64encode(json.dumps({"body": about}).encode()).decode()})

    @app.post("/api/v1/lots/<number>/opening/release")
    def release(number: str) -> Response:
        state.posted.append((request.headers.get("X-CSRFToken", ""), request.get_json()))
        return jsonify(env="technical", released_at=stamp(datetime.now(UTC)))

    @app.post("/uploads/")
    def create() -> Response:
        name = f"u{len(state.uploads)}"
        state.uploads[name], state.lengths[name] = bytearray(), int(request.headers["Upload-Length"])
        return Response("", 201, {"Location": f"/uploads/{name}", "Tus-Resumable": "1.0.0"})

    @app.route("/uploads/<name>", methods=["HEAD", "PATCH", "DELETE"])
    def part(name: str) -> Response:
        held = state.uploads.get(name)
        if held is None:
            return Response("", 404, {"Tus-Resumable": "1.0.0"})
        if request.method == "PATCH":
            if state.broken_parts:
                state.broken_parts -= 1
                return Response("", 500, {"Tus-Resumable": "1.0.0"})
            if int(request.headers["Upload-Offset"]) != len(held) or not request.headers["Upload-Checksum"].startswith("sha256 "):
                return Response("", 409, {"Tus-Resumable": "1.0.0"})
            held += request.get_data()
        said = {"Upload-Offset": str(len(held)), "Upload-Length": str(state.lengths[name]), "Tus-Resumable": "1.0.0"}
        return Response("", 200 if request.method == "HEAD" else 204, said)


def _problem(problem: dict[str, Any]) -> tuple[Response, int]:
    response = jsonify({"type": "about:blank", "title": "Refused"} | problem)
    response.mimetype = "application/problem+json"
    return response, problem["status"]


class Silent(WSGIRequestHandler):
    """Answers without a line on standard error."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: the test says what matters."""


@contextmanager
def serving(state: State) -> Iterator[tuple[str, SocketIO]]:
    """The application on a free port of `localhost`, in threads."""
    app, sockets = create_app(state)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}", sockets
    finally:
        server.shutdown()
        thread.join(5)
