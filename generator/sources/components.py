"""Image-based components: a workload each, with its Service, its files as a ConfigMap and its claim templates."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from generator.model.app import App, Component, ConfigFile, Kind
from generator.model.names import digest, short
from generator.sources.beside import not_beside
from generator.sources.pod import key_of, pod_template
from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from generator.model.platform import Target

Object = dict[str, Any]


def build(app: App, path: str, files: dict[str, bytes], target: Target, problems: list[Problem]) -> list[Object]:  # noqa: ARG001 - one shape for all sources
    """The objects of every component, in the definition's order."""
    found: list[Object] = []
    makers: dict[tuple[str, str], str] = {}
    for component in app.components:
        texts = {file.path: _text(file, path, files, problems) for file in component.files}
        for item in _objects(app, component, texts):
            ref = (item["kind"], item["metadata"]["name"])
            maker = makers.setdefault(ref, component.name)
            if maker != component.name:
                problems.append(_doubled(path, component.name, maker, "/".join(ref)))
            found.append(item)
    return found


def object_name(app: App, component: Component) -> str:
    """`APP-COMPONENT`, or just the app's name for a component called like it."""
    return app.name if component.name == app.name else short(f"{app.name}-{component.name}", 52)


def _doubled(path: str, component: str, maker: str, ref: str) -> Problem:
    return Problem(path, 1, 1, f"components {maker} and {component} both make {ref}", "give one another name")


def _text(file: ConfigFile, path: str, files: dict[str, bytes], problems: list[Problem]) -> str:
    if not file.source:
        return file.text
    wanted = str(PurePosixPath(path).parent / file.source)
    if wanted not in files:
        problems.append(not_beside(path, "files[].from", file.source))
        return ""
    try:
        return files[wanted].decode()
    except UnicodeDecodeError:
        problems.append(Problem(wanted, 1, 1, "the file is not UTF-8 text"))
        return ""


def _objects(app: App, component: Component, texts: dict[str, str]) -> list[Object]:
    name = object_name(app, component)
    selector = {"app.kubernetes.io/instance": app.name, "app.kubernetes.io/name": component.name}
    labels = {**selector, "app.kubernetes.io/version": app.version.replace("+", "_").rstrip("._-")}
    config = (
        f"{name}-files-{digest(*(part for pair in sorted(texts.items()) for part in pair), length=8)}" if texts else ""
    )
    template = pod_template(component, labels, config)
    found: list[Object] = []
    if texts:
        data = {key_of(path): text for path, text in sorted(texts.items())}
        found.append(_object("v1", "ConfigMap", config, labels, data=data))
    found += _services(component, name, labels, selector)
    return [*found, _workload(component, name, labels, selector, template)]


def _object(api_version: str, kind: str, name: str, labels: dict[str, str], **rest: Any) -> Object:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "labels": labels}, **rest}


def _services(component: Component, name: str, labels: dict[str, str], selector: dict[str, str]) -> list[Object]:
    ports = [{"name": port.name, "port": port.port, "targetPort": port.name} for port in component.ports]
    offered = {"selector": selector, "ports": ports} if ports else {"selector": selector}
    found = [_object("v1", "Service", name, labels, spec=offered)] if ports else []
    if component.kind is Kind.STATEFUL_SET:  # the stable names of its pods, ready or not
        spec = {"clusterIP": "None", "publishNotReadyAddresses": True, **offered}
        found.append(_object("v1", "Service", f"{name}-peers", labels, spec=spec))
    return found


def _workload(
    component: Component, name: str, labels: dict[str, str], selector: dict[str, str], template: Object
) -> Object:
    if component.kind is Kind.JOB:
        # A Job cannot be changed, so another template, its labels included, is another Job; the old one is pruned.
        spec: Object = {
            "backoffLimit": 3,
            "template": {**template, "spec": {**template["spec"], "restartPolicy": "Never"}},
        }
        return _object("batch/v1", "Job", f"{name}-{digest(repr(template), length=8)}", labels, spec=spec)
    spec = {"replicas": component.replicas, "selector": {"matchLabels": selector}, "template": template}
    if component.kind is Kind.STATEFUL_SET:
        spec |= {
            "serviceName": f"{name}-peers",
            "volumeClaimTemplates": [_claim(one, selector) for one in component.storage],
        }
    return _object("apps/v1", component.kind.value, name, labels, spec=spec)


def _claim(storage: Any, selector: dict[str, str]) -> Object:
    spec: Object = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": storage.size}}}
    if storage.storage_class:
        spec["storageClassName"] = storage.storage_class
    return {"metadata": {"name": storage.name, "labels": selector}, "spec": spec}
