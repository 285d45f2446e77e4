"""A PostgreSQL server of the tests' own, from Debian's binaries, as user postgres, in a folder that is gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/lib/postgresql/15/bin"))
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # tests may lose their database with the machine
SHARED = Path("/dev/shm")
MEMORY = SHARED if SHARED.is_dir() and shutil.disk_usage(SHARED).free > 4 * 1024**3 else None  # there a copy takes 20 ms instead of 137
SETTINGS = ("listen_addresses=", "shared_buffers=32MB", "max_connections=200", "autovacuum=off", "jit=off", "max_wal_size=256MB")


class Server:
    """A running server; databases are copies of a template, which costs a fraction of making their tables."""

    def __init__(self, sockets: Path) -> None:
        self.sockets = sockets
        self._made = 0

    def url(self, database: str) -> str:
        """The address of a database for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.sockets}"

    def run(self, statement: str) -> None:
        """One statement outside any transaction, on the maintenance database."""
        with psycopg.connect(f"host={self.sockets} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def copy(self, template: str) -> str:
        """A fresh database like `template`; returns its name."""
        self._made += 1
        name = f"test_{os.getpid()}_{self._made}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Drops a database and whoever is still connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def as_postgres(*command: str) -> list[str]:
    """The command as a user that is not root, since initdb refuses root."""
    return list(command) if os.geteuid() else ["runuser", "-u", "postgres", "--", *command]


@contextmanager
def server(durable: bool = False) -> Iterator[Server]:
    """Runs a server for the length of the block; `durable` keeps fsync on, for tests that kill."""
    home = Path(tempfile.mkdtemp(prefix="gh-pg-", dir=None if durable else MEMORY))
    data, log = home / "data", home / "log"
    if not os.geteuid():
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)
    home.chmod(0o755)
    control = str(BINARIES / "pg_ctl")
    subprocess.run(
        as_postgres(str(BINARIES / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-N"),
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={home}", *(() if durable else FAST)))
    subprocess.run(
        as_postgres(control, "-D", str(data), "-l", str(log), "-o", options, "-w", "start"), check=True, stdout=subprocess.DEVNULL, cwd="/"
    )
    try:
        yield Server(home)
    finally:
        stop = as_postgres(control, "-D", str(data), "-m", "immediate", "-w", "stop")
        subprocess.run(stop, check=False, capture_output=True, cwd="/")
        shutil.rmtree(home, ignore_errors=True)
