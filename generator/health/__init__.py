"""How each kind of object says that it is well: one file per kind, and the dict."""

from __future__ import annotations

from typing import Any, Protocol

from generator.health import claim, daemon_set, deployment, job, other, pod, stateful_set
from generator.model.health import Health


class Rule(Protocol):
    """A health rule is a module with this one function over the live object."""

    def health(self, item: dict[str, Any]) -> Health:
        """The verdict, and in words with numbers what is being waited for."""


RULES: dict[tuple[str, str], Rule] = {
    ("apps", "Deployment"): deployment,
    ("apps", "StatefulSet"): stateful_set,
    ("apps", "DaemonSet"): daemon_set,
    ("batch", "Job"): job,
    ("", "PersistentVolumeClaim"): claim,
    ("", "Pod"): pod,
}


def health_of(item: dict[str, Any]) -> Health:
    """The verdict of the object's own rule, or of the rule for kinds that have none."""
    group = item.get("apiVersion", "").rpartition("/")[0]
    return RULES.get((group, item.get("kind", "")), other).health(item)
