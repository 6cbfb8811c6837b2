"""pushboat check: is the bundle on disk what the platform gives now?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.bundle.check import differences
from generator.cli.generate import files_of
from generator.cli.reading import read_platform


@click.command()
@click.option("-f", "--file", "platform_file", default="platform.yaml", show_default=True, help="The platform.")
@click.option("-o", "--output", default="bundle.yaml", show_default=True, help="The bundle: a file, or DIR/.")
def check(platform_file: str, output: str) -> None:
    """Generate again and show how the bundle on disk differs; exit 1 when it does."""
    files, single = files_of(read_platform(platform_file), platform_file, output)
    found = differences(files, Path(output), single=single)
    if found:
        click.echo(found, nl=False)
        mend = f"pushboat generate -f {platform_file} -o {output}"
        click.echo(f"{output} is not what {platform_file} gives; mend it with: {mend}", err=True)
        sys.exit(1)
    click.echo(f"{output} is up to date", err=True)
