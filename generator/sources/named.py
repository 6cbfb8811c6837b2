"""What a kustomization names: all of its fields that hold the path of a file or a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.yamlio.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.yamlio.problem import Mark

FOLDERS_TOO = ("resources", "bases", "components")
PLUGINS = ("generators", "transformers", "validators")
_LISTS = (*FOLDERS_TOO, *PLUGINS, "crds", "configurations", "patchesStrategicMerge")
_PATHS = ("patches", "patchesJson6902", "replacements")  # lists of mappings, of which `path` names a file


_FIELDS = (
    *_LISTS,
    *_PATHS,
    *("apiVersion", "kind", "metadata", "namespace", "namePrefix", "nameSuffix", "commonLabels", "labels"),
    *("commonAnnotations", "images", "imageTags", "replicas", "vars", "configMapGenerator", "secretGenerator"),
    *("generatorOptions", "openapi", "buildMetadata", "sortOptions", "inventory"),
    *("helmCharts", "helmGlobals", "helmChartInflationGenerator"),
)
_OF_ITEMS = (
    *("path", "patch", "target", "options", "source", "targets"),
    *("name", "namespace", "behavior", "type", "files", "literals", "envs", "env"),
)


def named(document: Mapping) -> Iterator[tuple[str, Scalar]]:
    """All that names a file or a folder, with the field that does."""
    for name in _LISTS:
        for item in _items(document.entries.get(name)):
            if isinstance(item, Scalar):
                yield name, item
    for name in _PATHS:
        for item in _items(document.entries.get(name)):
            path = item.entries.get("path") if isinstance(item, Mapping) else None
            if isinstance(path, Scalar):
                yield name, path
    for item in _items(document.entries.get("configMapGenerator")):
        yield from _sources(item)
    schema = document.entries.get("openapi")
    path = schema.entries.get("path") if isinstance(schema, Mapping) else None
    if isinstance(path, Scalar):
        yield "openapi", path


def odd_case(document: Mapping) -> Iterator[tuple[str, str, Mark]]:
    """Keys that kustomize takes for fields, as it does not mind upper and lower case: the key, the field, its place."""
    yield from _odd_keys(document, _FIELDS)
    for name in (*_PATHS, "configMapGenerator"):
        for item in _items(document.entries.get(name)):
            yield from _odd_keys(item, _OF_ITEMS)
    yield from _odd_keys(document.entries.get("openapi"), _OF_ITEMS)


def _odd_keys(node: Node | None, fields: tuple[str, ...]) -> Iterator[tuple[str, str, Mark]]:
    known = {field.casefold(): field for field in fields}
    for key, mark in node.key_marks.items() if isinstance(node, Mapping) else ():
        field = known.get(key.casefold(), key)
        if field != key:
            yield key, field, mark


def _sources(item: Node) -> Iterator[tuple[str, Scalar]]:
    """The files of a ConfigMap: PATH, or KEY=PATH."""
    for name in ("files", "envs", "env"):
        found = item.entries.get(name) if isinstance(item, Mapping) else None
        for entry in (found,) if isinstance(found, Scalar) else _items(found):
            if isinstance(entry, Scalar):
                path = entry.text.partition("=")[2] if name == "files" and "=" in entry.text else entry.text
                yield "configMapGenerator", Scalar(path, entry.plain, entry.mark)


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()
