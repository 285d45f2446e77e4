"""`gongheng migrate`: brings the database to this version's tables."""

from __future__ import annotations

import click

from app.cli_serve import settings_or_leave


@click.command()
@click.option("--to", default="head", help="revision to migrate to")
def migrate(to: str) -> None:
    """Brings the database to this version's tables; running it again changes nothing."""
    import migrations

    settings = settings_or_leave()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrations.upgrade(settings.database_url, to)
    click.echo(f"{settings.database_url.rpartition('@')[2]}: {migrations.head() if to == 'head' else to}")
