"""A StatefulSet is healthy when every pod is ready and every pod from its partition upward is of the new revision."""

from __future__ import annotations

from typing import Any

from generator.health.generation import unseen
from generator.model.health import HEALTHY, Health, HealthState


def health(item: dict[str, Any]) -> Health:
    """With `OnDelete` the old pods are replaced by hand; until then the set is told to be waiting for that."""
    early = unseen(item)
    if early:
        return early
    spec, status = item["spec"], item.get("status", {})
    wanted = spec.get("replicas", 1)
    partition = spec.get("updateStrategy", {}).get("rollingUpdate", {}).get("partition", 0) or 0
    new = wanted if status.get("currentRevision") == status.get("updateRevision") else status.get("updatedReplicas", 0)
    if new < wanted - partition:
        return Health(HealthState.PROGRESSING, f"{new} of {wanted - partition} replicas updated")
    ready = min(status.get("readyReplicas", 0), status.get("availableReplicas", status.get("readyReplicas", 0)))
    if ready < wanted:
        return Health(HealthState.PROGRESSING, f"{ready} of {wanted} replicas available")
    return HEALTHY
