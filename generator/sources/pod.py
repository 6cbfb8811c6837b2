"""The pods of a component: one container that may do nothing special, its files and its storage."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from generator.model.app import Component, EnvVar
from generator.model.names import digest

Object = dict[str, Any]


def key_of(path: str) -> str:
    """A ConfigMap key for a file's path: its base name with a hash of the whole path."""
    return f"{digest(path, length=6)}-{PurePosixPath(path).name}".replace("@", "-").replace("+", "-")


def pod_template(component: Component, labels: dict[str, str], config: str) -> Object:
    """The template of a workload's pods; `config` is the ConfigMap of its files, if it has any."""
    security: Object = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    if component.run_as_user:
        security |= {"runAsUser": component.run_as_user, "fsGroup": component.run_as_user}
    spec: Object = {
        "automountServiceAccountToken": False,
        "securityContext": security,
        "containers": [_container(component)],
    }
    if config:
        spec["volumes"] = [{"name": _files_volume(component), "configMap": {"name": config}}]
    return {"metadata": {"labels": labels}, "spec": spec}


def _container(component: Component) -> Object:
    container: Object = {
        "name": component.name,
        "image": component.image,
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    optional: Object = {
        "command": list(component.command),
        "args": list(component.args),
        "env": [_env(one) for one in component.env],
        "ports": [{"name": port.name, "containerPort": port.port} for port in component.ports],
        "resources": {
            key: value for key, value in (("requests", component.requests), ("limits", component.limits)) if value
        },
        "volumeMounts": _mounts(component),
    }
    return container | {key: value for key, value in optional.items() if value}


def _files_volume(component: Component) -> str:
    """`files`, unless a storage of the component is called that."""
    name = "files"
    while any(storage.name == name for storage in component.storage):
        name = f"config-{name}"
    return name


def _mounts(component: Component) -> list[Object]:
    volume = _files_volume(component)
    files = [
        {"name": volume, "mountPath": file.path, "subPath": key_of(file.path), "readOnly": True}
        for file in component.files
    ]
    return files + [{"name": storage.name, "mountPath": storage.path} for storage in component.storage]


def _env(one: EnvVar) -> Object:
    if one.secret:
        return {"name": one.name, "valueFrom": {"secretKeyRef": {"name": one.secret, "key": one.key}}}
    if one.config_map:
        return {"name": one.name, "valueFrom": {"configMapKeyRef": {"name": one.config_map, "key": one.key}}}
    return {"name": one.name, "value": one.value}
