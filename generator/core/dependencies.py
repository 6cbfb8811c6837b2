"""Which apps need which others, and what of a push cannot be because of that."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.core.conflicts import problem
from generator.model.change import STARTS, Action, Change
from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.core.world import Pair, World
    from generator.model.change import Definition
    from generator.model.inventory import Inventory

Problems = dict[str, tuple[Problem, ...]]  # of each definition, by its path
Told = list[tuple[str, str]]  # messages with their hints


def concerned(pairs: Iterable[Pair], inventories: Iterable[Inventory]) -> tuple[Inventory, ...]:
    """The inventories a push has to do with: of its apps, of what these need, and of what needs one of them."""
    known, pairs = tuple(inventories), tuple(pairs)
    apps = {side.name for one in pairs for side in (one.before, one.after) if side}
    files = {one.path for one in pairs}
    apps |= {one.app for one in known if one.path in files}  # of a file whose text could not be read
    wanted = apps | {name for one in pairs if one.after and one.after.app for name in one.after.app.depends_on}
    found = 0
    while len(wanted) > found:
        found = len(wanted)
        wanted |= {name for one in known if one.app in wanted for name in one.depends_on}
    files = {one.path for one in known if one.app in wanted}  # and of what their files came to define since
    return tuple(one for one in known if one.app in wanted or one.path in files or not apps.isdisjoint(one.depends_on))


def refused(definitions: list[Definition], world: World, problems: Problems) -> Problems:
    """All problems: those that are known, and what dependencies add for the definitions that had none."""
    ties = _Ties(definitions, world, dict(problems))
    ties.add(ties.circle)
    while ties.add(ties.missing):  # what is refused takes along what depends on it
        pass
    while ties.add(ties.needed):  # what stays keeps what it depends on
        pass
    return ties.problems


def tied(changes: list[Change], world: World) -> list[Change]:
    """Each change with the apps of the same push that it has to wait for on its target."""
    acting = {(one.app, one.target): one.action for one in changes if one.action in STARTS}
    needing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in world.inventories:
        for name in one.depends_on:
            needing[(name, one.target)].append(one.app)

    def awaits(change: Change) -> tuple[str, ...]:
        if change.action is Action.DELETE:
            others = needing[(change.app, change.target)]
            return tuple(sorted(name for name in others if (name, change.target) in acting))
        coming = (Action.CREATE, Action.UPGRADE)
        return tuple(name for name in change.depends_on if acting.get((name, change.target)) in coming)

    return [replace(one, awaits=awaits(one)) if one.action in STARTS else one for one in changes]


@dataclass(init=False, slots=True)
class _Ties:
    """The definitions of a push among each other and with what the cluster has."""

    world: World
    problems: Problems
    named: dict[str, Definition]
    by_path: dict[str, Definition]
    needing: dict[str, list[Definition]]
    there: dict[tuple[str, str], Inventory]
    recorded: dict[str, set[str]]

    def __init__(self, definitions: list[Definition], world: World, problems: Problems) -> None:
        self.world, self.problems = world, problems
        self.named = {one.name: one for one in definitions if one.name}
        self.by_path = {one.path: one for one in self.named.values()}
        self.needing = defaultdict(list)
        for given in self.named.values():
            for name in given.app.depends_on if given.app else ():
                self.needing[name].append(given)
        self.there = {(one.app, one.target): one for one in world.inventories}
        self.recorded = defaultdict(set)
        for one in world.inventories:
            self.recorded[one.app].update(one.depends_on)

    def add(self, rule: Callable[[Definition], Told]) -> bool:
        """Add what a rule has against each definition that is sound so far; whether that was anything."""
        found = {one.path: rule(one) for one in self.named.values() if not self.problems.get(one.path)}
        for path, told in found.items():
            definition = self.by_path[path]
            field = "name" if definition.app and definition.app.deleted else "dependsOn"
            self.problems[path] = tuple(problem(definition, field, message, hint) for message, hint in told)
        return any(found.values())

    def circle(self, definition: Definition) -> Told:
        """The way from an app over what it needs back to itself, the shortest one."""
        came: dict[str, str] = {}
        ahead = deque([definition.name])
        while ahead:
            here = ahead.popleft()
            for name in self._needs(here):
                if name not in came:
                    came[name] = here
                    ahead.append(name)
        if definition.name not in came:
            return []
        way = [definition.name]
        while len(way) == 1 or way[-1] != definition.name:
            way.append(came[way[-1]])
        if len(way) == 2:
            return [(f"{definition.name} depends on itself", "take it out of dependsOn")]
        text = f"the dependencies go round in a circle: {' -> '.join(reversed(way))}"
        return [(text, "take one of them out of dependsOn")]

    def _needs(self, name: str) -> Iterable[str]:
        """What the push says counts; of apps it does not touch, what is recorded."""
        given = self.named.get(name)
        if given and given.app:
            return () if given.app.deleted else given.app.depends_on
        return sorted(self.recorded.get(name, ()))

    def missing(self, definition: Definition) -> Told:
        """Dependencies that are not on the target, and do not come there with this push."""
        app = definition.app
        if app is None or app.deleted or not app.depends_on:
            return []
        ways = [(name, target) for target in self.world.targets_of(app) for name in app.depends_on]
        why = ((name, self._absent(name, target)) for name, target in ways)
        hint = "deliver it there first, or take it out of dependsOn"
        return [(f"{app.name} depends on {name}, which {reason}", hint) for name, reason in why if reason]

    def _absent(self, name: str, target: str) -> str:
        given = self.named.get(name)
        if (name, target) in self.there:
            return ""
        if given is None:
            return f"is neither in this push nor on target {target}" if self.world.sure else ""
        if given.app is None or self.problems.get(given.path):
            return f"is not on target {target}, and cannot be delivered: {given.path} has problems"
        if given.app.deleted:
            return f"is marked deleted, and not on target {target}"
        return "" if target in self.world.targets_of(given.app) else f"is not delivered to target {target}"

    def needed(self, definition: Definition) -> Told:
        """What keeps a marked app on a target: apps that depend on it there, and stay."""
        app = definition.app
        if app is None or not app.deleted:
            return []
        found = []
        for target in self.world.of(app.name):
            staying = ", ".join(self._staying(app.name, target))
            if staying:
                text = f"DeleteBlocked: needed on {target} by {staying}; its YAML stays in Git"
                found.append((text, f"mark {staying} deleted too, or take {app.name} out of its dependsOn first"))
        return found

    def _staying(self, name: str, target: str) -> list[str]:
        recorded = {one.app for one in self.world.inventories if one.target == target and name in one.depends_on}
        stay = {other for other in recorded if self._keeps(other, name, target)}
        return sorted(stay | {one.name for one in self.needing[name] if self._wants(one, target)})

    def _keeps(self, other: str, name: str, target: str) -> bool:
        """Whether an app that needs `name` by its record does so after this push."""
        given = self.named.get(other)
        if given is None or given.app is None or self.problems.get(given.path):
            return True
        return not given.app.deleted and (
            target not in self.world.targets_of(given.app) or name in given.app.depends_on
        )

    def _wants(self, other: Definition, target: str) -> bool:
        if other.app is None or other.app.deleted or self.problems.get(other.path):
            return False
        return target in self.world.targets_of(other.app)
