"""`gongheng matrix`: prints every table of moves and of reads as a page of `docs/`."""

from __future__ import annotations

from pathlib import Path

import click

PAGE = Path(__file__).resolve().parent.parent / "docs" / "matrix.md"


@click.command()
@click.option("--check", "only_check", is_flag=True, help="write nothing; exit 1 if the page is old")
def matrix(only_check: bool) -> None:
    """Writes docs/matrix.md from the tables that the platform runs on."""
    from app.desk.matrix import page

    made = page()
    if only_check:
        raise SystemExit(0 if PAGE.exists() and PAGE.read_text(encoding="utf-8") == made else 1)
    PAGE.write_text(made, encoding="utf-8")
    click.echo(str(PAGE))
