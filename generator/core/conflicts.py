"""Why a definition that reads well must not be delivered all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from generator.core.world import World
    from generator.model.change import Definition


def conflicts(definition: Definition, world: World, claims: dict[str, list[str]]) -> list[Problem]:
    """Another definition or repository has the name, or a target is not this repository's to deliver to.

    `claims` are the paths of this push's definitions by app name.
    """
    others = [path for path in claims[definition.name] if path != definition.path]
    now = {path: name for name, paths in claims.items() for path in paths}
    for inventory in world.of(definition.name).values():
        if inventory.repository != world.repository.name:
            return [
                _problem(
                    definition,
                    f"{definition.name} is delivered by repository {inventory.repository}",
                    "choose another name",
                )
            ]
        moved = now.get(inventory.path, definition.name) != definition.name  # that file defines another app now
        if inventory.path not in (definition.path, *others) and inventory.path in world.paths and not moved:
            others.append(inventory.path)
    if others:
        return [
            _problem(
                definition, f"{definition.name} is also defined in {', '.join(sorted(others))}", "choose another name"
            )
        ]
    return _forbidden_targets(definition, world)


def _forbidden_targets(definition: Definition, world: World) -> list[Problem]:
    allowed = world.platform.targets_of(world.repository)
    wanted = definition.app.targets if definition.app else ()
    return [
        _problem(
            definition,
            f"repository {world.repository.name} may not deliver to '{target}'",
            f"it can be {', '.join(allowed)}",
        )
        for target in wanted
        if target not in allowed
    ]


def _problem(definition: Definition, message: str, hint: str) -> Problem:
    return Problem(definition.path, 1, 1, message, hint)
