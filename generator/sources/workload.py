"""The workload of a component, by its kind."""

from __future__ import annotations

from typing import Any

from generator.model.component import Component, Kind, Storage
from generator.model.names import digest
from generator.sources.availability import count

Object = dict[str, Any]


def workload(component: Component, name: str, selector: dict[str, str], template: Object) -> Object:
    """The object that makes the component's pods out of `template`."""
    if component.kind is Kind.JOB:
        # A Job cannot be changed, so another template, its labels included, is another Job; the old one is pruned.
        job = _job(component, template)
        return _object("batch/v1", component.kind, f"{name}-{digest(repr(job), length=8)}", job)
    if component.kind is Kind.CRON_JOB:
        return _object("batch/v1", component.kind, name, _cron_job(component, selector, template))
    scaled = component.kind is not Kind.DAEMON_SET and not component.autoscaling
    spec: Object = {"replicas": component.replicas} if scaled else {}
    spec |= {"selector": {"matchLabels": selector}, **_update(component), "template": template}
    if component.kind is Kind.STATEFUL_SET:
        spec["serviceName"] = f"{name}-peers"
        spec["volumeClaimTemplates"] = [_claim(one, selector) for one in component.storage]
    return _object("apps/v1", component.kind, name, spec)


def _object(api_version: str, kind: Kind, name: str, spec: Object) -> Object:
    return {"apiVersion": api_version, "kind": kind.value, "metadata": {"name": name}, "spec": spec}


def _update(component: Component) -> Object:
    """In terms of surge and unavailability; what a person chose not to say keeps every replica serving."""
    update = component.update
    if component.kind is Kind.STATEFUL_SET:
        return {"podManagementPolicy": "Parallel"} if update.order == "parallel" else {}
    is_deployment = component.kind is Kind.DEPLOYMENT
    if is_deployment and update.order == "stopFirst" and _goes_as_a_whole(component):
        return {"strategy": {"type": "Recreate"}}
    at_once = count(update.at_once or ("25%" if is_deployment else "1"))
    start_first = update.order == "startFirst" or (is_deployment and not update.order)
    bounds = {"maxSurge": at_once, "maxUnavailable": 0} if start_first else {"maxSurge": 0, "maxUnavailable": at_once}
    return {"strategy" if is_deployment else "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": bounds}}


def _goes_as_a_whole(component: Component) -> bool:
    """Whether all pods stop at once; counting them would not do, as one that is still ending counts no more."""
    return component.update.at_once == "100%" or (component.replicas == 1 and not component.autoscaling)


def _job(component: Component, template: Object) -> Object:
    spec: Object = {
        "backoffLimit": component.retries,
        "template": {**template, "spec": {**template["spec"], "restartPolicy": "Never"}},
    }
    return spec | ({"activeDeadlineSeconds": component.deadline} if component.deadline else {})


def _cron_job(component: Component, selector: dict[str, str], template: Object) -> Object:
    spec: Object = {
        "schedule": component.schedule,
        "concurrencyPolicy": component.concurrency,
        "jobTemplate": {"metadata": {"labels": selector}, "spec": _job(component, template)},
    }
    return spec | ({"timeZone": component.time_zone} if component.time_zone else {})


def _claim(storage: Storage, selector: dict[str, str]) -> Object:
    spec: Object = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage.size}}}
    if storage.storage_class:
        spec["storageClassName"] = storage.storage_class
    return {"metadata": {"name": storage.name, "labels": selector}, "spec": spec}
