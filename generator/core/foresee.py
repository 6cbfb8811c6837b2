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

Suit = Callable[[Platform, Version], Platform]


def as_it_is(platform: Platform, version: Version) -> Platform:  # noqa: ARG001 - one shape for all
    """A platform that is the same for every definition, as real ones are."""
    return platform


def foresee(
    deltas: tuple[Delta, ...],
    paths: tuple[str, ...],
    platform: Platform,
    repository: Repository,
    tool: Tool = no_tool,
    suit: Suit = as_it_is,
) -> list[Change]:
    """The changes between two commits, as classify would name them had the first one been delivered.

    `suit` gives the platform as one definition sees it.
    """
    pairs = [_pair(delta, platform, repository, tool, suit) for delta in deltas]
    inventories = [found for one in pairs if one.before for found in _delivered(one.before, platform, repository)]
    return classify(pairs, World(platform, repository, tuple(inventories), frozenset(paths)))


def against(
    deltas: tuple[Delta, ...],
    platform: Platform,
    repository: Repository,
    inventories: tuple[Inventory, ...],
    tool: Tool = no_tool,
) -> list[Change]:
    """The changes from what a cluster has to all definitions of a commit, each of them in one of `deltas`."""
    pairs = [_pair(delta, platform, repository, tool, as_it_is) for delta in deltas]
    paths = frozenset(delta.path for delta in deltas)
    return classify(pairs, World(platform, repository, inventories, paths, whole=True))


def _pair(delta: Delta, platform: Platform, repository: Repository, tool: Tool, suit: Suit) -> Pair:
    before = define(delta.before, platform, repository, tool, old=True) if delta.before else None
    after = define(delta.after, suit(platform, delta.after), repository, tool) if delta.after else None
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
    )
