"""What `gongheng check` and `/readyz` look at: database, migrations, storage, clock and keys of a process's settings."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

import migrations
from core.kernel.clock import read_offset
from core.kernel.db import connect_reader, database_clock, open_engine
from core.kernel.errors import BadSignature
from core.kernel.keyfile import open_key
from core.settings import Settings

DRIFT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `fault` is "" when it holds, else a stable word; `detail` is what was seen."""

    name: str
    fault: str = ""
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return not self.fault


def check(settings: Settings) -> list[Finding]:
    """Looks at everything that must hold before a process can serve; changes nothing and raises nothing."""
    looks: tuple[Callable[[Settings], Finding], ...] = (_storage, _platform_key, _log_key)
    return [*_look_at_database(settings), *(look(settings) for look in looks)]


def _look_at_database(settings: Settings) -> list[Finding]:
    engine = open_engine(settings.database_url)
    try:
        if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():  # looking would make it
            return [Finding("database", "missing", str(engine.url.database)), Finding("migrations", "missing"), Finding("clock", "missing")]
        with connect_reader(engine) as connection, connection.begin():
            return [_version(connection), _migrations(connection), _clock(connection, settings.clock_file)]
    except SQLAlchemyError as error:
        said = _first_line(error)
        return [Finding(name, "unreachable", said) for name in ("database", "migrations", "clock")]
    finally:
        engine.dispose()


def _version(connection: Connection) -> Finding:
    version = "sqlite_version()" if connection.dialect.name == "sqlite" else "current_setting('server_version')"
    return Finding("database", detail=f"{connection.dialect.name} {connection.execute(text(f'SELECT {version}')).scalar_one()}")


def _migrations(connection: Connection) -> Finding:
    stands, newest = migrations.current(connection), migrations.head()
    return Finding("migrations", "" if stands == newest else "behind", f"{stands or '-'} of {newest or '-'}")


def _clock(connection: Connection, offset_file: Path | None) -> Finding:
    try:
        offset = read_offset(offset_file)
    except (OSError, ValueError) as error:
        return Finding("clock", "unreadable", f"{offset_file}: {error}")
    drift = abs(database_clock(connection) - datetime.now(UTC))
    return Finding("clock", "drifts" if drift > DRIFT else "", f"database {drift / DRIFT:.3f} s off, set forward by {offset}")


def _storage(settings: Settings) -> Finding:
    try:
        settings.files_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=settings.files_dir, prefix=".check-") as probe:
            probe.write(b"0")
            probe.flush()
            os.fsync(probe.fileno())
        free = os.statvfs(settings.files_dir)
    except OSError as error:
        return Finding("storage", "not_writable", f"{settings.files_dir}: {error.strerror}")
    return Finding("storage", detail=f"{settings.files_dir}: {free.f_bavail * free.f_frsize >> 20} MiB free")


def _platform_key(settings: Settings) -> Finding:
    return _key("platform_key", settings.platform_key_file)


def _log_key(settings: Settings) -> Finding:
    return _key("log_key", settings.log_key_file)


def _key(name: str, path: Path) -> Finding:
    try:
        return Finding(name, detail=open_key(path).key.key_id[:16])
    except OSError as error:
        return Finding(name, "missing", f"{path}: {error.strerror}")
    except BadSignature as fault:
        return Finding(name, fault.code.removeprefix("key."), str(path))


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
