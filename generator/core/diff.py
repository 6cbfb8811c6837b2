"""Which definitions differ between two listings of a repository's tree.

It needs no ancestry, so a force-push is like any push.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from generator.model.names import digest
from generator.yamlio.problem import Problem

_FILE_MODES = ("100644", "100755")
# A path travels in parameters and messages: no `$(`, no quotes, no control characters.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9._@+=,~ /-]{1,400}")
_APP_FILE = "app.yaml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a tree: Git's mode and object id are all that is known before its blob is read."""

    mode: str
    oid: str


Tree = dict[str, Entry]


@dataclass(frozen=True, slots=True)
class Found:
    """A definition as the tree shows it: the path people call it by, and its files."""

    path: str
    files: Tree

    @property
    def digest(self) -> str:
        """Changes exactly when a file of the definition changes its path, mode or content."""
        parts = [f"{path}:{entry.mode}:{entry.oid}" for path, entry in sorted(self.files.items())]
        return digest(*parts, length=24)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the tree alone forbids: links, submodules and paths that cannot travel safely."""
        found = []
        for path, entry in sorted(self.files.items()):
            if entry.mode not in _FILE_MODES:
                what = {"120000": "a symbolic link", "160000": "a submodule"}.get(entry.mode, f"of mode {entry.mode}")
                found.append(Problem(path, 1, 1, f"the file is {what}; only plain files are read"))
            if not _PLAIN_PATH.fullmatch(path):
                found.append(
                    Problem(path, 1, 1, "the path holds characters other than letters, digits, space and ._@+=,~/-")
                )
        return tuple(found)


def definitions(tree: Tree, root: str) -> dict[str, Found]:
    """The definitions below `root`: each folder with an app.yaml (the outermost counts), and each other YAML file."""
    inside = {path: entry for path, entry in tree.items() if root == "." or path.startswith(f"{root}/")}
    folders = {str(PurePosixPath(path).parent) for path in inside if PurePosixPath(path).name == _APP_FILE}
    found: dict[str, Tree] = {}
    for path, entry in inside.items():
        folder = _outermost(path, folders, root)
        if folder is not None:
            found.setdefault(f"{folder}/{_APP_FILE}", {})[path] = entry
        elif path.endswith((".yaml", ".yml")):
            found[path] = {path: entry}
    return {path: Found(path, files) for path, files in found.items()}


def _outermost(path: str, folders: set[str], root: str) -> str | None:
    parents = [str(parent) for parent in PurePosixPath(path).parents if str(parent) not in (".", root)]
    return next((parent for parent in reversed(parents) if parent in folders), None)


def changed(before: dict[str, Found], after: dict[str, Found]) -> list[str]:
    """The paths of the definitions that were added, removed or edited, sorted."""
    paths = before.keys() | after.keys()
    return sorted(path for path in paths if _digest(before.get(path)) != _digest(after.get(path)))


def _digest(found: Found | None) -> str:
    return found.digest if found else ""
