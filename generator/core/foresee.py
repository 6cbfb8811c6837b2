"""What a push would do, decided as the cluster decides it: from what a base had, or from what a cluster has."""

from __future__ import annotations

from collections.abc import Callable

from generator.core.classify import classify
from generator.core.define import define
from generator.core.world import Pair, World
from generator.model.app import App
from generator.model.change import Change, Definition, Delta, Version
from generator.model.inventory import Inventory, State
from generator.model.platform import Platform, Repository, Target
from generator.sources.given import Tool, no_tool

Define = Callable[[Version, Platform, Repository, Tool], Definition]


def foresee(
    deltas: tuple[Delta, ...],
    paths: tuple[str, ...],
    platform: Platform,
    repository: Repository,
    tool: Tool = no_tool,
    definer: Define = define,
) -> list[Change]:
    """The changes between two commits, as classify would name them had the first one been delivered."""
    pairs = [_pair(delta, platform, repository, tool, definer) for delta in deltas]
    inventories = [found for one in pairs if one.before for found in _delivered(one.before, platform, repository)]
    return classify(pairs, World(platform, repository, tuple(inventories), frozenset(paths), sure=False))


def against(
    deltas: tuple[Delta, ...],
    platform: Platform,
    repository: Repository,
    inventories: tuple[Inventory, ...],
    tool: Tool = no_tool,
) -> list[Change]:
    """The changes from what a cluster has to all definitions of a commit, each of them in one of `deltas`."""
    pairs = [_pair(delta, platform, repository, tool, define) for delta in deltas]
    paths = frozenset(delta.path for delta in deltas)
    return classify(pairs, World(platform, repository, inventories, paths, whole=True))


def _pair(delta: Delta, platform: Platform, repository: Repository, tool: Tool, definer: Define) -> Pair:
    before = define(delta.before, platform, repository, tool, old=True) if delta.before else None
    after = definer(delta.after, platform, repository, tool) if delta.after else None
    return Pair(delta.path, before, after)


def _delivered(definition: Definition, platform: Platform, repository: Repository) -> list[Inventory]:
    app = definition.app
    if app is None or app.deleted:
        return []
    wanted = app.targets or platform.targets_of(repository)[:1]
    return [_inventory(app, definition, target, repository) for target in platform.targets if target.name in wanted]


def _inventory(app: App, definition: Definition, target: Target, repository: Repository) -> Inventory:
    return Inventory(
        app=app.name,
        target=target.name,
        namespace=target.namespace,
        repository=repository.name,
        path=definition.path,
        state=State.HEALTHY,
        version=app.version,
        definition=definition.digest,
        depends_on=app.depends_on,
    )
