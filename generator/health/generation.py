"""Whether a controller has seen the object as it is now; before that its status speaks of an older one."""

from __future__ import annotations

from typing import Any

from generator.model.health import Health, HealthState


def unseen(item: dict[str, Any]) -> Health | None:
    """A verdict while `status.observedGeneration` lags behind, else None."""
    wanted, seen = item["metadata"].get("generation", 0), item.get("status", {}).get("observedGeneration", 0)
    if seen < wanted:
        return Health(HealthState.PROGRESSING, "waiting for its controller to see the change")
    return None


def condition(item: dict[str, Any], kind: str) -> dict[str, Any]:
    """The condition of that type, or an empty one."""
    conditions = item.get("status", {}).get("conditions") or []
    return next((one for one in conditions if one.get("type") == kind), {})
