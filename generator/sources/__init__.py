"""Where manifests come from: one file each. A source turns a parsed app into the objects of one target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from generator.model import names
from generator.sources import components, manifests
from generator.sources.order import apply_order

if TYPE_CHECKING:
    from generator.model.app import App
    from generator.model.platform import Target
    from generator.yamlio.problem import Problem

Objects = list[dict[str, Any]]


class Source(Protocol):
    """A source is a module with this one function; its docstring is its manual."""

    def build(self, app: App, path: str, files: dict[str, bytes], target: Target, problems: list[Problem]) -> Objects:
        """The objects of `app` on `target`; problems are appended, with the file they stand in.

        `path` is the definition's own file and `files` all files of the definition, by path in the repository.
        """


SOURCES: dict[str, Source] = {
    "components": components,
    "manifests": manifests,
}


def build(app: App, path: str, files: dict[str, bytes], target: Target, problems: list[Problem]) -> Objects:
    """The app's objects on a target, labelled as the app's own and in the order they are applied."""
    source = SOURCES["manifests" if app.manifests else "components"]
    found = source.build(app, path, files, target, problems)
    return sorted((_own(item, app, target) for item in found), key=apply_order)


def _own(item: dict[str, Any], app: App, target: Target) -> dict[str, Any]:
    metadata = item["metadata"]
    labels = {
        **app.labels,
        **metadata.get("labels", {}),
        names.APP: app.name,
        "app.kubernetes.io/managed-by": "pushboat",
    }
    return {**item, "metadata": {**metadata, "namespace": target.namespace, "labels": labels}}
