"""Read definitions from a folder of this machine by the rules of a repository, uncommitted edits included.

Only plain files are opened, and no link is followed below the path that was given.
"""

from __future__ import annotations

import base64
import os
import stat
from dataclasses import replace
from pathlib import Path, PurePosixPath

from generator.bundle.output import MARK
from generator.cli.places import absolute, home_of
from generator.core.diff import Entry, Found, Tree, definitions
from generator.gitrepo import refusals
from generator.model.change import Version
from generator.model.errors import UserError
from generator.yamlio.problem import Problem
from generator.yamlio.read import MAX_BYTES

_APP_FILE = "app.yaml"
_SUBMODULE = "160000"


def versions_at(path: str, root: Path | None = None) -> list[Version]:
    """The definitions at a path, by the paths that people would type.

    A folder with an app.yaml is one definition; another folder is searched; a file is the definition it belongs to.
    `root` is the folder of the repository that holds its definitions, and is none itself.
    """
    place = Path(path)
    if place.is_dir():
        whole = (place / _APP_FILE).is_file() and absolute(place) != root
        return _one(place) if whole else _search(place, root)
    home = home_of(place, root)
    return _one(home) if home else [_version(_found(place), place.parent)]


def is_generated(version: Version) -> bool:
    """Whether it is a bundle of ours, which often lies beside the platform, and is no definition."""
    data = base64.b64decode(version.files.get(version.path, ""))
    return data.startswith(MARK.encode())


def _one(folder: Path) -> list[Version]:
    return [_version(Found(_APP_FILE, _tree(folder, whole=True)), folder)]


def _search(folder: Path, root: Path | None) -> list[Version]:
    tree = _tree(folder, whole=False, root=root)
    top = absolute(folder)
    below = _named(str(root.relative_to(top))) if root and root.is_relative_to(top) else "."
    found = definitions(tree, below)
    if below != ".":
        found |= definitions({path: entry for path, entry in tree.items() if not path.startswith(f"{below}/")}, ".")
    return [_version(found[path], folder) for path in sorted(found)]


def _found(file: Path) -> Found:
    name = _named(file.name)
    return Found(name, {name: _entry(name, file.lstat().st_mode)})


def _tree(top: Path, *, whole: bool, root: Path | None = None) -> Tree:
    """Every file below `top`; folders such as .git and .venv are left out, but those inside a definition are not."""
    tree: Tree = {}
    waiting = [(top, whole)]
    while waiting:
        folder, inside = waiting.pop()
        for path, mode in _listed(folder):
            name = _named(str(path.relative_to(top)))
            if not stat.S_ISDIR(mode):
                tree[name] = _entry(name, mode)
            elif (path / ".git").exists():
                tree[name] = Entry(_SUBMODULE, name)
            elif path.name != ".git" and (inside or not path.name.startswith(".")):
                waiting.append((path, inside or ((path / _APP_FILE).is_file() and absolute(path) != root)))
    return tree


def _listed(folder: Path) -> list[tuple[Path, int]]:
    try:
        with os.scandir(folder) as entries:
            return [(Path(one.path), one.stat(follow_symlinks=False).st_mode) for one in entries]
    except OSError as error:
        raise UserError(f"{folder} cannot be read: {error.strerror}") from error


def _named(path: str) -> str:
    """A name as text; bytes that are none are spelt out, and the path is refused for them later."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _entry(name: str, mode: int) -> Entry:
    """As Git would have it, with the name for an id; what Git cannot have keeps the mode of the file system."""
    if stat.S_ISREG(mode):
        return Entry("100755" if mode & stat.S_IXUSR else "100644", name)
    return Entry(f"{stat.S_IFMT(mode):06o}", name)


def _version(found: Found, top: Path) -> Version:
    """A definition with its files, or with every reason why they are not read, as the steps would tell them."""
    shown = PurePosixPath(_named(str(top)))
    problems = list(refusals.of_tree(found))
    blobs: dict[str, bytes] = {}
    if not problems:
        problems += refusals.of_sizes(found, _sizes(found, top), MAX_BYTES)
    if not problems:
        blobs = _read(found, top, problems)
    if not problems:
        problems += refusals.of_content(found, blobs)
    files = {str(shown / path): base64.b64encode(data).decode() for path, data in blobs.items()}
    told = tuple(replace(one, path=str(shown / one.path)) for one in problems)
    return Version(str(shown / found.path), "", {} if told else files, told)


def _sizes(found: Found, top: Path) -> dict[str, int | None]:
    return {path: (top / path).lstat().st_size for path in found.files}


def _read(found: Found, top: Path, problems: list[Problem]) -> dict[str, bytes]:
    blobs = {}
    for path in sorted(found.files):
        try:
            handle = os.open(top / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as opened:
                blobs[path] = opened.read(MAX_BYTES)
        except OSError as error:
            problems.append(Problem(path, 1, 1, f"the file cannot be read: {error.strerror}"))
    return blobs
