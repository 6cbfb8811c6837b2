"""Apps that keep running although nothing defines them any more: told on the commit, and never acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.change import Action, Change, Definition

if TYPE_CHECKING:
    from generator.core.world import Pair, World
    from generator.model.inventory import Inventory

Claims = dict[str, list[str]]  # the paths of a push's definitions by app


def gone(pair: Pair, world: World, claims: Claims) -> list[Change]:
    """The app of a file that is not there any more."""
    name = pair.before.name if pair.before else ""
    if not name or name in claims:
        return []  # never understood, or moved: the new path speaks for it
    return _left_behind(name, pair.path, world) or [
        Change(name, pair.path, Action.NONE, f"{pair.path} is gone, and so is {name}")
    ]


def renamed(pair: Pair, world: World, claims: Claims) -> list[Change]:
    """The app that a file defined before it came to define another one."""
    before, now = (side.name if side else "" for side in (pair.before, pair.after))
    if not before or not now or before in claims:
        return []
    return _left_behind(before, pair.path, world, now)


def vanished(pairs: list[Pair], world: World, claims: Claims) -> list[Change]:
    """Without a base no file is seen to go: what is recorded of this repository and stands nowhere is told instead."""
    now = {pair.path: pair.after.name for pair in pairs if pair.after}
    lost = [one for one in world.inventories if one.repository == world.repository.name and one.app not in claims]
    # A file whose app cannot be told may still define what is recorded of it; its own problems are told.
    clear = [one for one in lost if one.path not in world.paths or now.get(one.path)]
    return [_orphan(one, one.path, now.get(one.path, "")) for one in clear]


def stranded(definition: Definition, inventory: Inventory, world: World) -> Change:
    """An app on a target that its definition, or even the platform, names no more."""
    target = inventory.target
    there = world.platform.target(target) is not None
    why = f"target {target} left the definition" if there else f"the platform has no target {target} any more"
    reason = f"{why}: {inventory.app} keeps running there"
    return Change(inventory.app, definition.path, Action.ORPHANED, reason, target, inventory.version)


def _left_behind(app: str, path: str, world: World, now: str = "") -> list[Change]:
    """What is recorded of an app that its file defines no more; a damaged record does not tell its path."""
    return [
        _orphan(one, path, now)
        for one in world.of(app).values()
        if one.path in (path, "") and one.repository == world.repository.name
    ]


def _orphan(inventory: Inventory, path: str, now: str) -> Change:
    """`now` is the app that the file defines instead; empty where the file is gone."""
    app = inventory.app
    reason = f"{path or 'its file'} is gone without a delete mark: {app} keeps running"
    if now:
        reason = (
            f"{path} now defines {now}: {app} keeps running; give {now} its own file, and mark {app} deleted in this"
        )
    return Change(app, path, Action.ORPHANED, reason, inventory.target, inventory.version)
