"""Image-based components: a workload each, with its Service, its files as a ConfigMap and its claim templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.app import App, Component, ConfigFile, Kind
from generator.model.names import digest, short
from generator.sources.pod import key_of, pod_template
from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from generator.sources.given import Given, Step

Object = dict[str, Any]


def build(given: Given) -> list[Object]:
    """The objects of every component, in the definition's order."""
    found: list[Object] = []
    makers: dict[str, str] = {}
    for index, component in enumerate(given.app.components):
        way = ("spec", "components", index)
        texts = {file.path: _text(given, file, (*way, "files", place)) for place, file in enumerate(component.files)}
        for item in _objects(given.app, component, texts):
            ref = f"{item['kind']}/{item['metadata']['name']}"
            maker = makers.setdefault(ref, component.name)
            if maker != component.name:
                message = f"components {maker} and {component.name} both make {ref}"
                given.report((*way, "name"), message, "give one another name")
            found.append(item)
    return found


def object_name(app: App, component: Component) -> str:
    """`APP-COMPONENT`, or just the app's name for a component called like it."""
    return app.name if component.name == app.name else short(f"{app.name}-{component.name}", 52)


def _text(given: Given, file: ConfigFile, way: tuple[Step, ...]) -> str:
    if not file.source:
        return file.text
    wanted = str(given.folder / file.source)
    if wanted not in given.files:
        given.report_missing((*way, "from"), file.source)
        return ""
    try:
        return given.files[wanted].decode()
    except UnicodeDecodeError:
        given.problems.append(Problem(wanted, 1, 1, "the file is not UTF-8 text"))
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
