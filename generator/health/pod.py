"""What is wrong with a pod, in the words the kubelet uses, and whether it can heal by itself."""

from __future__ import annotations

import math
from typing import Any

from generator.health.generation import condition
from generator.model.health import HEALTHY, Health, HealthState

# Waiting reasons that only people can mend; the kubelet goes on trying, so the pod itself never ends.
_STUCK = {
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "CreateContainerError",
    "ErrImageNeverPull",
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "RunContainerError",
}

NOT_READY = Health(HealthState.PROGRESSING, "not ready yet")
_HEALING = 30.0  # seconds
_CRASHING = 120.0  # a program that ends may only be waiting for another one


def health(item: dict[str, Any]) -> Health:
    """Failing with the kubelet's reason and message, or progressing, or healthy when ready or done."""
    status = item.get("status", {})
    for container in _containers(item):
        trouble = _container(container)
        if trouble:
            return Health(HealthState.FAILING, trouble)
    scheduled = condition(item, "PodScheduled")
    if scheduled.get("reason") == "Unschedulable":
        return Health(HealthState.PROGRESSING, f"Unschedulable: {scheduled.get('message', '')}")
    if status.get("phase") == "Failed":
        return Health(
            HealthState.FAILING, f"{status.get('reason') or 'Failed'}: {status.get('message', '')}".rstrip(": ")
        )
    if status.get("phase") == "Succeeded" or condition(item, "Ready").get("status") == "True":
        return HEALTHY
    return NOT_READY


def patience(item: dict[str, Any]) -> float:
    """For how many seconds a pod may be like this; without end where it waits, as for the node an autoscaler makes."""
    if health(item).state is not HealthState.FAILING:
        return math.inf
    state: dict[str, Any] = next((one.get("state", {}) for one in _containers(item) if _container(one)), {})
    crashed = "terminated" in state or state.get("waiting", {}).get("reason") == "CrashLoopBackOff"
    return _CRASHING if crashed else _HEALING


def _containers(item: dict[str, Any]) -> list[dict[str, Any]]:
    status = item.get("status", {})
    return [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])]


def _container(container: dict[str, Any]) -> str:
    name, state = container["name"], container.get("state", {})
    waiting = state.get("waiting", {})
    if waiting.get("reason") in _STUCK:
        last = container.get("lastState", {}).get("terminated", {})
        ended = f" (exit code {last['exitCode']})" if "exitCode" in last else ""
        detail = "" if waiting["reason"] == "CrashLoopBackOff" else f": {waiting.get('message', '')}".rstrip(": ")
        return f"container {name}: {waiting['reason']}{ended}{detail}"
    ended_badly = state.get("terminated", {})
    if ended_badly.get("exitCode"):
        return f"container {name}: {ended_badly.get('reason', 'Error')} (exit code {ended_badly['exitCode']})"
    return ""
