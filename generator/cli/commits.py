"""Read definitions from the commits of a repository of this machine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.gitrepo.deltas import read_deltas
from generator.gitrepo.local import Local
from generator.yamlio.read import MAX_BYTES

if TYPE_CHECKING:
    from generator.model.change import Delta

APPS = "apps"


@contextmanager
def opened(folder: str) -> Iterator[Local]:
    """The repository around a folder."""
    with tempfile.TemporaryDirectory(prefix="pushboat-") as scratch:
        yield Local(Path(folder), Path(scratch))


def root_of(repository: Local, commit: str) -> str:
    """The folder that is searched for definitions where no platform says which: apps, if the commit has it."""
    return APPS if repository.tree(commit, APPS) else "."


def read(repository: Local, before: str, after: str, root: str) -> tuple[tuple[Delta, ...], tuple[str, ...]]:
    """What differs between two commits, and the paths of all definitions; without `before` all are new."""
    return read_deltas(repository, root, before, after, limit=MAX_BYTES)
