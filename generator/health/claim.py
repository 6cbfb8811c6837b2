"""A claim is well when it is bound, and also while it waits for its first pod: that is no fault of the claim."""

from __future__ import annotations

from typing import Any

from generator.model.health import HEALTHY, Health, HealthState


def health(item: dict[str, Any]) -> Health:
    """A lost volume does not come back by itself."""
    if item.get("status", {}).get("phase") == "Lost":
        return Health(HealthState.FAILED, "its volume is lost")
    return HEALTHY
