"""Read what people wrote on disk, with every problem told at once."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli.showing import as_text, count
from generator.core.parse_platform import parse_platform
from generator.model.errors import UserError
from generator.model.platform import Platform, Repository
from generator.yamlio.characters import shown
from generator.yamlio.problem import Problem

PLATFORM = "platform.yaml"

Given = tuple[Platform, Repository]


class BrokenPlatformError(UserError):
    """A platform with problems, which are told on standard error already."""

    def __init__(self, path: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{path} has {count(len(problems), 'problem')}")
        self.problems = problems


def read_platform(path: str) -> Platform:
    """The platform in a file. Prints its problems and raises BrokenPlatformError when there are any."""
    file = Path(path)
    if not file.is_file():
        raise click.UsageError(f"{shown(path)} does not exist; pushboat init writes one to start from")
    platform, problems = parse_platform(file.read_bytes(), path)
    click.echo(as_text(problems), err=True, nl=False)
    if platform is None:
        raise BrokenPlatformError(path, tuple(problems))
    return platform


def given_platform(path: str | None, repository: str | None) -> Given | None:
    """The platform that was named, or lies here, with one of its repositories; None where there is none."""
    if path is None and not Path(PLATFORM).is_file():
        if repository:
            raise click.UsageError("--repository names one of a platform's: give --platform too")
        return None
    platform = read_platform(path or PLATFORM)
    return platform, repository_of(platform, repository)


def repository_of(platform: Platform, name: str | None) -> Repository:
    """One of a platform's repositories, the first unless named."""
    found = platform.repository(name) if name else platform.repositories[0]
    if found is None:
        raise UserError(f"the platform has no repository '{shown(name or '')}'")
    return found
