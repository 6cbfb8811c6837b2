"""The kinds an app may consist of, by API group. The rollout identity's role grants exactly these."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.model.platform import Target

# group -> kind -> plural resource name. Secrets are missing on purpose: a definition names them and never holds them.
KINDS: dict[str, dict[str, str]] = {
    "": {
        "ConfigMap": "configmaps",
        "PersistentVolumeClaim": "persistentvolumeclaims",
        "Service": "services",
        "ServiceAccount": "serviceaccounts",
    },
    "apps": {"DaemonSet": "daemonsets", "Deployment": "deployments", "StatefulSet": "statefulsets"},
    "autoscaling": {"HorizontalPodAutoscaler": "horizontalpodautoscalers"},
    "batch": {"CronJob": "cronjobs", "Job": "jobs"},
    "networking.k8s.io": {"Ingress": "ingresses", "NetworkPolicy": "networkpolicies"},
    "policy": {"PodDisruptionBudget": "poddisruptionbudgets"},
}


def refusal(group: str, kind: str, target: Target) -> tuple[str, str] | None:
    """Why a target does not take a kind, and what to do; None where it does."""
    if kind in KINDS.get(group, {}):
        return None
    if any(group == extra.group for extra in target.kinds):
        return None  # the API server holds the role against the resource
    if (group, kind) == ("", "Secret"):
        return "a Secret does not belong in Git", "create it in the cluster, and name it in the definition"
    name = f"{kind}.{group}" if group else kind
    return f"target {target.name} takes no {name}", "the platform can allow it under targets[].kinds"
