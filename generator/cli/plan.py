"""pushboat plan: what a push would do, without a cluster."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.reading import read_platform
from generator.core.foresee import foresee
from generator.core.render import render
from generator.gitrepo.command import Git
from generator.gitrepo.deltas import read_deltas
from generator.gitrepo.repository import Repository
from generator.model.change import STARTS, Change, Push
from generator.model.errors import UserError
from generator.model.serial import to_plain
from generator.yamlio.read import MAX_BYTES
from generator.yamlio.write import write

if TYPE_CHECKING:
    from generator.model.platform import Platform
    from generator.model.platform import Repository as Settings


@click.command()
@click.option(
    "--repo",
    "folder",
    default=".",
    show_default=True,
    type=click.Path(exists=True, file_okay=False),
    help="A Git repository on this machine.",
)
@click.option("--platform", "platform_file", default="platform.yaml", show_default=True, help="The platform.")
@click.option("--repository", "name", help="Which of the platform's repositories this is; the first unless given.")
@click.option("--from", "base", help="The commit that counts as delivered; without it everything is new.")
@click.option("--to", "head", default="HEAD", show_default=True, help="The commit that is pushed.")
@click.option("--runs", is_flag=True, help="Show the rendered PipelineRuns and manifests too.")
@click.option(
    "-o", "--output", type=click.Choice(["text", "json", "yaml"]), default="text", show_default=True, help="The format."
)
def plan(
    folder: str, platform_file: str, name: str | None, base: str | None, head: str, runs: bool, output: str
) -> None:
    """Show the changes between two commits as a push would carry them out. Exit 1 when a definition has problems."""
    platform = read_platform(platform_file)
    settings = platform.repository(name or platform.repositories[0].name)
    if settings is None:
        raise UserError(f"the platform has no repository '{name}'")
    before, after = _commit(folder, base) if base else "", _commit(folder, head)
    changes = _changes(folder, before, after, platform, settings)
    push = Push(settings.name, after, before, 1, "")
    click.echo(
        _text(changes, push, platform, runs=runs)
        if output == "text"
        else _data(changes, push, platform, output, runs=runs),
        nl=False,
    )
    if any(change.problems for change in changes):
        sys.exit(1)


def _commit(folder: str, revision: str) -> str:
    done = subprocess.run(
        ["git", "-C", folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise UserError(f"{folder} has no commit '{revision}'")
    return done.stdout.strip()


def _changes(folder: str, before: str, after: str, platform: Platform, settings: Settings) -> list[Change]:
    with tempfile.TemporaryDirectory(prefix="pushboat-") as scratch:
        repository = Repository(Git(Path(scratch), url=str(Path(folder).resolve()), protocols="file"))
        repository.fetch(*([before] if before else []), after)
        deltas, paths = read_deltas(repository, settings.path, before, after, limit=MAX_BYTES)
    return foresee(deltas, paths, platform, settings)


def _text(changes: list[Change], push: Push, platform: Platform, *, runs: bool) -> str:
    if not changes:
        return "no definition changed\n"
    lines = []
    for change in changes:
        where = f" on {change.target}" if change.target else ""
        lines.append(
            f"{change.action.value:9} {change.app}{where}: {'' if change.problems else change.reason}".rstrip(": ")
        )
        lines += [f"          {problem}" for problem in change.problems]
        if runs and change.action in STARTS:
            lines.append("".join(f"---\n{write(item)}" for item in _rendered(change, push, platform)))
    return "\n".join(lines) + "\n"


def _rendered(change: Change, push: Push, platform: Platform) -> list[dict[str, object]]:
    one = render(change, push, platform)
    return [one.run, *(one.release or [])]


def _data(changes: list[Change], push: Push, platform: Platform, output: str, *, runs: bool) -> str:
    data: dict[str, object] = {
        "changes": [
            {
                "app": change.app,
                "path": change.path,
                "action": change.action.value,
                "reason": change.reason,
                "version": change.version,
                "targets": [change.target] if change.target else [],
            }
            for change in changes
        ],
        "problems": [to_plain(problem) for change in changes for problem in change.problems],
    }
    if runs:
        data["runs"] = [
            item for change in changes if change.action in STARTS for item in _rendered(change, push, platform)
        ]
    return write(data) if output == "yaml" else json.dumps(data, indent=2) + "\n"
