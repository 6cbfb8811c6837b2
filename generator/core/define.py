"""One side of a definition: its files parsed and its manifests built, or all its problems."""

from __future__ import annotations

import base64

from generator import sources
from generator.core.parse_app import parse_app
from generator.core.world import Pair
from generator.model.change import Definition, Delta, Version
from generator.model.platform import Platform, Repository
from generator.yamlio.problem import Problem


def define(version: Version, platform: Platform, repository: Repository, *, old: bool = False) -> Definition:
    """Parse a definition and build its objects for each target it may be delivered to; an `old` one needs none."""
    files = {path: base64.b64decode(text) for path, text in version.files.items()}
    if version.problems:
        return Definition(version.path, version.digest, "", None, version.problems)
    app, name, problems = parse_app(files[version.path], version.path)
    if app is None:
        return Definition(version.path, version.digest, name, None, problems)
    if old:
        return Definition(version.path, version.digest, app.name, app)
    found: list[Problem] = []
    allowed = platform.targets_of(repository)
    wanted = [
        target for target in platform.targets if target.name in (app.targets or allowed[:1]) and target.name in allowed
    ]
    objects = {target.name: sources.build(app, version.path, files, target, found) for target in wanted}
    if found and not app.deleted:  # what is to go needs no manifests
        return Definition(version.path, version.digest, app.name, None, tuple(sorted(set(found))))
    return Definition(version.path, version.digest, app.name, app, (), objects)


def pair(delta: Delta, platform: Platform, repository: Repository) -> Pair:
    """A delta with both sides parsed."""
    before = define(delta.before, platform, repository, old=True) if delta.before else None
    after = define(delta.after, platform, repository) if delta.after else None
    return Pair(delta.path, before, after)
