"""What keeps a component available: a disruption budget, an autoscaler, pods spread over nodes and zones."""

from __future__ import annotations

from typing import Any

from generator.model.component import NO_BUDGET, Component, Disruption, Kind

Object = dict[str, Any]

_SCALED = (Kind.DEPLOYMENT, Kind.STATEFUL_SET)
_NODE, _ZONE = "kubernetes.io/hostname", "topology.kubernetes.io/zone"


def count(text: str) -> int | str:
    """A number of pods as a number, a percentage as it stands."""
    return text if text.endswith("%") else int(text)


def budget(component: Component, name: str, selector: dict[str, str]) -> Object | None:
    """The PodDisruptionBudget; where nobody asked for one, more than one pod may lose one at a time."""
    wanted = component.disruption
    if wanted is None and component.kind in _SCALED and component.at_least > 1:
        wanted = Disruption(max_unavailable="1")
    if wanted is None or wanted == NO_BUDGET:
        return None
    kept = {"minAvailable": wanted.min_available, "maxUnavailable": wanted.max_unavailable}
    bounds = {field: count(text) for field, text in kept.items() if text}
    # A pod that is not ready protects nobody, and must not hold up the draining of its node.
    spec = {**bounds, "selector": {"matchLabels": selector}, "unhealthyPodEvictionPolicy": "AlwaysAllow"}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": spec}


def autoscaler(component: Component, name: str) -> Object | None:
    """The HorizontalPodAutoscaler, where one is asked for."""
    wanted = component.autoscaling
    if wanted is None:
        return None
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": component.kind.value, "name": name},
        "minReplicas": wanted.least,
        "maxReplicas": wanted.most,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": kind, "target": {"type": "Utilization", "averageUtilization": at}},
            }
            for kind, at in (("cpu", wanted.cpu), ("memory", wanted.memory))
            if at is not None
        ],
    }
    head = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler"}
    return {**head, "metadata": {"name": name}, "spec": spec}


def spread(component: Component, selector: dict[str, str]) -> list[Object]:
    """Topology constraints; `preferred` ones never keep a pod waiting."""
    if component.kind not in _SCALED or component.spread == "none" or component.at_least < 2:
        return []
    required = component.spread == "required"
    return [
        _constraint(component, selector, _NODE, "DoNotSchedule" if required else "ScheduleAnyway"),
        _constraint(component, selector, _ZONE, "ScheduleAnyway"),
    ]


def _constraint(component: Component, selector: dict[str, str], key: str, otherwise: str) -> Object:
    found: Object = {
        "maxSkew": 1,
        "topologyKey": key,
        "whenUnsatisfiable": otherwise,
        "labelSelector": {"matchLabels": selector},
    }
    # The pods of the release that goes must not count against those of the one that comes.
    return found | ({"matchLabelKeys": ["pod-template-hash"]} if component.kind is Kind.DEPLOYMENT else {})
