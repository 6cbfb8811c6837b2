"""Why files of a definition are not read: each refused by its name, and the other definitions go on."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from generator.core.diff import rivals
from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.core.diff import Found

MAX_FILES = 1000
MAX_DEFINITION = 8 * 2**20
MAX_PATH = 400
MOST = 100  # problems of one definition: who made more has made one, many times over

_FILE_MODES = ("100644", "100755")
_KINDS = {"120000": "a symbolic link", "160000": "a submodule"}
# A path travels in parameters and messages: no `$(`, no quotes, no control characters.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9._@+=,~ /-]+")
_ESCAPES = {"x": "bytes that are not UTF-8", "u": "a character that cannot be shown", "\\": "a backslash"}
# Git's own folder, also by the short name that Windows gives it.
_GITS = re.compile(r"\.git|git~[0-9]+", re.IGNORECASE)
_POINTERS = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/")

_RENAME = "rename it; letters, digits, space and ._@+=,~- are fine"
_ONE_CASE = "keep one of them: some machines cannot hold both"


def of_tree(found: Found) -> tuple[Problem, ...]:
    """What the tree alone forbids: links, submodules, too many files, and paths that are not safe everywhere."""
    problems = [_twin(found.path, found.rival, found.rivals)] if found.rivals else []
    if len(found.files) > MAX_FILES:
        message = f"its folder has {len(found.files)} files; {MAX_FILES} at most"
        problems.append(Problem(found.path, 1, 1, message, "a definition's folder holds what it names, nothing else"))
        return tuple(problems)  # and not a sentence for each of them
    return tuple(islice(chain(problems, _of_files(found), _alike(found)), MOST))


def _of_files(found: Found) -> Iterator[Problem]:
    for path, entry in sorted(found.files.items()):
        if entry.mode not in _FILE_MODES:
            what = f"the file is {_KINDS.get(entry.mode, f'of mode {entry.mode}')}; only plain files are read"
            yield Problem(path, 1, 1, what, "put the file itself there")
        for what in _path_flaws(path):
            yield Problem(path, 1, 1, what, _RENAME)


def _path_flaws(path: str) -> Iterator[str]:
    escapes = sorted(_ESCAPES.get(one, _ESCAPES["\\"]) for one in set(re.findall(r"\\(.)", path)))
    if escapes:
        yield f"the path holds {', '.join(escapes)}"
    elif not _PLAIN_PATH.fullmatch(path):
        yield "the path holds characters other than letters, digits, space and ._@+=,~/-"
    if len(path) > MAX_PATH:
        yield f"the path has {len(path)} characters; {MAX_PATH} at most"
    for part in path.split("/"):
        if _GITS.fullmatch(part.rstrip(". ")):
            yield f"'{part}' in the path is a name of Git's own folder"
        elif part.endswith((".", " ")) or part.startswith(("-", " ")) or not part:
            yield f"'{part}' in the path begins with a hyphen or space, or ends with a dot or space"


def _alike(found: Found) -> Iterator[Problem]:
    """Files of one folder that differ only in case; each is told once."""
    for path, (other, number) in sorted(rivals(found.files).items()):
        yield _twin(path, other, number)


def _twin(path: str, other: str, number: int) -> Problem:
    more = f" and {number - 1} more" if number > 1 else ""
    return Problem(path, 1, 1, f"differs from {other}{more} only in case", _ONE_CASE)


def of_sizes(found: Found, sizes: dict[str, int | None], limit: int) -> tuple[Problem, ...]:
    """What is too large to be read, before anything of it is."""
    problems, total = [], 0
    for path, entry in sorted(found.files.items()):
        size = sizes.get(entry.oid, -1)
        total += max(size or 0, 0)
        if size is None or size > limit:
            has = "far too many bytes to be fetched" if size is None else f"{size} bytes"
            problems.append(Problem(path, 1, 1, f"the file has {has}; {limit} at most", "keep large files elsewhere"))
        elif size < 0:
            problems.append(Problem(path, 1, 1, "what stands there is no file", "make the commit anew"))
    if not problems and total > MAX_DEFINITION:
        message = f"its files have {total} bytes together; {MAX_DEFINITION} at most"
        problems.append(Problem(found.path, 1, 1, message, "keep large files elsewhere"))
    return tuple(problems[:MOST])


def of_content(found: Found, blobs: dict[str, bytes]) -> tuple[Problem, ...]:
    """What only looks like the file that people see: a pointer of Git LFS."""
    message, hint = "the file is a Git LFS pointer; its content is not in Git", "git lfs untrack, and commit the file"
    pointers = (path for path, entry in sorted(found.files.items()) if blobs[entry.oid].startswith(_POINTERS))
    return tuple(Problem(path, 1, 1, message, hint) for path in islice(pointers, MOST))
