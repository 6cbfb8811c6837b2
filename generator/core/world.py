"""What classification knows: definitions before and after, the platform, and what the cluster has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from generator.model.app import App
from generator.model.change import Definition, Push
from generator.model.inventory import Inventory
from generator.model.platform import Platform, Repository


@dataclass(frozen=True, slots=True)
class Pair:
    """One definition before and after, by its path."""

    path: str
    before: Definition | None
    after: Definition | None


@dataclass(frozen=True, slots=True)
class Claims:
    """Which definitions of a push define which app: paths by app, and the app by path."""

    paths: dict[str, list[str]]
    apps: dict[str, str]

    @staticmethod
    def of(definitions: Iterable[Definition]) -> Claims:
        """Those of definitions whose app can be told."""
        paths: dict[str, list[str]] = defaultdict(list)
        apps = {one.path: one.name for one in definitions if one.name}
        for path, app in apps.items():
            paths[app].append(path)
        return Claims(paths, apps)


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
    whole: bool = False  # every definition was compared, because there was no base to compare with
    sure: bool = True  # the cluster was asked; a laptop knows only the apps of the push
    _apps: dict[str, dict[str, Inventory]] = field(init=False, repr=False, compare=False)
    _files: dict[str, list[Inventory]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        apps: dict[str, dict[str, Inventory]] = defaultdict(dict)
        files: dict[str, list[Inventory]] = defaultdict(list)
        for one in self.inventories:
            apps[one.app][one.target] = one
            if one.repository == self.repository.name:
                files[one.path].append(one)
        object.__setattr__(self, "_apps", apps)
        object.__setattr__(self, "_files", files)

    def of(self, app: str) -> dict[str, Inventory]:
        """The inventories of one app by target."""
        return self._apps.get(app, {})

    def delivered_from(self, path: str) -> list[Inventory]:
        """The inventories of all apps that a file of this repository defined when they were delivered."""
        return self._files.get(path, [])

    def targets_of(self, app: App) -> tuple[str, ...]:
        """Where an app is to run, by its definition."""
        return app.targets or self.platform.targets_of(self.repository)[:1]
