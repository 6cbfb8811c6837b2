"""What a push means: definitions before and after, and the change each one is classified as."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from generator.model.app import App, Deletion, OnNewCommit, Timeouts
from generator.yamlio.problem import Problem


class Action(StrEnum):
    """The classes of change."""

    CREATE = "create"
    UPGRADE = "upgrade"
    DELETE = "delete"
    NONE = "none"
    INVALID = "invalid"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Version:
    """One side of a definition: its digest and the files it is made of (path in the repository to base64 text).

    `path` is what people call the definition by; `problems` are those found before its text was read.
    """

    path: str
    digest: str
    files: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Delta:
    """One definition's difference between the recorded commit and the new one."""

    path: str
    before: Version | None
    after: Version | None


@dataclass(frozen=True, slots=True)
class Push:
    """The gap between the ledger and the head of the branch; `base` is empty where every definition counts as new."""

    repository: str
    commit: str
    base: str
    sequence: int
    ledger_version: str


@dataclass(frozen=True, slots=True)
class Definition:
    """One side of a definition after parsing; `app` is None exactly when there are problems.

    `name` is the app's name as far as it could be told. `objects` holds the manifests for each target. `places` are
    line and column of `name`, `targets` and `dependsOn`, for what is wrong with them among other definitions.
    """

    path: str
    digest: str
    name: str
    app: App | None
    problems: tuple[Problem, ...] = ()
    objects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    places: dict[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One definition's change on one target, with the reason in words.

    `awaits` are apps that change in the same push and come first: what the app depends on, and for a deletion what
    depends on the app.
    """

    app: str
    path: str
    action: Action
    reason: str
    target: str = ""
    version: str = ""
    previous_version: str = ""
    digest: str = ""
    problems: tuple[Problem, ...] = ()
    objects: list[dict[str, Any]] = field(default_factory=list)
    deletion: Deletion = field(default_factory=Deletion)
    timeouts: Timeouts = field(default_factory=Timeouts)
    several_targets: bool = False
    exists: bool = False  # the target has an inventory of the app
    depends_on: tuple[str, ...] = ()
    awaits: tuple[str, ...] = ()
    on_new_commit: OnNewCommit = OnNewCommit.SUPERSEDE

    @property
    def context(self) -> str:
        """The commit status this change is told under."""
        return f"pushboat/{self.app}@{self.target}" if self.several_targets else f"pushboat/{self.app}"


STARTS = (Action.CREATE, Action.UPGRADE, Action.DELETE)


def version_change(previous: str, version: str) -> str:
    """The reason of an upgrade to another version."""
    return f"version {previous or 'unknown'} to {version}"
