"""Why a definition that reads well must not be delivered all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from generator.core.world import Claims, World
    from generator.model.change import Definition
    from generator.model.inventory import Inventory


def conflicts(definition: Definition, world: World, claims: Claims) -> list[Problem]:
    """Another definition or repository has the name, or a target is not this repository's to deliver to.

    `claims` are those of this push's definitions.
    """
    app = definition.name
    others = {path for path in claims.paths.get(app, ()) if path != definition.path}
    for inventory in world.of(app).values():
        if inventory.repository != world.repository.name:
            message = f"{app} is delivered by repository {inventory.repository}"
            return [problem(definition, "name", message, "choose another name")]
        if _still_defines(inventory, world, claims):
            others.add(inventory.path)
    others.discard(definition.path)
    if others:
        message = f"{app} is also defined in {', '.join(sorted(others))}"
        return [problem(definition, "name", message, "choose another name")]
    return _forbidden_targets(definition, world)


def _still_defines(inventory: Inventory, world: World, claims: Claims) -> bool:
    """Whether the file that an app was delivered from is there, and has not come to define another one since."""
    if inventory.path not in world.paths or claims.apps.get(inventory.path, inventory.app) != inventory.app:
        return False
    later = (one for one in world.delivered_from(inventory.path) if one.sequence > inventory.sequence)
    return all(one.app == inventory.app for one in later)


def _forbidden_targets(definition: Definition, world: World) -> list[Problem]:
    allowed = world.platform.targets_of(world.repository)
    wanted = definition.app.targets if definition.app else ()
    name, hint = world.repository.name, f"it can be {', '.join(allowed)}"
    return [
        problem(definition, "targets", f"repository {name} may not deliver to '{target}'", hint)
        for target in wanted
        if target not in allowed
    ]


def problem(definition: Definition, field: str, message: str, hint: str) -> Problem:
    """A problem at the definition's `name`, `targets` or `dependsOn`, or at its beginning where that is not known."""
    line, column = definition.places.get(field, (1, 1))
    return Problem(definition.path, line, column, message, hint)
