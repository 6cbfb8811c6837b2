"""The order in which objects are applied; they are removed in the reverse of it."""

from __future__ import annotations

from typing import Any

# What others refer to comes first, what takes traffic comes last. Kinds not listed stand before the workloads.
_FIRST = (
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "ConfigMap",
    "PersistentVolumeClaim",
    "Service",
)
_LAST = ("StatefulSet", "DaemonSet", "Deployment", "Job", "CronJob", "HorizontalPodAutoscaler", "Ingress", "HTTPRoute")
_RANK = {kind: rank for rank, kind in enumerate(_FIRST)} | {kind: 100 + rank for rank, kind in enumerate(_LAST)}


def apply_order(item: dict[str, Any]) -> tuple[int, str, str]:
    """A sort key; equal input gives an equal order."""
    return rank_of(item["kind"]), item["kind"], item["metadata"]["name"]


def rank_of(kind: str) -> int:
    """The place of a kind among the others."""
    return _RANK.get(kind, 50)
