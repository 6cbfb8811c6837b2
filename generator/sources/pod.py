"""The pods of a component: one container that may do nothing special, its files, its volumes and its probes."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from generator.model.component import Component, EnvVar, Port, Volume
from generator.model.names import digest
from generator.sources.availability import spread
from generator.sources.probes import probes

Object = dict[str, Any]


def key_of(path: str) -> str:
    """A ConfigMap key for a file's path: its base name with a hash of the whole path."""
    return f"{digest(path, length=6)}-{PurePosixPath(path).name}".replace("@", "-").replace("+", "-")


def pod_template(component: Component, selector: dict[str, str], labels: dict[str, str], config: str) -> Object:
    """The template of a workload's pods; `config` is the ConfigMap of its files, if it has any."""
    security: Object = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    if component.run_as_user:
        security |= {"runAsUser": component.run_as_user, "fsGroup": component.run_as_user}
    spec: Object = {
        "automountServiceAccountToken": bool(component.service_account),
        "securityContext": security,
        "containers": [_container(component)],
    }
    optional: Object = {
        "serviceAccountName": component.service_account,
        "terminationGracePeriodSeconds": component.stop_within if component.stop_within != 30 else 0,
        "topologySpreadConstraints": spread(component, selector),
        "volumes": _volumes(component, config),
    }
    return {"metadata": {"labels": labels}, "spec": spec | _given(optional)}


def _given(fields: Object) -> Object:
    return {key: value for key, value in fields.items() if value}


def _container(component: Component) -> Object:
    resources = {"requests": component.resources.requests, "limits": component.resources.limits}
    optional: Object = {
        "command": list(component.command),
        "args": list(component.args),
        "env": [_env(one) for one in component.env],
        "ports": [_port(port) for port in component.ports],
        "resources": _given(resources),
        **probes(component),
        "volumeMounts": _mounts(component),
    }
    security = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    return {"name": component.name, "image": component.image, "securityContext": security} | _given(optional)


def _port(port: Port) -> Object:
    found: Object = {"name": port.name, "containerPort": port.port}
    return found if port.protocol == "TCP" else {**found, "protocol": port.protocol}


def _files_volume(component: Component) -> str:
    """`files`, unless another volume of the component is called that."""
    name = "files"
    taken = {one.name for one in component.storage} | {one.name for one in component.volumes}
    while name in taken:
        name = f"config-{name}"
    return name


def _volumes(component: Component, config: str) -> list[Object]:
    files = [{"name": _files_volume(component), "configMap": {"name": config}}] if config else []
    return files + [{"name": one.name, **_volume(one)} for one in component.volumes]


def _volume(one: Volume) -> Object:
    if one.claim:
        return {"persistentVolumeClaim": {"claimName": one.claim}}
    if one.config_map:
        return {"configMap": {"name": one.config_map}}
    if one.secret:
        return {"secret": {"secretName": one.secret}}
    space = one.temporary
    return {"emptyDir": _given({"sizeLimit": space.size, "medium": "Memory" if space.memory else ""}) if space else {}}


def _mounts(component: Component) -> list[Object]:
    volume = _files_volume(component)
    files = [
        {"name": volume, "mountPath": file.path, "subPath": key_of(file.path), "readOnly": True}
        for file in component.files
    ]
    claims: list[Object] = [{"name": storage.name, "mountPath": storage.path} for storage in component.storage]
    others = [
        {"name": one.name, "mountPath": one.path, **({"readOnly": True} if one.read_only else {})}
        for one in component.volumes
    ]
    return files + claims + others


def _env(one: EnvVar) -> Object:
    if one.secret:
        return {"name": one.name, "valueFrom": {"secretKeyRef": {"name": one.secret.name, "key": one.secret.key}}}
    if one.config_map:
        ref = {"name": one.config_map.name, "key": one.config_map.key}
        return {"name": one.name, "valueFrom": {"configMapKeyRef": ref}}
    return {"name": one.name, "value": one.value}
