"""Kinds without a rule of their own: well once the API server has them, unless they say Ready=False themselves."""

from __future__ import annotations

from typing import Any

from generator.health.generation import condition, unseen
from generator.model.health import HEALTHY, Health, HealthState


def health(item: dict[str, Any]) -> Health:
    """Follows kstatus: `observedGeneration` counts only where the kind writes it."""
    early = unseen(item) if "observedGeneration" in item.get("status", {}) else None
    if early:
        return early
    ready = condition(item, "Ready")
    if ready.get("status") == "False":
        return Health(HealthState.PROGRESSING, ready.get("message") or "it says that it is not ready")
    return HEALTHY
