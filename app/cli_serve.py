"""`gongheng serve` and `gongheng worker`: the web process and the clock process."""

from __future__ import annotations

import signal
from threading import Event as Signal
from typing import Any

import click

from core.kernel.memory import settle
from core.kernel.sealedlog import keep
from core.settings import Settings, SettingsFault, load
from core.web.logs import configure


def settings_or_leave(**changes: Any) -> Settings:
    """The settings of the environment; a wrong one is one clear line on standard error and exit 2."""
    try:
        return load(**changes)
    except SettingsFault as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(2) from fault


@click.command()
@click.option("--host", default=None, help="address to listen on")
@click.option("--port", type=int, default=None, help="port to listen on")
def serve(host: str | None, port: int | None) -> None:
    """Runs the web process; in the embedded set-up it holds the clock too."""
    from app.factory import create_app, prepare, shut_down
    from core.web.lines import Handler

    configure()
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = settings_or_leave(**given)
    keep(settings.data_dir / "sealed.log")
    app = create_app(settings)
    process = app.extensions["process"]
    prepare(app)
    settle()
    process.clockwork.start()
    signal.signal(signal.SIGTERM, _leave)
    click.echo(f"公衡 Gongheng: {settings.origin}", err=True)
    try:
        process.sockets.run(app, host=settings.host, port=settings.port, log_output=False, handler_class=Handler)
    finally:
        shut_down(app)


def _leave(*_: object) -> None:
    raise SystemExit(0)


@click.command()
def worker() -> None:
    """Runs the clock alone, beside web processes that run without it."""
    from app.factory import create_app, prepare, shut_down

    configure()
    settings = settings_or_leave()
    keep(settings.data_dir / "sealed.log")
    app = create_app(settings)
    stopped = Signal()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    prepare(app)
    settle()
    app.extensions["process"].clockwork.start()
    stopped.wait()
    shut_down(app)
