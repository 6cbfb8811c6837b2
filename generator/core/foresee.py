"""What a push would do, without a cluster: the definitions of the base count as delivered."""

from __future__ import annotations

from generator.core.classify import World, classify
from generator.core.define import pair
from generator.model.change import Change, Definition, Delta
from generator.model.inventory import Inventory, State
from generator.model.platform import Platform, Repository


def foresee(
    deltas: tuple[Delta, ...], paths: tuple[str, ...], platform: Platform, repository: Repository
) -> list[Change]:
    """The changes between two commits, as classify would name them had the first one been delivered."""
    pairs = [pair(delta, platform, repository) for delta in deltas]
    inventories = [found for one in pairs if one.before for found in _delivered(one.before, platform, repository)]
    return classify(pairs, World(platform, repository, tuple(inventories), frozenset(paths)))


def _delivered(definition: Definition, platform: Platform, repository: Repository) -> list[Inventory]:
    app = definition.app
    if app is None or app.deleted:
        return []
    found = []
    for name in app.targets or platform.targets_of(repository)[:1]:
        target = platform.target(name)
        if target:
            found.append(
                Inventory(
                    app.name,
                    name,
                    target.namespace,
                    repository.name,
                    definition.path,
                    State.HEALTHY,
                    version=app.version,
                    definition=definition.digest,
                )  # fmt: skip
            )
    return found
