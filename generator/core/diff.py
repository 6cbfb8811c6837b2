"""Which definitions differ between two listings of a repository's tree.

It needs no ancestry, so a force-push is like any push. A repository may hold ten thousand definitions of which one
has changed: what is done here for every path is plain work on strings.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.model.names import digest

if TYPE_CHECKING:
    from collections.abc import Collection

_APP_FILE = "app.yaml"
_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a tree: Git's mode and object id are all that is known before its blob is read."""

    mode: str
    oid: str


Tree = dict[str, Entry]


@dataclass(frozen=True, slots=True)
class Found:
    """A definition as the tree shows it: the path people call it by, and its files.

    `rival` is another definition whose path differs from this one's only in case, and `rivals` counts them.
    """

    path: str
    files: Tree
    rival: str = ""
    rivals: int = 0

    @property
    def digest(self) -> str:
        """Changes exactly when a file of the definition changes its path, mode or content."""
        parts = [f"{path}:{entry.mode}:{entry.oid}" for path, entry in sorted(self.files.items())]
        return digest(*parts, length=24)


def definitions(tree: Tree, root: str) -> dict[str, Found]:
    """The definitions below `root`: each folder with an app.yaml (the outermost counts), and each other YAML file."""
    prefix = "" if root == "." else f"{root}/"
    inside = {path: entry for path, entry in tree.items() if path.startswith(prefix)} if prefix else tree
    places = _Places(inside, prefix)
    found: dict[str, Tree] = {}
    for path, entry in inside.items():
        folder = places.folder(path)
        if folder:
            found.setdefault(folder + _APP_FILE, {})[path] = entry
        elif path.endswith(_ENDINGS):
            found[path] = {path: entry}
    known = rivals(found)
    return {path: Found(path, files, *known.get(path, ("", 0))) for path, files in found.items()}


class _Places:
    """Which folder with an app.yaml a path belongs to; the root itself is none, it holds definitions."""

    def __init__(self, paths: Tree, root: str) -> None:
        self.start = len(root)
        owners = (path[: -len(_APP_FILE)] for path in paths if path.endswith(f"/{_APP_FILE}"))
        self.folders = {folder for folder in owners if folder != root}
        self._known: dict[str, str] = {}  # most files lie beside others

    def folder(self, path: str) -> str:
        """With its slash; empty where there is none."""
        parent = path[: path.rfind("/") + 1]
        if parent not in self._known:
            self._known[parent] = self._outermost(parent)
        return self._known[parent]

    def _outermost(self, parent: str) -> str:
        end = parent.find("/", self.start) + 1
        while end and parent[:end] not in self.folders:
            end = parent.find("/", end) + 1
        return parent[:end]


def rivals(paths: Collection[str]) -> dict[str, tuple[str, int]]:
    """For each path that another equals but for case, which some machines do not tell apart: the first, and how many.

    Not all of them: there may be thousands, each of which would name all the others.
    """
    if len({path.lower() for path in paths}) == len(paths):
        return {}
    alike = defaultdict(list)
    for path in sorted(paths):
        alike[path.lower()].append(path)
    groups = [group for group in alike.values() if len(group) > 1]
    return {path: (group[path == group[0]], len(group) - 1) for group in groups for path in group}


def changed(before: dict[str, Found], after: dict[str, Found]) -> list[str]:
    """The paths of the definitions that were added, removed or edited, or that met or lost a rival, sorted."""
    paths = before.keys() | after.keys()
    return sorted(path for path in paths if before.get(path) != after.get(path))
