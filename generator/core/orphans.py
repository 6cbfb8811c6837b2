"""Apps that keep running although nothing defines them any more: told on the commit, and never acted on."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from generator.model.change import Action, Change, Definition

if TYPE_CHECKING:
    from generator.core.world import Claims, Pair, World
    from generator.model.inventory import Inventory


def gone(pair: Pair, world: World, claims: Claims) -> list[Change]:
    """The apps of a file that is not there any more."""
    found = _left_behind(pair, world, claims)
    name = pair.before.name if pair.before else ""
    if found or not name or name in claims.paths:
        return found  # never understood, or moved: the new path speaks for it
    return [Change(name, pair.path, Action.NONE, f"{pair.path} is gone, and so is {name}")]


def renamed(pair: Pair, world: World, claims: Claims) -> list[Change]:
    """The apps that a file defined before it came to define another one."""
    now = pair.after.name if pair.after else ""
    return _left_behind(pair, world, claims, now) if now else []


def vanished(pairs: list[Pair], world: World, claims: Claims) -> list[Change]:
    """Without a base no file is seen to go: what is recorded of this repository and stands nowhere is told instead."""
    told = {pair.path for pair in pairs}  # by the other two
    lost = [one for one in world.inventories if one.repository == world.repository.name and one.path not in told]
    return [_orphan(one, one.path, world) for one in lost if one.app not in claims.paths]


def stranded(definition: Definition, inventory: Inventory, world: World) -> Change:
    """An app on a target that its definition, or even the platform, names no more."""
    target = inventory.target
    there = world.platform.target(target) is not None
    why = f"target {target} left the definition" if there else f"the platform has no target {target} any more"
    reason = f"{why}: {inventory.app} keeps running there"
    return Change(inventory.app, definition.path, Action.ORPHANED, reason, target, inventory.version)


def _left_behind(pair: Pair, world: World, claims: Claims, now: str = "") -> list[Change]:
    """What is recorded of a file's apps that it defines no more, even where its last text could not be read.

    A damaged record does not tell its path, so those of the app that the file defined before count too.
    """
    before = pair.before.name if pair.before else ""
    damaged = [one for one in world.of(before).values() if not one.path and one.repository == world.repository.name]
    recorded = [*world.delivered_from(pair.path), *damaged]
    return [_orphan(one, pair.path, world, now) for one in recorded if one.app not in claims.paths]


def _orphan(inventory: Inventory, path: str, world: World, now: str = "") -> Change:
    """`now` is the app that the file defines instead; empty where the file is gone."""
    app, folder = inventory.app, _swallowed_by(path, world)
    reason = f"{path or 'its file'} is gone without a delete mark: {app} keeps running"
    if now:
        reason = (
            f"{path} now defines {now}: {app} keeps running; give {now} its own file, and mark {app} deleted in this"
        )
    elif folder:
        reason = f"{path} lies in the folder of {folder}, so it defines nothing of its own: {app} keeps running"
    return Change(app, path, Action.ORPHANED, reason, inventory.target, inventory.version)


def _swallowed_by(path: str, world: World) -> str:
    """The app.yaml whose folder a path lies in."""
    above = (f"{parent}/app.yaml" for parent in PurePosixPath(path).parents)
    return next((one for one in above if one in world.paths and one != path), "")
