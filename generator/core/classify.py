"""Turn definitions before and after, and what the cluster has, into one named Change each. Total and deterministic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.core.conflicts import conflicts
from generator.core.dependencies import refused, tied
from generator.core.orphans import gone, renamed, stranded, vanished
from generator.core.world import Claims
from generator.model.change import Action, Change, Definition, version_change
from generator.model.inventory import Inventory, State

if TYPE_CHECKING:
    from generator.core.world import Pair, World
    from generator.model.app import App
    from generator.yamlio.problem import Problem


def classify(pairs: list[Pair], world: World) -> list[Change]:
    """Every definition's changes, sorted by app and target."""
    definitions = [pair.after for pair in pairs if pair.after]
    claims = Claims.of(definitions)
    problems = {one.path: tuple(one.problems or conflicts(one, world, claims)) for one in definitions}
    problems = refused(definitions, world, problems)
    changes: list[Change] = []
    for pair in pairs:
        if pair.after is None:
            changes += gone(pair, world, claims)
        else:
            changes += _present(pair.after, world, problems[pair.path]) + renamed(pair, world, claims)
    if world.whole:
        changes += vanished(pairs, world, claims)
    return sorted(tied(changes, world), key=lambda change: (change.app, change.target, change.path))


def _present(definition: Definition, world: World, problems: tuple[Problem, ...]) -> list[Change]:
    app = definition.app
    if problems or app is None:
        return [invalid(definition, problems)]
    inventories = world.of(app.name)
    targets = world.targets_of(app)
    if app.deleted:
        return _marked(app, definition, world, targets)
    changes = [
        _wanted(app, definition, target, inventories.get(target), several=len(targets) > 1) for target in targets
    ]
    left = [stranded(definition, one, world) for target, one in inventories.items() if target not in targets]
    return changes + left


def invalid(definition: Definition, problems: tuple[Problem, ...]) -> Change:
    """The change of a definition that cannot be delivered."""
    name = definition.name or _stem(definition.path)
    reason = str(problems[0]) if problems else "cannot be read"
    return Change(name, definition.path, Action.INVALID, reason, problems=problems)


def _stem(path: str) -> str:
    parts = path.removesuffix(".yaml").removesuffix(".yml").split("/")
    return parts[-2] if parts[-1] == "app" and len(parts) > 1 else parts[-1]


def _marked(app: App, definition: Definition, world: World, targets: tuple[str, ...]) -> list[Change]:
    there = world.of(app.name)
    if not there:
        reason = "marked deleted and not there: only its YAML is removed"
        return [_change(app, definition, Action.DELETE, reason, targets[0], None)]
    return [
        _change(app, definition, Action.DELETE, "marked deleted", target, inventory, several=len(there) > 1)
        if world.platform.target(target)
        else stranded(definition, inventory, world)
        for target, inventory in there.items()
    ]


def _wanted(app: App, definition: Definition, target: str, inventory: Inventory | None, *, several: bool) -> Change:
    if inventory is None:
        return _change(app, definition, Action.CREATE, "not there yet", target, None, several=several)
    if inventory.definition == definition.digest and inventory.state is State.HEALTHY:
        return _change(app, definition, Action.NONE, "delivered already", target, inventory, several=several)
    return _change(
        app, definition, Action.UPGRADE, _why(app, definition, inventory), target, inventory, several=several
    )


def _why(app: App, definition: Definition, inventory: Inventory) -> str:
    if inventory.state is State.DAMAGED:
        return "its record is damaged"
    if inventory.state in (State.DELETING, State.DELETE_BLOCKED):
        return "the delete mark was taken back"
    if inventory.definition == definition.digest:
        ended = inventory.state is not State.APPLYING
        return f"its last run ended as {inventory.state.value}" if ended else "its last run has not ended"
    if inventory.version != app.version:
        return version_change(inventory.version, app.version)
    return "its definition changed"


def _change(
    app: App,
    definition: Definition,
    action: Action,
    reason: str,
    target: str,
    inventory: Inventory | None,
    *,
    several: bool = False,
) -> Change:
    return Change(
        app=app.name,
        path=definition.path,
        action=action,
        reason=reason,
        target=target,
        version=app.version,
        previous_version=inventory.version if inventory else "",
        digest=definition.digest,
        # An app that is unchanged by its record may have to be rolled out all the same, over a run that waits.
        objects=[] if action is Action.DELETE else definition.objects.get(target, []),
        deletion=app.deletion,
        timeouts=app.timeouts,
        several_targets=several,
        exists=inventory is not None,
        depends_on=app.depends_on,
        on_new_commit=app.on_new_commit,
    )
