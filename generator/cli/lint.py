"""pushboat lint: all problems of definitions and platforms on disk."""

from __future__ import annotations

import base64
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.disk import is_generated, versions_at
from generator.cli.reading import repository_of
from generator.cli.showing import FORMATS, count
from generator.core.define import define
from generator.core.lint import is_platform
from generator.core.lint import lint as check
from generator.core.parse_platform import parse_platform
from generator.core.stand_in import define_anywhere, stand_in
from generator.tools.run import run_tool

if TYPE_CHECKING:
    from generator.model.change import Version
    from generator.model.platform import Platform
    from generator.yamlio.problem import Problem


@dataclass(slots=True)
class _Found:
    """What there is to check, each file once although two paths may lead to it."""

    definitions: dict[Path, Version] = field(default_factory=dict)
    platforms: dict[Path, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    names: dict[Path, str] = field(default_factory=dict)


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True))
@click.option(
    "--platform",
    "platform_file",
    type=click.Path(exists=True, dir_okay=False),
    help="Check against this platform too: its targets and their kinds.",
)
@click.option("--repository", "name", help="Which of the platform's repositories this is; the first unless given.")
@click.option(
    "-o", "--output", type=click.Choice([*FORMATS]), default="text", show_default=True, help="The format of problems."
)
def lint(paths: tuple[str, ...], platform_file: str | None, name: str | None, output: str) -> None:
    """Tell all problems of definitions and platforms on disk.

    A PATH is a definition's file, a folder with an app.yaml, a folder that is searched for definitions and platforms,
    or a platform; the current folder unless given. Without --platform, what depends on one is not checked. Exit 1 when
    there are problems.
    """
    if name and not platform_file:
        raise click.UsageError("--repository names one of a platform's: give --platform too")
    found = _find(paths or (".",))
    problems = _check(found, platform_file, name)
    click.echo(FORMATS[output](problems), nl=False)
    if output == "text":
        click.echo(_summary(found, problems), err=True)
    sys.exit(1 if problems else 0)


def _find(paths: tuple[str, ...]) -> _Found:
    found = _Found()
    for path in paths:
        for version in versions_at(path):
            place = Path(version.path).parent.resolve() / Path(version.path).name  # a link is a file of its own
            data = base64.b64decode(version.files.get(version.path, ""))
            if is_platform(data, version.path):
                found.platforms[place] = data
                found.names.setdefault(place, version.path)
            elif not is_generated(version):
                found.definitions.setdefault(place, version)
    return found


def _check(found: _Found, platform_file: str | None, name: str | None) -> list[Problem]:
    problems: list[Problem] = []
    for place, data in found.platforms.items():
        problems += parse_platform(data, found.names[place])[1]
    platform = _platform(found, platform_file, problems)
    versions = list(found.definitions.values())
    definer, name = (define, name) if platform else (define_anywhere, None)
    platform = platform or stand_in(versions, ".")
    repository = repository_of(platform, name)
    definitions = [definer(one, platform, repository, run_tool) for one in versions]
    return sorted({*problems, *check(definitions, platform, repository)})


def _platform(found: _Found, path: str | None, problems: list[Problem]) -> Platform | None:
    """The platform to check against; one with problems cannot be used, and is told like any other file."""
    if path is None:
        return None
    platform, wrong = parse_platform(Path(path).read_bytes(), path)
    if Path(path).resolve() not in found.platforms:
        problems += wrong
    return platform


def _summary(found: _Found, problems: list[Problem]) -> str:
    platforms = f"{count(len(found.platforms), 'platform')}, " if found.platforms else ""
    return f"{platforms}{count(len(found.definitions), 'definition')}, {count(len(problems), 'problem')}"
