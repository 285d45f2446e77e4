"""`gongheng migrate`: brings the database to this version's tables."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli_serve import settings_or_leave

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


@click.command()
@click.option("--to", default="head", help="revision to migrate to")
def migrate(to: str) -> None:
    """Brings the database to this version's tables; running it again changes nothing."""
    from alembic import command
    from alembic.config import Config

    settings = settings_or_leave()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = settings.database_url
    command.upgrade(config, to)
    click.echo(f"{settings.database_url.rpartition('@')[2]}: {to}")
