"""The values that fill the sources, worked out of a platform."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from generator.model.kinds import KINDS
from generator.model.platform import Platform, Repository, Target

_API_SERVER_PORTS = (443, 6443)
_INTERCEPTOR_PORT = 8443
_WRITE = ["get", "list", "create", "patch", "delete"]


def values(platform: Platform) -> dict[str, Any]:
    """What every source may use."""
    return {
        "namespace": platform.namespace,
        "image": platform.image,
        "catch_up": platform.catch_up,
        "limits": {"pods": str(platform.limits.pods)},
        "planner_secrets": sorted(
            {name for one in platform.repositories for name in (one.credential, one.status_credential)}
        ),
        "trigger_refs": [{"triggerRef": one.name} for one in platform.repositories],
        "egress_ports": [{"port": port, "protocol": "TCP"} for port in _egress_ports(platform)],
    }


def repository_values(repository: Repository) -> dict[str, Any]:
    """What a repository's Trigger uses."""
    return {
        "name": repository.name,
        "branch": repository.branch,
        "webhook_secret": repository.webhook_secret,
        "project": urlsplit(repository.url).path.strip("/").lower(),
    }


def target_values(target: Target) -> dict[str, Any]:
    """What a target's Role uses."""
    return {"namespace": target.namespace, "rules": _rules(target)}


def _rules(target: Target) -> list[dict[str, Any]]:
    rules = [
        {"apiGroups": [group], "resources": sorted(kinds.values()), "verbs": _WRITE} for group, kinds in KINDS.items()
    ]
    rules += [
        {"apiGroups": [extra.group], "resources": list(extra.resources), "verbs": _WRITE} for extra in target.kinds
    ]
    reading = {"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list"]}
    return [*rules, reading, {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": ["get", "list"]}]


def _egress_ports(platform: Platform) -> list[int]:
    ports = {*_API_SERVER_PORTS, _INTERCEPTOR_PORT, *platform.egress_ports}
    for repository in platform.repositories:
        parts = urlsplit(repository.url)
        ports.add(parts.port or (443 if parts.scheme == "https" else 80))
    return sorted(ports)
