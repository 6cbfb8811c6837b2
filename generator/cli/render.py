"""pushboat render: the manifests of one app, for other tools."""

from __future__ import annotations

import base64
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import click

from generator.cli.commits import APPS, opened, read, root_of
from generator.cli.disk import versions_at
from generator.cli.places import absolute, root_around
from generator.cli.reading import given_platform
from generator.cli.showing import as_text, count
from generator.core.define import define
from generator.core.lint import lint
from generator.core.stand_in import NAMESPACE, define_anywhere, stand_in
from generator.model.errors import UserError
from generator.tools.run import run_tool
from generator.yamlio.characters import shown
from generator.yamlio.write import write

if TYPE_CHECKING:
    from generator.model.change import Definition, Version
    from generator.model.platform import Platform, Repository


@click.command()
@click.argument("app")
@click.option(
    "--repo",
    "folder",
    default=".",
    show_default=True,
    type=click.Path(exists=True, file_okay=False),
    help="A repository, or any folder of definitions.",
)
@click.option(
    "--platform",
    "platform_file",
    type=click.Path(exists=True, dir_okay=False),
    help="The platform; platform.yaml if that is there. Without one, objects get no namespace.",
)
@click.option("--repository", "name", help="Which of the platform's repositories this is; the first unless given.")
@click.option("--target", help="The target to render for; the app's first unless given.")
@click.option("--to", "head", help="Read this commit, instead of the files as they are now.")
def render(
    app: str, folder: str, platform_file: str | None, name: str | None, target: str | None, head: str | None
) -> None:
    """Write the manifests of APP as YAML documents.

    APP is an app's name, or the path of its definition below --repo: a file, or a folder with an app.yaml. Exit 1 when
    the definition has problems.
    """
    given = given_platform(platform_file, name)
    root = given[1].path if given else ""
    versions = _committed(folder, app, head, root) if head else _on_disk(folder, app, root)
    platform = given[0] if given else stand_in(versions, root or ".")
    repository = given[1] if given else platform.repositories[0]
    definer = define if given else define_anywhere
    definitions = [definer(one, platform, repository, run_tool) for one in versions]
    found = _only(app, _named(app, definitions) if _is_name(app) else definitions)
    objects = _objects(found, platform, repository, target)
    click.echo("".join(f"---\n{write(item if given else _anywhere(item))}" for item in objects), nl=False)


def _committed(folder: str, app: str, revision: str, root: str) -> list[Version]:
    with opened(folder) as repository:
        commit = repository.commit(revision)
        deltas, _ = read(repository, "", commit, root or root_of(repository, commit))
    versions = [delta.after for delta in deltas if delta.after]
    if _is_name(app):
        return _candidates(app, versions)
    wanted = str(PurePosixPath(app))
    return [one for one in versions if wanted in (one.path, str(PurePosixPath(one.path).parent), *one.files)]


def _on_disk(folder: str, app: str, root: str) -> list[Version]:
    """The definitions at a path, or those of a repository's folder that may define the app."""
    place = Path(folder) / app
    if not _is_name(app):
        if not place.exists():
            raise click.BadParameter(f"there is no {shown(str(place))}", param_hint="APP")
        return versions_at(str(place), root_around(str(place), root or APPS))
    top = Path(folder) / (root or APPS)
    if root and not top.is_dir():
        raise UserError(f"there is no folder {shown(str(top))}, where the platform expects its definitions")
    return _candidates(app, versions_at(str(top if top.is_dir() else Path(folder)), absolute(top)))


def _is_name(app: str) -> bool:
    """A path has a slash or a dot, and a name has neither."""
    return "/" not in app and "." not in app


def _candidates(app: str, versions: list[Version]) -> list[Version]:
    """Those that may define the app: most files are told apart without being parsed."""
    return [
        one
        for one in versions
        if app.encode() in base64.b64decode(one.files.get(one.path, ""))
        or app in PurePosixPath(one.path).parts
        or app == PurePosixPath(one.path).stem
    ]


def _named(app: str, definitions: list[Definition]) -> list[Definition]:
    """The definitions of the app, or where there is none those that cannot be read: one of them may be it."""
    found = [one for one in definitions if one.name == app]
    return found or [one for one in definitions if not one.name and one.problems]


def _only(app: str, definitions: list[Definition]) -> Definition:
    if len(definitions) == 1:
        return definitions[0]
    paths = ", ".join(shown(one.path) for one in definitions)
    if not definitions:
        raise UserError(f"there is no app '{shown(app)}'")
    raise UserError(f"{shown(app)} is {count(len(definitions), 'definition')}: {paths}; name one by its path")


def _objects(found: Definition, platform: Platform, repository: Repository, target: str | None) -> list[dict[str, Any]]:
    problems = lint([found], platform, repository)
    if problems or found.app is None:
        click.echo(as_text(problems), err=True, nl=False)
        sys.exit(1)
    if found.app.deleted:
        raise UserError(f"{found.name} is marked deleted: nothing of it is applied")
    targets = found.app.targets or platform.targets_of(repository)[:1]
    if target and target not in targets:
        raise UserError(f"{found.name} is not for target {shown(target)}; it can be {', '.join(targets)}")
    return found.objects[target or targets[0]]


def _anywhere(item: dict[str, Any]) -> dict[str, Any]:
    """An object whose namespace is left to whoever applies it."""
    metadata = item["metadata"]
    if metadata["namespace"] != NAMESPACE:
        return item
    return {**item, "metadata": {key: value for key, value in metadata.items() if key != "namespace"}}
