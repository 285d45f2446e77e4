"""`gongheng check`: says what it finds of the settings, the database, the stores and the keys."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from app.cli_serve import settings_or_leave


@click.command()
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def check(as_json: bool) -> None:
    """Looks at the configuration and says what it found; exit 1 when something would keep the platform from serving."""
    from core.checks import check as look

    findings = look(settings_or_leave())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.ok else 'BAD'}  {finding.name:<12} {finding.fault or ''} {finding.detail}".rstrip())
    raise SystemExit(0 if all(finding.ok for finding in findings) else 1)
