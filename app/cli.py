"""The command `gongheng`: each subcommand lives in a module of its own and is imported when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

COMMANDS = {
    "serve": "app.cli_serve:serve",
    "worker": "app.cli_serve:worker",
    "migrate": "app.cli_migrate:migrate",
    "check": "app.cli_check:check",
    "matrix": "app.cli_matrix:matrix",
    "demo": "app.demo.cli:demo",
    "score": "app.cli_score:score",
    "draw": "app.cli_draw:draw",
    "verify": "app.verify.cli:verify",
    "seal": "app.cli_seal:seal",
    "officer": "app.cli_officer:officer",
    "sandbox-bank": "app.sandbox.bank:sandbox_bank",
    "sandbox-guarantor": "app.sandbox.guarantor:sandbox_guarantor",
    "sandbox-witness": "app.sandbox.witness:sandbox_witness",
    "sandbox-tsa": "app.sandbox.tsa:sandbox_tsa",
    "sandbox-sms": "app.sandbox.sms:sandbox_sms",
    "sandbox-voice": "app.sandbox.voice:sandbox_voice",
}


class Commands(click.Group):
    """Imports a subcommand when it is called: `gongheng score` must not wait for a web server's libraries."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongheng")
def gongheng() -> None:
    """公衡 Gongheng: 公共资源交易与远程异地评标平台 · public-resource trading and remote bid evaluation."""


def main() -> None:
    """Runs the command line; gevent's patches come before anything else is imported, where a server is to run."""
    if len(sys.argv) > 1 and sys.argv[1] in ("serve", "worker"):
        from core.kernel.waiting import patch_process

        patch_process()
    gongheng(prog_name="gongheng")
