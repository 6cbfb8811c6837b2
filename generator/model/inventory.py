"""What is recorded in the cluster: the ledger of a repository and the inventory of an app on a target."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where an app on a target stands."""

    APPLYING = "applying"
    HEALTHY = "healthy"
    FAILED = "failed"
    DELETING = "deleting"
    DELETE_BLOCKED = "delete-blocked"
    DAMAGED = "damaged"  # the record cannot be read; the next roll-out of the app writes it anew


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """One object of the cluster; `uid` is empty until it has been applied."""

    api_version: str
    kind: str
    namespace: str
    name: str
    uid: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes two references the same object: API group, kind, namespace and name, whatever the version."""
        group = self.api_version.rpartition("/")[0]
        return (group, self.kind, self.namespace, self.name)

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True)
class Inventory:
    """One app on one target, as last recorded. `current` and `last_good` name releases."""

    app: str
    target: str
    namespace: str
    repository: str
    path: str
    state: State
    version: str = ""
    commit: str = ""
    sequence: int = 0
    definition: str = ""
    current: str = ""
    last_good: str = ""
    last_good_version: str = ""
    run: str = ""
    message: str = ""
    updated: str = ""
    objects: tuple[ObjectRef, ...] = ()
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The last processed commit of a repository's branch; `sequence` counts the pushes processed."""

    repository: str
    branch: str
    commit: str
    sequence: int
