"""Read what differs between two commits: listings first, then only the blobs of the definitions that changed."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from generator.core.diff import Found, changed, definitions
from generator.gitrepo import refusals
from generator.model.change import Delta, Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.gitrepo.objects import Objects
    from generator.yamlio.problem import Problem


def read_deltas(
    repository: Objects, root: str, base: str, commit: str, *, limit: int
) -> tuple[tuple[Delta, ...], tuple[str, ...]]:
    """The definitions that differ, with their content, and the paths of all definitions in the new commit.

    Without a `base` everything is new. A file of more than `limit` bytes makes its definition invalid.
    """
    before = definitions(repository.tree(base, root), root) if base else {}
    after = definitions(repository.tree(commit, root), root)
    paths = changed(before, after)
    old, new = ([side[path] for path in paths if path in side] for side in (before, after))
    versions = _versions([*old, *new], repository, limit)  # both sides in one batch
    were = {version.path: version for version in versions[: len(old)]}
    are = {version.path: version for version in versions[len(old) :]}
    return tuple(Delta(path, were.get(path), are.get(path)) for path in paths), tuple(sorted(after))


def _versions(sides: list[Found], repository: Objects, limit: int) -> list[Version]:
    """Each definition with its files, or with every reason why they are not read."""
    problems = [refusals.of_tree(found) for found in sides]
    sizes = repository.sizes(_oids(sides, problems))
    problems = [told or refusals.of_sizes(found, sizes, limit) for found, told in zip(sides, problems, strict=True)]
    blobs = repository.blobs(_oids(sides, problems), limit=limit)
    problems = [told or refusals.of_content(found, blobs) for found, told in zip(sides, problems, strict=True)]
    return [_version(found, told, blobs) for found, told in zip(sides, problems, strict=True)]


def _oids(sides: list[Found], problems: Iterable[tuple[Problem, ...]]) -> set[str]:
    return {
        entry.oid for found, told in zip(sides, problems, strict=True) if not told for entry in found.files.values()
    }


def _version(found: Found, problems: tuple[Problem, ...], blobs: dict[str, bytes]) -> Version:
    if problems:
        return Version(found.path, found.digest, {}, problems)
    files = {path: base64.b64encode(blobs[entry.oid]).decode() for path, entry in found.files.items()}
    return Version(found.path, found.digest, files)
