"""What every pod of ours gets: Pod Security `restricted`, a read-only root, bounded memory, and the shared mounts.

It stands here once instead of in each source, so that no Task can forget it.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from generator import __version__
from generator.model.serial import to_plain

if TYPE_CHECKING:
    from generator.model.platform import Platform

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
_RESOURCES = {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}}
_MOUNTS = [
    {"name": "work", "mountPath": "/pushboat/work"},
    {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108
]
_VOLUMES = [
    {"name": "work", "emptyDir": {"sizeLimit": "1Gi"}},
    {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}},
]


def harden(item: dict[str, Any], platform: Platform) -> dict[str, Any]:
    """A Task or CronJob with the hardening, anything else as it is."""
    found, env = copy.deepcopy(item), _env(platform)
    if found["kind"] == "Task":
        spec = found["spec"]
        spec["stepTemplate"] = {
            "env": env,
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
            container |= {"env": env, "securityContext": _SECURITY, "resources": _RESOURCES, "volumeMounts": _MOUNTS}
    return copy.deepcopy(found)


def _env(platform: Platform) -> list[dict[str, str]]:
    """What the steps know of the platform, already parsed, stands in the Tasks themselves.

    A ConfigMap would be within reach of the identities that keep their records in ConfigMaps: whoever can change a
    repository's URL can have its credential sent elsewhere. No value can hold a `$`, which Tekton or the kubelet would
    expand.
    """
    return [
        {"name": "HOME", "value": "/tmp"},  # noqa: S108 - an emptyDir of the pod's own
        {"name": "PUSHBOAT_BUNDLE_VERSION", "value": __version__},
        {"name": "PUSHBOAT_PLATFORM", "value": json.dumps(to_plain(platform), indent=1, sort_keys=True) + "\n"},
    ]
