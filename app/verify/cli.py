"""`gongheng verify`: the offline verifier of an evidence package."""

from __future__ import annotations

import sys

import click

from app.verify.command import run
from app.verify.wording import Lang


@click.command("verify", short_help="check an evidence package, a receipt or a trace offline")
@click.argument("package", metavar="FILE", type=click.Path())
@click.option("--policy", required=True, metavar="TRUSTED.txt", type=click.Path(), help="the root of trust; never from the package")
@click.option("--ciphertext", default="", metavar="FILE.age", type=click.Path(), help="what a receipt or a trace is about, to be compared")
@click.option("--sites", default="", metavar="SITES.zip", type=click.Path(), help="the package of the sites that a case has booked")
@click.option("--json", "as_json", is_flag=True, help="print the result as one JSON object")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="language of the sentences")
def verify(package: str, policy: str, ciphertext: str, sites: str, as_json: bool, lang: Lang) -> None:  # noqa: PLR0917 - its options
    """Check FILE, an evidence package, a receipt or the trace of a late bid, against TRUSTED.txt.

    Exit 0 when all of it holds, 1 when something does not, 2 when a file can't be read.
    """
    answer = run(package, policy, as_json, lang, ciphertext=ciphertext, sites=sites)
    if answer.out:
        click.echo(answer.out.encode())
    if answer.err:
        click.echo(answer.err.encode(), err=True)
    sys.exit(answer.code)
