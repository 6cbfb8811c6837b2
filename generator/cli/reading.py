"""Read what people wrote on disk, with every problem told at once."""

from __future__ import annotations

from pathlib import Path

import click

from generator.core.parse_platform import parse_platform
from generator.model.errors import UserError
from generator.model.platform import Platform


def read_platform(path: str) -> Platform:
    """The platform in a file. Prints its problems and raises UserError when there are any."""
    file = Path(path)
    if not file.is_file():
        raise UserError(f"{path} does not exist; pushboat init writes one to start from")
    platform, problems = parse_platform(file.read_bytes(), path)
    for problem in problems:
        click.echo(str(problem), err=True)
    if platform is None:
        raise UserError(f"{path} has {len(problems)} problem{'s' if len(problems) > 1 else ''}")
    return platform
