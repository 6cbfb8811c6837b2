"""Every kustomization that a build would read, looked at before kustomize sees it: all it names is in the folder."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.sources.kinds import SECRET
from generator.yamlio.node import Mapping, Node, Scalar, Sequence
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents
from generator.yamlio.value import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.sources.given import Given

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_FOLDERS_TOO = ("resources", "bases", "components")
_PLUGINS = ("generators", "transformers", "validators")
_LISTS = (*_FOLDERS_TOO, *_PLUGINS, "crds", "configurations", "patchesStrategicMerge")
_PATHS = ("patches", "patchesJson6902", "replacements")  # lists of mappings, of which `path` names a file
_HELM = ("helmCharts", "helmGlobals", "helmChartInflationGenerator")
_REFUSED = {
    **dict.fromkeys(_HELM, ("kustomize runs no charts here", "deliver the chart by spec.helm, as an app of its own")),
    "secretGenerator": SECRET,
}
# Anything with a scheme, a port, a user or a query, and what begins like a host.
_REMOTE = re.compile(r".*[:?].*|git@.*|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|io|dev)/.*", re.DOTALL)
_FUNCTION = "config.kubernetes.io/function"


@dataclass(slots=True)
class Walk:
    """A walk over kustomizations; `folders` are those it has been in, with their files."""

    given: Given
    folders: dict[str, str] = field(default_factory=dict)

    def report(self, path: str, node: Node, message: str, hint: str = "") -> None:
        self.given.problems.append(Problem(path, node.mark.line, node.mark.column, message, hint))

    def enter(self, folder: str) -> bool:
        """Check the kustomization of a folder and all that it leads to; False where there is none."""
        if folder in self.folders:
            return True
        path = next((path for name in NAMES if (path := posixpath.join(folder, name)) in self.given.files), None)
        if path is None:
            return False
        self.folders[folder] = path
        for document in self._read(path):
            if isinstance(document, Mapping):
                value_of(document, path, self.given.problems)  # for the traps in it
                self._check(document, path, folder)
        return True

    def _read(self, path: str) -> list[Node]:
        try:
            return read_documents(self.given.files[path], path)
        except YamlProblemError as error:
            self.given.problems.extend(error.problems)
            return []

    def _check(self, document: Mapping, path: str, folder: str) -> None:
        for name, (message, hint) in _REFUSED.items():
            if name in document.entries:
                self.report(path, document.entries[name], f"{name}: {message}", hint)
        for name, entry in _named(document):
            if "\n" in entry.text:  # a patch, or a plug-in, written out in place
                self._plugin(name, entry.text.encode(), path, entry)
            elif self._inside(entry, path, folder):
                self._follow(name, entry, path, posixpath.normpath(posixpath.join(folder, entry.text)))

    def _inside(self, entry: Scalar, path: str, folder: str) -> bool:
        if _REMOTE.fullmatch(entry.text):
            self.report(path, entry, f"'{entry.text}' is remote; nothing is downloaded", "copy it into the folder")
            return False
        wanted = posixpath.normpath(posixpath.join(folder, entry.text))
        home = str(self.given.folder)
        if entry.text.startswith("/") or not (home in (".", wanted) or wanted.startswith(f"{home}/")):
            self.report(path, entry, f"'{entry.text}' leaves the definition's folder {home}", "copy it into the folder")
            return False
        return True

    def _follow(self, name: str, entry: Scalar, path: str, wanted: str) -> None:
        if wanted in self.given.files:
            self._plugin(name, self.given.files[wanted], wanted, None)
        elif name not in _FOLDERS_TOO or not self.enter(wanted):
            folder = any(file.startswith(f"{wanted}/") for file in self.given.files)
            missing = "a folder without a kustomization" if folder else "not there"
            self.report(path, entry, f"{name}: '{entry.text}' is {missing}")

    def _plugin(self, name: str, data: bytes, path: str, entry: Scalar | None) -> None:
        """Of plug-ins, those within kustomize itself; another one is a program or a container."""
        if name not in _PLUGINS:
            return
        try:
            documents = read_documents(data, path)
        except YamlProblemError as error:
            self.given.problems.extend(error.problems)
            return
        for document in documents:
            if not _is_builtin(document):
                message = f"{name} may only be kustomize's own (apiVersion: builtin), as nothing else is run"
                self.report(path, entry or document, message)


def _is_builtin(document: Node) -> bool:
    if not isinstance(document, Mapping):
        return False
    version, kind, metadata = (document.entries.get(key) for key in ("apiVersion", "kind", "metadata"))
    notes = metadata.entries.get("annotations") if isinstance(metadata, Mapping) else None
    runs = isinstance(notes, Mapping) and any(key.startswith(_FUNCTION) for key in notes.entries)
    built_in = isinstance(version, Scalar) and version.text == "builtin"
    return built_in and not runs and not (isinstance(kind, Scalar) and kind.text in _CHARTS)


_CHARTS = ("HelmChartInflationGenerator", "SecretGenerator")


def _named(document: Mapping) -> Iterator[tuple[str, Scalar]]:
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
