"""The offline verifier as one file, always the same bytes for the same source: `python -m app.evidence.pyz verify.pyz` writes it."""

from __future__ import annotations

import ast
import importlib.util
import io
import sys
from functools import cache
from pathlib import Path

from app.verify import archive

OURS = ("app", "core", "deposits", "evaluation", "trading")
INSIDE = (*OURS, "rfc8785")
START = "app.verify.__main__"
MAIN = b"from app.verify.__main__ import main\nmain()\n"
SHEBANG = b"#!/usr/bin/env python3\n"


@cache  # the code of a running platform does not change
def build() -> bytes:
    """The bytes of `verify.pyz`; it needs Python 3.11 and `cryptography`, and takes pyrage when that is there.

    Python finds the archive from its end, so the line before it moves nothing.
    """
    held = io.BytesIO()
    members: list[tuple[str, bytes | Path]] = [("__main__.py", MAIN)]
    archive.write(held, members + [(name, path) for name, path in sorted(_files().items())])
    return SHEBANG + held.getvalue()


def _files() -> dict[str, Path]:
    """Every module that the verifier can reach, with the packages above it, by its path inside the archive."""
    waiting, seen = [START], dict[str, Path]()
    while waiting:
        name = waiting.pop()
        spec = importlib.util.find_spec(name) if name.split(".")[0] in INSIDE else None
        if spec is None or spec.origin is None or name in seen:
            continue
        path = Path(spec.origin)
        seen[name] = path
        waiting += [".".join(name.split(".")[:depth]) for depth in range(1, name.count(".") + 1)]
        if name.count(".") and path.name == "__init__.py" and not name.startswith(OURS):
            continue
        waiting += _imports(name, path)
    return {_inside(name, path): path for name, path in seen.items()}


def _inside(name: str, path: Path) -> str:
    steps = name.replace(".", "/")
    return f"{steps}/__init__.py" if path.name == "__init__.py" else f"{steps}.py"


def _imports(name: str, path: Path) -> list[str]:
    """What a module imports, at its top or inside a function; names under `if TYPE_CHECKING` come along, which does no harm."""
    found = []
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            found += [base, *(f"{base}.{alias.name}" for alias in node.names if _is_module(base, alias.name))]
    return found


def _is_module(base: str, name: str) -> bool:
    """Whether `from base import name` names a module rather than something inside one."""
    if base.split(".", maxsplit=1)[0] not in INSIDE:
        return False
    try:
        return importlib.util.find_spec(f"{base}.{name}") is not None
    except (ModuleNotFoundError, AttributeError):
        return False


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(build())
