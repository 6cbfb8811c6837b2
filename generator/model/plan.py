"""A plan: what one run carries out for one app on one target, small enough to travel as a parameter."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.model.app import Deletion, Timeouts
from generator.model.change import Action


@dataclass(frozen=True, slots=True)
class Plan:
    """The immutable orders of a run. `release` names the stored manifests; it is empty for a deletion.

    `awaits` are apps of the same push that come first: what the app depends on, or for a deletion what depends on it.
    """

    run: str
    app: str
    target: str
    namespace: str
    action: Action
    repository: str
    path: str
    commit: str
    sequence: int
    version: str = ""
    definition: str = ""
    release: str = ""
    context: str = ""
    deletion: Deletion = field(default_factory=Deletion)
    timeouts: Timeouts = field(default_factory=Timeouts)
    depends_on: tuple[str, ...] = ()
    awaits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """One visible Task of an app's run. `identity` is the service account it runs as.

    `only_if` is a pair of a Tekton variable and the value it must have, or empty.
    """

    name: str
    task: str
    identity: str
    credentials: tuple[str, ...]
    seconds: int
    description: str
    only_if: tuple[str, ...] = ()
