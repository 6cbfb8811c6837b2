"""Image-based components: a workload each, with its Service, its route, its files and what keeps it available."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.component import Component, ConfigFile
from generator.model.names import digest
from generator.model.names import object_name as name_of
from generator.sources.availability import autoscaler, budget
from generator.sources.network import route, services
from generator.sources.pod import key_of, pod_template
from generator.sources.workload import workload
from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from generator.model.app import App
    from generator.sources.given import Given, Step

Object = dict[str, Any]

_MOST = 1_000_000  # bytes of files: a ConfigMap holds 1 MiB, and what it is called besides


def build(given: Given) -> list[Object]:
    """The objects of every component, in the definition's order."""
    found: list[Object] = []
    makers: dict[str, str] = {}
    for index, component in enumerate(given.app.components):
        way = ("spec", "components", index)
        for item in _objects(given, component, way):
            ref = f"{item['kind']}/{item['metadata']['name']}"
            maker = makers.setdefault(ref, component.name)
            if maker != component.name:
                message = f"components {maker} and {component.name} both make {ref}"
                given.report((*way, "name"), message, "give one another name")
            found.append(item)
    return found


def object_name(app: App, component: Component) -> str:
    """What the objects of a component are called."""
    return name_of(app.name, component.name)


def _objects(given: Given, component: Component, way: tuple[Step, ...]) -> list[Object]:
    app = given.app
    name = object_name(app, component)
    selector = {"app.kubernetes.io/instance": app.name, "app.kubernetes.io/name": component.name}
    labels = {**selector, "app.kubernetes.io/version": app.version.replace("+", "_").rstrip("._-")}
    texts = {file.path: _text(given, file, (*way, "files", at)) for at, file in enumerate(component.files)}
    _check_size(given, texts, (*way, "files"))
    config = _config(name, texts) if texts else None
    template = pod_template(component, selector, labels, config["metadata"]["name"] if config else "")
    found = [
        config,
        *services(component, name, selector),
        budget(component, name, selector),
        workload(component, name, selector, template),
        autoscaler(component, name),
        route(given, component, name, way),
    ]
    return [{**item, "metadata": {**item["metadata"], "labels": labels}} for item in found if item]


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


def _check_size(given: Given, texts: dict[str, str], way: tuple[Step, ...]) -> None:
    size = sum(len(text.encode()) for text in texts.values())
    if size > _MOST:
        message = f"the texts of the files are {size} bytes together; a component has at most {_MOST}"
        given.report(way, message, "put large files into the image or on a volume")


def _config(name: str, texts: dict[str, str]) -> Object:
    """Named by its content, so that a changed file replaces the pods."""
    parts = [part for pair in sorted(texts.items()) for part in pair]
    data = {key_of(path): text for path, text in sorted(texts.items())}
    metadata = {"name": f"{name}-files-{digest(*parts, length=8)}"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
