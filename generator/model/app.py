"""An application definition, parsed: what a team wants to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from generator.model.component import Component


@dataclass(frozen=True, slots=True)
class Helm:
    """A chart beside the definition: its folder or its archive (.tgz). Later value files win, `values` over all."""

    chart: str
    values: dict[str, Any] = field(default_factory=dict)
    value_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kustomize:
    """A folder beside the definition that holds a kustomization."""

    folder: str


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a phase may take, in seconds."""

    health: int = 300


@dataclass(frozen=True, slots=True)
class Deletion:
    """`data` of claims is retained or deleted; components in `order` go first; all takes `timeout` seconds at most."""

    data: str = "retain"
    order: tuple[str, ...] = ()
    timeout: int = 300

    @property
    def takes_data(self) -> bool:
        """Whether claims go too."""
        return self.data == "delete"


class OnNewCommit(StrEnum):
    """What becomes of an app's other runs when a new one comes: those that wait, and the one at work."""

    QUEUE = "queue"  # all are carried out, in the order of the pushes
    SUPERSEDE = "supersede"  # those that wait make way; the one at work ends
    CANCEL = "cancel"  # those that wait make way, and the one at work stops where it safely can


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an app is called and labelled with."""

    name: str
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class App:
    """One `kind: Application` document."""

    name: str
    version: str
    deleted: bool = False
    targets: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    components: tuple[Component, ...] = ()
    manifests: tuple[str, ...] = ()
    helm: Helm | None = None
    kustomize: Kustomize | None = None
    depends_on: tuple[str, ...] = ()
    deletion: Deletion = field(default_factory=Deletion)
    timeouts: Timeouts = field(default_factory=Timeouts)
    on_new_commit: OnNewCommit = OnNewCommit.SUPERSEDE
