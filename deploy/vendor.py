"""Fetches the browser libraries by `npm pack`, builds the sealing bundle, and writes version, licence and digests beside each.

Run by hand when a version changes (`python deploy/vendor.py`, needs npm); the results are committed, so that running needs no Node.
`python deploy/vendor.py --check` compares the committed files with their digests, offline.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "app" / "static" / "vendor"
TEST_VENDOR = ROOT / "tests" / "browser" / "vendor"
SEALING = ROOT / "deploy" / "sealing"
NOTE = "VENDOR.json"


@dataclass(frozen=True)
class Package:
    """A package of the npm registry: which of its files are copied (a pattern keeps its folders below `base`)."""

    name: str
    version: str
    licence: str
    files: tuple[str, ...]
    base: str = ""
    home: Path = VENDOR

    @property
    def folder(self) -> Path:
        """Where its files stand; the version is in the address, so that a browser may keep them for ever."""
        return self.home / self.name / self.version


PACKAGES = (
    Package("htmx.org", "2.0.11", "0BSD", ("dist/htmx.min.js", "LICENSE"), "dist"),
    Package("idiomorph", "0.8.0", "0BSD", ("dist/idiomorph-ext.min.js", "LICENSE"), "dist"),
    Package("socket.io-client", "4.8.4", "MIT", ("dist/socket.io.esm.min.js", "LICENSE"), "dist"),
    Package("tus-js-client", "4.3.1", "MIT", ("dist/tus.min.js", "LICENSE"), "dist"),
    Package("canonicalize", "4.0.0", "Apache-2.0", ("lib/canonicalize.js", "LICENSE"), "lib"),
    Package(
        "pdfjs-dist",
        "6.5.438",
        "Apache-2.0",
        (
            "legacy/build/pdf.min.mjs",  # the legacy build: evaluation rooms have old browsers
            "legacy/build/pdf.worker.min.mjs",
            "cmaps/*",
            "standard_fonts/*",
            "wasm/jbig2.wasm",
            "wasm/openjpeg.wasm",
            "wasm/qcms_bg.wasm",
            "wasm/LICENSE_*",
            "iccs/*",
            "LICENSE",
        ),
        "legacy/build",
    ),
    Package("rapidoc", "9.3.8", "MIT", ("dist/rapidoc-min.js", "dist/rapidoc-min.js.LICENSE.txt", "LICENSE.txt"), "dist"),
    Package("axe-core", "4.14.1", "MPL-2.0", ("axe.min.js", "LICENSE"), home=TEST_VENDOR),
)
SEALING_VERSION = "1"
BUNDLED = ("age-encryption", "canonicalize", "hash-wasm", "shamir-secret-sharing", "@noble/ciphers", "@noble/curves", "@noble/hashes")
BUNDLED += ("@noble/post-quantum", "@scure/base")


def main() -> int:
    """Fetches and builds everything, or only checks."""
    if sys.argv[1:] == ["--check"]:
        faults = check()
        sys.stdout.write("\n".join([*faults, ""]) if faults else "all vendored files are as recorded\n")
        return 1 if faults else 0
    for package in PACKAGES:
        fetch(package)
    build_sealing()
    return 0


def fetch(package: Package) -> None:
    """Replaces one package's folder by what the registry holds."""
    with tempfile.TemporaryDirectory() as held:
        place = Path(held)
        _run("npm", "pack", f"{package.name}@{package.version}", "--silent", at=place)
        with tarfile.open(next(place.glob("*.tgz"))) as archive:
            archive.extractall(place, filter="data")
        shutil.rmtree(package.folder, ignore_errors=True)
        for pattern in package.files:
            for source in sorted((place / "package").glob(pattern)):
                inside = source.relative_to(place / "package").as_posix().removeprefix(package.base + "/" if package.base else "")
                _copy(source, package.folder / inside)
    _record(package.folder, package.name, package.version, package.licence)


def build_sealing() -> None:
    """Bundles what the sealing page needs with esbuild, from pinned sources."""
    target = VENDOR / "sealing" / SEALING_VERSION
    with tempfile.TemporaryDirectory() as held:
        place = Path(held)
        for name in ("entry.js", "package.json"):
            _copy(SEALING / name, place / name)
        _run("npm", "install", "--silent", "--no-package-lock", at=place)
        shutil.rmtree(target, ignore_errors=True)
        built = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=none", "--charset=utf8")
        _run("node_modules/.bin/esbuild", "entry.js", *built, "--outfile=sealing.js", at=place)
        _copy(place / "sealing.js", target / "sealing.js")
        licences = [_licence_of(place / "node_modules" / name) for name in BUNDLED]
    (target / "LICENSES.txt").write_text("\n\n".join(licences) + "\n", encoding="utf-8")
    _record(target, "sealing (bundle of age, Shamir, JCS, hash)", SEALING_VERSION, "BSD-3-Clause AND MIT AND Apache-2.0")


def check() -> list[str]:
    """What differs from the recorded digests: changed, missing or unrecorded files."""
    faults = []
    for home in (VENDOR, TEST_VENDOR):
        notes = sorted(home.rglob(NOTE))
        recorded: dict[Path, str] = {}
        for note in notes:
            for name, digest in json.loads(note.read_text(encoding="utf-8"))["sha256"].items():
                recorded[note.parent / name] = digest
        present = {path for path in home.rglob("*") if path.is_file() and path.name != NOTE}
        faults += [f"missing: {path.relative_to(ROOT)}" for path in sorted(recorded.keys() - present)]
        faults += [f"not recorded: {path.relative_to(ROOT)}" for path in sorted(present - recorded.keys())]
        faults += [f"changed: {path.relative_to(ROOT)}" for path in sorted(present & recorded.keys()) if _digest(path) != recorded[path]]
    return faults


def _licence_of(package: Path) -> str:
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    text = next(package.glob("LICENSE*")).read_text(encoding="utf-8")
    return f"{about['name']} {about['version']} ({about['license']})\n\n{text.strip()}"


def _record(folder: Path, name: str, version: str, licence: str) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NOTE)
    digests = {path.relative_to(folder).as_posix(): _digest(path) for path in files}
    note = {"name": name, "version": version, "licence": licence, "sha256": digests}
    (folder / NOTE).write_text(json.dumps(note, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _run(*command: str, at: Path) -> None:
    subprocess.run(command, cwd=at, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (fixed commands)


if __name__ == "__main__":
    raise SystemExit(main())
