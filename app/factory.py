"""Builds a web process from its settings: the application, its door, its sockets and its clock."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from flask_socketio import SocketIO
from flask_wtf.csrf import CSRFProtect
from gevent.monkey import is_module_patched
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

import app.tables  # noqa: F401  (every model is known before the first query)
from app import wiring
from app.desk.navigation import navigation
from core.identity.authority import Authority
from core.identity.queries import messages
from core.identity.services.certificates import certify_platform
from core.identity.web.limits import limiter
from core.identity.web.sessions import viewer_of
from core.kernel import clock, proofs
from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.certificates import read_certificate
from core.kernel.db import open_engine
from core.kernel.drills import is_drill
from core.kernel.files import FileStore
from core.kernel.keyfile import open_key
from core.kernel.log import Log, StampAuthority
from core.kernel.streams import StreamEntry
from core.kernel.ticks import Clockwork, holder_until
from core.kernel.work import Commit, Door
from core.settings import Settings, load
from core.web import filters, guard, headers, health, i18n, logs, problems, uploads, websockets
from core.web.broadcast import Broadcaster
from core.web.crowd import Crowd
from core.web.door import viewer
from core.web.live import Watch
from core.web.platform import Platform
from core.web.siblings import Siblings
from evaluation import jobs_seats
from evaluation.web import calls
from trading.queries.lots import open_cases

SOCKETS = {
    "async_handlers": False,  # two events of one client never overtake each other
    "manage_session": False,
    "ping_interval": 25,
    "ping_timeout": 60,
    "max_http_buffer_size": 65_536,
}


class Application(OpenAPI):
    """Flask with an OpenAPI document; a template that names what its view lacks is a fault, not an empty space."""

    jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}


@dataclass(slots=True)
class Process:
    """What makes one process: built in this order, shut down in the other."""

    platform: Platform
    clockwork: Clockwork
    sockets: SocketIO
    broadcaster: Broadcaster


def create_app(settings: Settings | None = None, door: Door | None = None) -> Application:
    """The application of one process, its door open (its own, or `door`); `shut_down` closes it again."""
    settings = settings or load()
    app = Application(
        "app",
        root_path=str(Path(__file__).parent),
        info=Info(title="公衡 Gongheng", version="1", description="公共资源交易平台开放接口 · JSON API of the trading platform"),
        security_schemes={"session": {"type": "apiKey", "in": "cookie", "name": "gongheng"}},
        doc_ui=False,
        validation_error_status=422,
        validation_error_callback=problems.answer_input,
    )
    _configure(app, settings)
    app.extensions["process"] = process = _process(app, settings, door)
    app.extensions["gongheng"] = process.platform
    _install(app, settings, process.platform)
    for blueprint in wiring.BLUEPRINTS:
        register: Any = app.register_api if hasattr(blueprint, "register_api") else app.register_blueprint
        register(blueprint)
    for namespace in wiring.NAMESPACES:
        process.sockets.on_namespace(namespace)
    if settings.redis_url and is_module_patched("threading"):
        _join_siblings(app, settings, process)
    if settings.proxies:  # whose word on where a request comes from is taken; nobody else's is
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]  # Flask's own idiom
    return app


def prepare(app: Application) -> None:
    """What a process sees to before it serves: its key is certified, the log has its first record. Harmless when repeated."""
    platform: Platform = app.extensions["process"].platform
    door, authority = platform.door, platform.parts["authority"]
    door.perform(SYSTEM_ACTOR, lambda work: certify_platform(work, authority, "platform", door.platform.key))
    if door.read(proofs.latest) is None:
        platform.parts["log"].grow(door, "start")


def shut_down(app: Application) -> None:
    """Stops the clock, serves those inside, and closes the door."""
    process: Process = app.extensions["process"]
    process.clockwork.stop()
    process.platform.door.close()


def _configure(app: Application, settings: Settings) -> None:
    mimetypes.add_type("text/javascript", ".mjs")
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("application/wasm", ".wasm")
    mimetypes.add_type("application/octet-stream", ".bcmap")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=8 * 1024**2,
        MAX_FORM_MEMORY_SIZE=1024**2,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="gongheng_form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.origin.startswith("https:"),
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the browser's session; sessions themselves end
        WTF_CSRF_SSL_STRICT=False,  # pages send no referrer; `guard` looks at Origin and Sec-Fetch-Site
        JSON_SORT_KEYS=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_loader = ChoiceLoader([FileSystemLoader(house / "templates") for house in wiring.HOUSES])


def open_sockets(app: Flask, **more: Any) -> SocketIO:
    """The sockets of an application: for many at once where the process serves, the library's own where it is only tried."""
    if not is_module_patched("threading"):
        return SocketIO(app, async_mode="threading", **SOCKETS, **more)
    crowd = Crowd()
    sockets = SocketIO(app, async_mode="gevent", client_manager=crowd, **SOCKETS, **more)
    websockets.install(sockets.server.eio, crowd)
    return sockets


def _process(app: Application, settings: Settings, door: Door | None) -> Process:
    sockets = open_sockets(app, cors_allowed_origins=[settings.origin])
    log = _log(settings)
    told = _Told(Broadcaster(sockets, list(wiring.AUDIENCES)))
    door = door or Door(
        open_engine(settings.database_url),
        open_key(settings.platform_key_file, make=True),
        projections=wiring.PROJECTIONS,
        announced=wiring.ANNOUNCED,
        publish=told,
        clock_file=settings.clock_file,
        group=settings.group,
        readers=settings.readers,
    )
    parts: dict[str, Any] = {
        "authority": Authority.open(settings.data_dir / "ca"),
        "gauges": health.Gauges(),
        "log": log,
        "open_cases": open_cases,
    }
    files = FileStore(settings.files_dir)
    platform = Platform(
        settings=settings,
        door=door,
        files=files,
        viewer_of=partial(viewer_of, door),
        navigation=navigation,
        audiences=wiring.AUDIENCES,
        readiness=_readiness(settings, door, files),
        sentences=wiring.SENTENCES,
        parts=parts,
    )
    ticks = (*wiring.ticks(platform), *log.ticks())
    clockwork = Clockwork(door, ticks if settings.ticks else (), wiring.subscriptions(platform) | dict(log.subscriptions()))
    told.clockwork = clockwork
    return Process(platform, clockwork, sockets, told.broadcaster)


def _join_siblings(app: Application, settings: Settings, process: Process) -> None:
    """Several processes serve the same rooms: entries and seats go from each to the others."""
    siblings = Siblings(settings.redis_url, settings.secret_key)
    process.broadcaster.join(siblings, process.platform.door.read)
    process.platform.parts["broadcaster"] = process.broadcaster
    with app.app_context():
        watch = Watch.of(process.sockets)
    watch.tell_siblings = partial(siblings.tell, "seats")
    siblings.on("seats", watch.hear)
    jobs_seats.join(process.platform, siblings)
    process.sockets.start_background_task(jobs_seats.watch, process.platform, process.sockets.sleep)
    siblings.start()


class _Told:
    """What the writer calls after a commit: those who watch hear of it, and the outbox is looked at."""

    def __init__(self, broadcaster: Broadcaster) -> None:
        self.broadcaster = broadcaster
        self.clockwork: Clockwork | None = None

    def __call__(self, commit: Commit) -> None:
        entries: list[StreamEntry] = list(commit.entries)
        self.broadcaster.publish(entries)
        if commit.topics and self.clockwork is not None:
            self.clockwork.wake()


def _log(settings: Settings) -> Log:
    authority = None
    if settings.tsa_url:
        roots = tuple(read_certificate(path.read_text("ascii")) for path in (settings.tsa_root,) if path is not None)
        authority = StampAuthority(settings.tsa_url, roots)
    return Log(settings.log_origin, open_key(settings.log_key_file, make=True), settings.witnesses, authority)


def _readiness(settings: Settings, door: Door, files: FileStore) -> dict[str, Any]:
    """The probes of /readyz; each says what is wrong, "" when nothing is."""

    def database() -> str:
        try:
            door.read(holder_until)
        except Exception as fault:
            return type(fault).__name__
        return ""

    return {
        "database": database,
        "log": lambda: "" if door.read(proofs.latest) is not None else "no checkpoint yet",
        "clock": lambda: "" if door.read(holder_until) is not None or not settings.ticks else "nobody holds the clock",
        "storage": lambda: "" if files.free() > uploads.RESERVE else "less than 1 GiB free",
    }


def _install(app: Application, settings: Settings, platform: Platform) -> None:
    guard.install(app)
    CSRFProtect(app)
    app.extensions["csrf"].exempt(uploads.blueprint)  # tus demands a header of its own, which no foreign page can send
    app.extensions["csrf"].exempt(calls.keys)  # the voice gateway has no session; its signature is checked instead
    limiter.init_app(app)
    platform.parts["english"] = i18n.install(app, wiring.HOUSES)
    filters.install(app)
    health.install(app, platform.parts["gauges"])
    logs.install(app)
    headers.install(app, settings.origin.startswith("https:"))
    problems.install(app)

    @app.context_processor
    def _frame() -> dict[str, object]:
        """What the frame of every page shows: where one may go, who one is, and what time it is."""
        who = viewer()
        me = {"id": str(who.actor.person), "name": who.name, "org": who.org, "role": who.role} if who.actor.person else None
        return {
            "nav": platform.navigation(who, request.path),
            "me": me,
            "unread_messages": partial(_unread, platform.door, who.actor),
            "now": clock.now(settings.clock_file),
            "demo": settings.demonstration,
            "is_drill": is_drill(str((request.view_args or {}).get("number", ""))),
        }


def _unread(door: Door, who: Actor) -> int:
    """How many messages wait for somebody; asked by pages alone, not by the fragments of one."""
    person = who.person
    return 0 if person is None else door.read(lambda session: messages.unread(session, person))
