"""Which kinds a target takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.kinds import KINDS

if TYPE_CHECKING:
    from generator.model.platform import Target


SECRET = ("a Secret does not belong in Git", "create it in the cluster, and name it in the definition")


def refusal(group: str, kind: str, target: Target) -> tuple[str, str] | None:
    """Why a target does not take a kind, and what to do; None where it does."""
    if kind in KINDS.get(group, {}):
        return None
    if (group, kind) == ("", "Secret"):
        return SECRET
    if any(group == extra.group for extra in target.kinds):
        return None  # the API server holds the role against the resource
    name = f"{kind}.{group}" if group else kind
    return f"target {target.name} takes no {name}", "the platform can allow it under targets[].kinds"
