"""What a push would do, without a cluster: the definitions of the base count as delivered."""

from __future__ import annotations

from generator.core.classify import classify
from generator.core.define import pair
from generator.core.world import World
from generator.model.app import App
from generator.model.change import Change, Definition, Delta
from generator.model.inventory import Inventory, State
from generator.model.platform import Platform, Repository, Target
from generator.sources.given import Tool, no_tool


def foresee(
    deltas: tuple[Delta, ...],
    paths: tuple[str, ...],
    platform: Platform,
    repository: Repository,
    tool: Tool = no_tool,
) -> list[Change]:
    """The changes between two commits, as classify would name them had the first one been delivered."""
    pairs = [pair(delta, platform, repository, tool) for delta in deltas]
    inventories = [found for one in pairs if one.before for found in _delivered(one.before, platform, repository)]
    return classify(pairs, World(platform, repository, tuple(inventories), frozenset(paths)))


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
    )
