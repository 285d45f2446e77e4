"""`gongheng matrix`: writes the pages of `docs/` that are made from the code."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import click

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, API = DOCS / "matrix.md", DOCS / "api" / "openapi.json"


@click.command()
@click.option("--check", "only_check", is_flag=True, help="write nothing; exit 1 if a page is old")
def matrix(only_check: bool) -> None:
    """Writes docs/matrix.md and docs/api/openapi.json from what the platform runs on."""
    from app.desk.matrix import page

    made = {PAGE: page(), API: openapi()}
    if only_check:
        raise SystemExit(0 if all(path.exists() and path.read_text(encoding="utf-8") == text for path, text in made.items()) else 1)
    for path, text in made.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(str(path))


def openapi() -> str:
    """The OpenAPI document of an application that stands on an empty folder, its members in order."""
    from app.factory import create_app, shut_down
    from core.settings import load

    with TemporaryDirectory() as folder:
        app = create_app(load({"GONGHENG_DEMONSTRATION": "yes", "GONGHENG_DATA_DIR": folder}))
        try:
            return written(app.api_doc)
        finally:
            shut_down(app)


def written(document: object) -> str:
    """The document as it is kept."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
