"""What every pod of ours gets: Pod Security `restricted`, a read-only root, bounded memory, and the shared mounts.

It stands here once instead of in each source, so that no Task can forget it.
"""

from __future__ import annotations

import copy
from typing import Any

from generator import __version__

PLATFORM_CONFIG = "pushboat-platform"
USER = 65532  # the non-root user of Tekton's own images

_SECURITY: dict[str, Any] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "runAsUser": USER,
    "runAsGroup": USER,
    "seccompProfile": {"type": "RuntimeDefault"},
}
_ENV = [
    {"name": "HOME", "value": "/tmp"},  # noqa: S108 - an emptyDir of the pod's own
    {"name": "PUSHBOAT_BUNDLE_VERSION", "value": __version__},
]
_RESOURCES = {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}}
_MOUNTS = [
    {"name": "platform", "mountPath": "/pushboat/platform", "readOnly": True},
    {"name": "work", "mountPath": "/pushboat/work"},
    {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108
]
_VOLUMES = [
    {"name": "platform", "configMap": {"name": PLATFORM_CONFIG}},
    {"name": "work", "emptyDir": {"sizeLimit": "1Gi"}},
    {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}},
]


def harden(item: dict[str, Any]) -> dict[str, Any]:
    """A Task or CronJob with the hardening, anything else as it is."""
    found = copy.deepcopy(item)
    if found["kind"] == "Task":
        spec = found["spec"]
        spec["stepTemplate"] = {
            "env": _ENV,
            "securityContext": _SECURITY,
            "computeResources": _RESOURCES,
            "volumeMounts": _MOUNTS,
        }
        spec["volumes"] = [*_VOLUMES, *spec.get("volumes", [])]
    elif found["kind"] == "CronJob":
        pod = found["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        pod["securityContext"] = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
        pod["volumes"] = [*_VOLUMES, *pod.get("volumes", [])]
        for container in pod["containers"]:
            container |= {"env": _ENV, "securityContext": _SECURITY, "resources": _RESOURCES, "volumeMounts": _MOUNTS}
    return copy.deepcopy(found)
