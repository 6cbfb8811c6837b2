"""A Job is healthy when it is complete. A condition counts only while its status is True."""

from __future__ import annotations

from typing import Any

from generator.health.generation import condition
from generator.model.health import HEALTHY, Health, HealthState


def health(item: dict[str, Any]) -> Health:
    """Failed when the Job has used up its retries or its time."""
    failed = condition(item, "Failed")
    if failed.get("status") == "True":
        return Health(HealthState.FAILED, f"the Job failed: {failed.get('message') or failed.get('reason', '')}")
    if condition(item, "Complete").get("status") == "True":
        return HEALTHY
    status, wanted = item.get("status", {}), item.get("spec", {}).get("completions", 1)
    return Health(HealthState.PROGRESSING, f"{status.get('succeeded', 0)} of {wanted} completions")
