"""What classification knows: definitions before and after, the platform, and what the cluster has."""

from __future__ import annotations

from dataclasses import dataclass

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

    def of(self, app: str) -> dict[str, Inventory]:
        """The inventories of one app by target."""
        return {one.target: one for one in self.inventories if one.app == app}

    def targets_of(self, app: App) -> tuple[str, ...]:
        """Where an app is to run, by its definition."""
        return app.targets or self.platform.targets_of(self.repository)[:1]
