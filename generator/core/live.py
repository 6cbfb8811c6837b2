"""How an object in the cluster differs from what a push would make of it, for people to read."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from generator.yamlio.write import write

Object = dict[str, Any]

# What the API server writes by itself, at every touch or never: it says nothing about the push.
_NOISE = ("managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink")
_COPY = "kubectl.kubernetes.io/last-applied-configuration"  # of the whole object, in one line


class State(StrEnum):
    """What a push means for one object."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Difference:
    """One object of an app on a target. `diff` is a unified diff, or why the API server refuses the object."""

    app: str
    target: str
    object: str
    state: State
    diff: str = ""


def difference(app: str, target: str, name: str, live: Object | None, wanted: Object) -> Difference:
    """`live` is what is there, `wanted` what would be there after the push."""
    before = write(_bare(live)) if live else ""
    after = write(_bare(wanted))
    if before == after:
        return Difference(app, target, name, State.UNCHANGED)
    state = State.CHANGED if live else State.ADDED
    return Difference(app, target, name, state, _unified(name, before, after))


def _bare(item: Object) -> Object:
    metadata = {key: value for key, value in item["metadata"].items() if key not in _NOISE}
    annotations = {key: value for key, value in metadata.pop("annotations", {}).items() if key != _COPY}
    if annotations:
        metadata["annotations"] = annotations
    return {key: metadata if key == "metadata" else value for key, value in item.items() if key != "status"}


def _unified(name: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"{name} (live)", f"{name} (pushed)", lineterm=""
    )
    return "".join(f"{line}\n" for line in lines)
