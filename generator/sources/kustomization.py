"""Every kustomization that a build would read, looked at before kustomize sees it: all it names is in the folder."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from generator.sources.kinds import SECRET
from generator.sources.named import FOLDERS_TOO, PLUGINS, named, odd_case
from generator.yamlio.node import Mapping, Node, Scalar
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents
from generator.yamlio.value import value_of

if TYPE_CHECKING:
    from generator.sources.given import Given

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_HELM = ("helmCharts", "helmGlobals", "helmChartInflationGenerator")
_REFUSED = {
    **dict.fromkeys(_HELM, ("kustomize runs no charts here", "deliver the chart by spec.helm, as an app of its own")),
    "secretGenerator": SECRET,
}
# Anything with a scheme, a port, a user or a query, and what begins like a host.
_REMOTE = re.compile(r".*[:?].*|git@.*|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|io|dev)/.*", re.DOTALL)
_REFUSED_KINDS = ("HelmChartInflationGenerator", "SecretGenerator")
_FUNCTION = "config.kubernetes.io/function"


@dataclass(slots=True)
class Walk:
    """A walk over kustomizations; `folders` are those with one that it met, each with its file."""

    given: Given
    folders: dict[str, str] = field(default_factory=dict)
    _waiting: list[str] = field(default_factory=list)
    _parents: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for path in self.given.files:
            self._parents.update(str(parent) for parent in PurePosixPath(path).parents)

    def report(self, path: str, node: Node, message: str, hint: str = "") -> None:
        self.given.problems.append(Problem(path, node.mark.line, node.mark.column, message, hint))

    def find(self, folder: str) -> bool:
        """Whether a folder has a kustomization; it will be looked at then."""
        if folder not in self.folders:
            path = next((path for name in NAMES if (path := posixpath.join(folder, name)) in self.given.files), None)
            if path is None:
                return False
            self.folders[folder] = path
            self._waiting.append(folder)
        return True

    def go(self) -> None:
        """Check the kustomizations that were found, and all that they lead to."""
        while self._waiting:
            folder = self._waiting.pop()
            path = self.folders[folder]
            for document in self._read(path):
                if isinstance(document, Mapping):
                    value_of(document, path, self.given.problems)  # for the traps in it
                    self._check(document, path, folder)

    def _read(self, path: str) -> list[Node]:
        if not self.given.files[path].strip():
            self.given.problems.append(Problem(path, 1, 1, "the file is empty", "name the resources in it"))
            return []
        try:
            return read_documents(self.given.files[path], path)
        except YamlProblemError as error:
            self.given.problems.extend(error.problems)
            return []

    def _check(self, document: Mapping, path: str, folder: str) -> None:
        for key, known, mark in odd_case(document):
            message = f"{key} is not spelt as the field {known} is, and kustomize takes it for that"
            self.given.problems.append(Problem(path, mark.line, mark.column, message, f"write {known}"))
        for name, (message, hint) in _REFUSED.items():
            if name in document.entries:
                self.report(path, document.entries[name], f"{name}: {message}", hint)
        for name, entry in named(document):
            if "\n" in entry.text or entry.text.startswith("{"):  # a patch, or a plug-in, written out in place
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
            own = posixpath.dirname(path)
            if own and not wanted.startswith(f"{own}/"):
                message = f"{name}: '{entry.text}' is not below {own}, and of another folder no single file is taken"
                self.report(path, entry, message, "make that folder a base, with a kustomization of its own")
            self._plugin(name, self.given.files[wanted], wanted, None)
        elif name not in FOLDERS_TOO or not self.find(wanted):
            other = "a folder without a kustomization" if name in FOLDERS_TOO else "a folder and no file"
            self.report(path, entry, f"{name}: '{entry.text}' is {other if wanted in self._parents else 'not there'}")

    def _plugin(self, name: str, data: bytes, path: str, entry: Scalar | None) -> None:
        """Of plug-ins, those within kustomize itself; another one is a program or a container."""
        if name not in PLUGINS:
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
    return built_in and not runs and not (isinstance(kind, Scalar) and kind.text in _REFUSED_KINDS)
