"""A Deployment is healthy when all replicas are of the new template and available, and no old one is left.

The order of the questions is that of `kubectl rollout status`.
"""

from __future__ import annotations

from typing import Any

from generator.health.generation import condition, unseen
from generator.model.health import HEALTHY, Health, HealthState


def health(item: dict[str, Any]) -> Health:
    """Failed once its own progress deadline has passed."""
    early = unseen(item)
    if early:
        return early
    status, wanted = item.get("status", {}), item["spec"].get("replicas", 1)
    progressing = condition(item, "Progressing")
    if progressing.get("reason") == "ProgressDeadlineExceeded":
        return Health(HealthState.FAILED, f"no progress within its deadline: {progressing.get('message', '')}")
    updated, available, total = (status.get(key, 0) for key in ("updatedReplicas", "availableReplicas", "replicas"))
    if updated < wanted:
        return Health(HealthState.PROGRESSING, f"{updated} of {wanted} replicas updated")
    if total > updated:
        return Health(HealthState.PROGRESSING, f"old replicas still to go: {total - updated}")
    if available < wanted:
        return Health(HealthState.PROGRESSING, f"{available} of {wanted} replicas available")
    return HEALTHY
