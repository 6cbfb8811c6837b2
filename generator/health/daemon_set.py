"""A DaemonSet is healthy when every node that should run it has an available pod of the new template."""

from __future__ import annotations

from typing import Any

from generator.health.generation import unseen
from generator.model.health import HEALTHY, Health, HealthState


def health(item: dict[str, Any]) -> Health:
    """Counts nodes, not replicas."""
    early = unseen(item)
    if early:
        return early
    status = item.get("status", {})
    wanted = status.get("desiredNumberScheduled", 0)
    for key, word in (("updatedNumberScheduled", "updated"), ("numberAvailable", "available")):
        if status.get(key, 0) < wanted:
            return Health(HealthState.PROGRESSING, f"{status.get(key, 0)} of {wanted} nodes {word}")
    return HEALTHY
