"""A package once its archive and its manifest hold: members by name, read on demand."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from app.verify import archive
from app.verify.archive import Member
from app.verify.layout import MANIFEST, UNLISTED, manifest_lines
from app.verify.verdict import Broken, inside
from core.kernel import jcs

SMALL = 64 * 1024**2


@dataclass(frozen=True)
class Package:
    """An opened package; every byte of it has been read once and compared with its CRC-32 and the manifest."""

    source: BinaryIO
    members: dict[str, Member]
    digests: dict[str, str]

    def names(self, prefix: str, suffix: str = "") -> list[str]:
        """The members under a folder, in order."""
        return [name for name in self.members if name.startswith(prefix) and name.endswith(suffix)]

    def read(self, name: str) -> bytes:
        """A small member's bytes; raises Broken when it is not there."""
        member = self.members.get(name)
        if member is None or member.size > SMALL:
            raise Broken(name, "missing" if member is None else "too_large")
        return b"".join(archive.data(self.source, member))

    def text(self, name: str) -> str:
        """A member's text; raises Broken when it is no UTF-8."""
        with inside(name):
            return self.read(name).decode()

    def json(self, name: str) -> Any:
        """A member's JSON, which must be in its canonical form."""
        content = self.read(name)
        with inside(name):
            return jcs.parse(content)

    def paper(self, digest: object) -> str:
        """The member that holds the paper which a statement names by its SHA-256; raises Broken when it is not there, or is another."""
        name = f"papers/{digest}"
        if name not in self.members:
            raise Broken(name, "missing")
        if self.digests[name] != digest:
            raise Broken(name, "not_as_signed")
        return name

    def stream(self, name: str) -> Iterator[bytes]:
        """A member's bytes piece by piece."""
        if name not in self.members:
            raise Broken(name, "missing")
        return archive.data(self.source, self.members[name])

    def copy(self, name: str, target: BinaryIO) -> None:
        """Writes a member's bytes to `target`."""
        for piece in self.stream(name):
            target.write(piece)

    def opened(self, name: str) -> BinaryIO:
        """A member as a file of its own."""
        return io.BytesIO(self.read(name))


def open_package(path: Path) -> Package:
    """Reads every byte once. Raises OSError when the file cannot be read, ArchiveFault or Broken when it is not a whole package."""
    source = path.open("rb")
    members = archive.read(source)
    if MANIFEST not in members:
        raise Broken(MANIFEST, "missing")
    digests = {}
    for name, member in members.items():
        running = hashlib.sha256()
        for piece in archive.data(source, member):
            running.update(piece)
        digests[name] = running.hexdigest()
    return Package(source, members, digests)


def check_manifest(package: Package) -> None:
    """The manifest lists every member but itself, its signature and its stamp, with its digest, and nothing else; raises Broken."""
    listed = package.read(MANIFEST)
    expected = {name: digest for name, digest in package.digests.items() if name not in UNLISTED}
    if listed == manifest_lines(expected):
        return
    lines = (line.partition("  ") for line in listed.decode(errors="replace").splitlines())
    said = {name: digest for digest, _, name in lines}
    for name in sorted(said.keys() | expected.keys()):
        if said.get(name) != expected.get(name):
            raise Broken(name, "not_as_listed")
    raise Broken(MANIFEST, "malformed")
