"""Turn definitions before and after, and what the cluster has, into one named Change each. Total and deterministic."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from generator.model.app import App
from generator.model.change import Action, Change, Definition, Push
from generator.model.inventory import Inventory, State
from generator.model.platform import Platform, Repository
from generator.yamlio.problem import Problem


@dataclass(frozen=True, slots=True)
class Pair:
    """One definition before and after, by its path."""

    path: str
    before: Definition | None
    after: Definition | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that classification needs to know of a push, gathered beforehand, so that it asks nobody itself."""

    push: Push
    pairs: tuple[Pair, ...]
    inventories: tuple[Inventory, ...]
    paths: tuple[str, ...]  # of all definitions in the new commit


@dataclass(frozen=True, slots=True)
class World:
    """What classification may know: the platform, the repository, and the inventories of the apps concerned."""

    platform: Platform
    repository: Repository
    inventories: tuple[Inventory, ...]
    paths: frozenset[str]  # of all definitions in the new commit

    def of(self, app: str) -> dict[str, Inventory]:
        """The inventories of one app by target."""
        return {one.target: one for one in self.inventories if one.app == app}


def classify(pairs: list[Pair], world: World) -> list[Change]:
    """Every definition's changes, sorted by app and target."""
    claims: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        if pair.after and pair.after.name:
            claims[pair.after.name].append(pair.path)
    changes: list[Change] = []
    for pair in pairs:
        if pair.after is None:
            changes += _gone(pair, world, claims)
        else:
            changes += _present(pair.after, world, claims)
    return sorted(changes, key=lambda change: (change.app, change.target, change.path))


def _gone(pair: Pair, world: World, claims: dict[str, list[str]]) -> list[Change]:
    name = pair.before.name if pair.before else ""
    if not name or name in claims:
        return []  # never understood, or moved: the new path speaks for it
    found = [
        one for one in world.of(name).values() if one.path == pair.path and one.repository == world.repository.name
    ]
    if not found:
        return [Change(name, pair.path, Action.NONE, f"{pair.path} is gone, and so is {name}")]
    reason = f"{pair.path} is gone without a delete mark: {name} keeps running"
    return [Change(name, pair.path, Action.ORPHANED, reason, target=one.target, version=one.version) for one in found]


def _present(definition: Definition, world: World, claims: dict[str, list[str]]) -> list[Change]:
    problems = definition.problems or _conflicts(definition, world, claims)
    app = definition.app
    if problems or app is None:
        return [invalid(definition, tuple(problems))]
    inventories = world.of(app.name)
    targets = app.targets or world.platform.targets_of(world.repository)[:1]
    if app.deleted:
        return _marked(app, definition, inventories, targets)
    changes = [
        _wanted(app, definition, target, inventories.get(target), several=len(targets) > 1) for target in targets
    ]
    for target, inventory in inventories.items():
        if target not in targets:
            reason = f"target {target} left the definition: {app.name} keeps running there"
            changes.append(Change(app.name, definition.path, Action.ORPHANED, reason, target, inventory.version))
    return changes


def invalid(definition: Definition, problems: tuple[Problem, ...]) -> Change:
    """The change of a definition that cannot be delivered."""
    name = definition.name or _stem(definition.path)
    reason = str(problems[0]) if problems else "cannot be read"
    return Change(name, definition.path, Action.INVALID, reason, problems=problems)


def _stem(path: str) -> str:
    parts = path.removesuffix(".yaml").removesuffix(".yml").split("/")
    return parts[-2] if parts[-1] == "app" and len(parts) > 1 else parts[-1]


def _conflicts(definition: Definition, world: World, claims: dict[str, list[str]]) -> list[Problem]:
    others = [path for path in claims[definition.name] if path != definition.path]
    for inventory in world.of(definition.name).values():
        if inventory.repository != world.repository.name:
            return [
                _problem(
                    definition,
                    f"{definition.name} is delivered by repository {inventory.repository}",
                    "choose another name",
                )
            ]
        if inventory.path != definition.path and inventory.path in world.paths and inventory.path not in others:
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


def _marked(
    app: App, definition: Definition, inventories: dict[str, Inventory], targets: tuple[str, ...]
) -> list[Change]:
    there = sorted(inventories)
    if not there:
        reason = "marked deleted and not there: only its YAML is removed"
        return [_change(app, definition, Action.DELETE, reason, targets[0], None)]
    several = len(there) > 1
    reason = "marked deleted"
    return [
        _change(app, definition, Action.DELETE, reason, target, inventories[target], several=several)
        for target in there
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
    if inventory.state in (State.DELETING, State.DELETE_BLOCKED):
        return "the delete mark was taken back"
    if inventory.definition == definition.digest:
        return f"its last run ended as {inventory.state.value}"
    if inventory.version != app.version:
        return f"version {inventory.version or 'unknown'} to {app.version}"
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
        objects=definition.objects.get(target, []) if action in (Action.CREATE, Action.UPGRADE) else [],
        delete_data=app.delete_data,
        timeouts=app.timeouts,
        several_targets=several,
        exists=inventory is not None,
    )
