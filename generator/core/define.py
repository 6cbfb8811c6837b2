"""One side of a definition: its files parsed and its manifests built, or all its problems."""

from __future__ import annotations

import base64

from generator import sources
from generator.core.parse_app import Parsed, parse_app
from generator.core.world import Pair
from generator.model.change import Definition, Delta, Version
from generator.model.errors import PushboatError
from generator.model.platform import Platform, Repository, Target
from generator.sources.given import Given, Tool, no_tool
from generator.yamlio.node import Node, mark_at
from generator.yamlio.problem import Problem


def define(
    version: Version, platform: Platform, repository: Repository, tool: Tool = no_tool, *, old: bool = False
) -> Definition:
    """Parse a definition and build its objects for each target it may be delivered to; an `old` one needs none.

    A mistake of ours that one definition brings out is a problem of that one: all others are still delivered.
    """
    if version.problems:
        return Definition(version.path, version.digest, "", None, version.problems)
    try:
        return _define(version, platform, repository, tool, old=old)
    except PushboatError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep other definitions
        message = f"internal error: {type(error).__name__}: {error}; please report it"
        return Definition(version.path, version.digest, "", None, (Problem(version.path, 1, 1, message),))


def _define(version: Version, platform: Platform, repository: Repository, tool: Tool, *, old: bool) -> Definition:
    files = {path: base64.b64decode(text) for path, text in version.files.items()}
    parsed = parse_app(files[version.path], version.path)
    app = parsed.app
    if app is None or old or app.deleted:  # what is to go needs no manifests
        return Definition(
            version.path, version.digest, parsed.name, app, parsed.problems, places=_places(parsed.document)
        )
    found: list[Problem] = []
    objects = {
        target.name: sources.build(_given(parsed, version.path, files, target, found, tool))
        for target in _wanted(app.targets, platform, repository)
    }
    problems = tuple(sorted(set(found)))
    sound = None if problems else app
    return Definition(
        version.path, version.digest, app.name, sound, problems, objects if sound else {}, _places(parsed.document)
    )


def _places(document: Node | None) -> dict[str, tuple[int, ...]]:
    """Where those fields stand that may be at odds with other definitions."""
    ways = {"name": ("metadata", "name"), "targets": ("spec", "targets"), "dependsOn": ("spec", "dependsOn")}
    return {field: tuple(mark_at(document, way)) for field, way in ways.items()} if document else {}


def _given(
    parsed: Parsed, path: str, files: dict[str, bytes], target: Target, problems: list[Problem], tool: Tool
) -> Given:
    assert parsed.app  # noqa: S101 - without problems there is one
    assert parsed.document  # noqa: S101
    return Given(parsed.app, path, files, target, problems, parsed.document, tool)


def _wanted(targets: tuple[str, ...], platform: Platform, repository: Repository) -> list[Target]:
    allowed = platform.targets_of(repository)
    return [one for one in platform.targets if one.name in (targets or allowed[:1]) and one.name in allowed]


def pair(delta: Delta, platform: Platform, repository: Repository, tool: Tool = no_tool) -> Pair:
    """A delta with both sides parsed."""
    before = define(delta.before, platform, repository, tool, old=True) if delta.before else None
    after = define(delta.after, platform, repository, tool) if delta.after else None
    return Pair(delta.path, before, after)
