"""pushboat lint: all problems of definitions and platforms on disk."""

from __future__ import annotations

import base64
import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.commits import APPS
from generator.cli.disk import is_generated, versions_at
from generator.cli.places import root_around
from generator.cli.reading import PLATFORM, repository_of
from generator.cli.showing import FORMATS, count
from generator.core.define import define
from generator.core.lint import is_platform
from generator.core.lint import lint as check
from generator.core.parse_platform import parse_platform
from generator.core.stand_in import define_anywhere, stand_in
from generator.model.errors import UserError
from generator.tools.run import run_tool
from generator.yamlio.characters import shown

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
    or a platform. Without --platform, what depends on one is not checked.

    Without a PATH, what a push would read is checked: the platform (platform.yaml if that is there) and the folder that
    it names; without any platform the folder apps if it is there, else the current folder. Exit 1 when there are
    problems.
    """
    here = PLATFORM if Path(PLATFORM).is_file() else None
    platform_file = platform_file or (None if paths else here)
    if name and not platform_file:
        raise click.UsageError("--repository names one of a platform's: give --platform too")
    root = _root(platform_file or here, name)
    found = _Found() if paths or not platform_file else _with_platform(platform_file)
    _find(found, paths or (_pushed(platform_file, root),), root or APPS)
    problems = _check(found, platform_file, name)
    click.echo(FORMATS[output](problems), nl=False)
    if output == "text":
        click.echo(_summary(found, problems), err=True)
    sys.exit(1 if problems else 0)


def _root(platform_file: str | None, name: str | None) -> str:
    """The folder that the platform expects its definitions in; empty where no platform says which."""
    platform = parse_platform(Path(platform_file).read_bytes(), platform_file)[0] if platform_file else None
    return repository_of(platform, name).path if platform else ""


def _with_platform(platform_file: str) -> _Found:
    place = Path(platform_file).resolve()
    return _Found(platforms={place: place.read_bytes()}, names={place: platform_file})


def _pushed(platform_file: str | None, root: str) -> str:
    """The folder that a push would read."""
    beside = str(Path(platform_file or ".").parent / (root or APPS))  # a platform may lie apart from its repository
    there = next((one for one in (root or APPS, beside) if Path(one).is_dir()), None)
    if root and not there:
        raise UserError(f"there is no folder {shown(root)}, where the platform expects its definitions")
    return there or "."


def _find(found: _Found, paths: tuple[str, ...], root: str) -> None:
    for path in paths:
        for version in versions_at(path, root_around(path, root)):
            place = Path(version.path).parent.resolve() / Path(version.path).name  # a link is a file of its own
            data = base64.b64decode(version.files.get(version.path, ""))
            if place in found.platforms:
                continue
            if is_platform(data, version.path):
                found.platforms[place] = data
                found.names.setdefault(place, version.path)
            elif not is_generated(version):
                found.definitions.setdefault(place, version)


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
    return sorted({_from_here(one) for one in (*problems, *check(definitions, platform, repository))})


def _from_here(problem: Problem) -> Problem:
    """A file of a definition that was found upwards, by the shortest way from the current folder."""
    return replace(problem, path=os.path.relpath(problem.path)) if problem.path.startswith("../") else problem


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
