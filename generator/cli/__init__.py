"""The command line: one file per verb, and the dict."""

from __future__ import annotations

import sys

import click

from generator import __version__
from generator.cli.check import check
from generator.cli.explain import explain
from generator.cli.generate import generate
from generator.cli.init import init
from generator.cli.lint import lint
from generator.cli.logs import logs
from generator.cli.plan import plan
from generator.cli.render import render
from generator.cli.status import status
from generator.model.errors import PushboatError

VERBS: dict[str, click.Command] = {
    "init": init,
    "generate": generate,
    "check": check,
    "explain": explain,
    "lint": lint,
    "plan": plan,
    "render": render,
    "status": status,
    "logs": logs,
}


@click.group(commands=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pushboat")
def pushboat() -> None:
    """Push an application definition to Git; Tekton delivers it."""


def main() -> None:
    """Run a verb. Exit 0 for success, 1 for a problem of the user's, 2 for wrong usage, 130 when interrupted."""
    try:
        pushboat()
    except PushboatError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
