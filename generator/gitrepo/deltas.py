"""Read what differs between two commits: listings first, then only the blobs of the definitions that changed."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from generator.core.diff import Found, changed, definitions
from generator.model.change import Delta, Version
from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from generator.gitrepo.repository import Repository


def read_deltas(
    repository: Repository, root: str, base: str, commit: str, *, limit: int
) -> tuple[tuple[Delta, ...], tuple[str, ...]]:
    """The definitions that differ, with their content, and the paths of all definitions in the new commit.

    Without a `base` everything is new. A file of more than `limit` bytes makes its definition invalid.
    """
    before = definitions(repository.tree(base, root), root) if base else {}
    after = definitions(repository.tree(commit, root), root)
    paths = changed(before, after)
    sides = [side[path] for path in paths for side in (before, after) if path in side]
    oids = {entry.oid for side in sides if not side.problems for entry in side.files.values()}
    blobs = repository.blobs(oids, limit=limit)
    deltas = tuple(
        Delta(path, _version(before.get(path), blobs, limit), _version(after.get(path), blobs, limit)) for path in paths
    )
    return deltas, tuple(sorted(after))


def _version(found: Found | None, blobs: dict[str, bytes], limit: int) -> Version | None:
    if found is None:
        return None
    if found.problems:
        return Version(found.path, found.digest, {}, found.problems)
    content = {path: blobs[entry.oid] for path, entry in found.files.items()}
    large = [path for path, data in sorted(content.items()) if len(data) > limit]
    if large:
        problems = tuple(
            Problem(path, 1, 1, f"the file has more than {limit} bytes", "keep large files elsewhere") for path in large
        )
        return Version(found.path, found.digest, {}, problems)
    return Version(found.path, found.digest, {path: base64.b64encode(data).decode() for path, data in content.items()})
