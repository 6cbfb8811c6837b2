"""Read a commit's tree and its blobs by their ids: nothing is checked out, so no filter or attribute has a say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.core.diff import Entry, Tree
from generator.gitrepo.command import SHA, Git, GitError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Objects:
    """The objects that one bare repository of ours can read."""

    def __init__(self, git: Git) -> None:
        self.git = git
        self._lines: dict[bytes, tuple[str, Entry]] = {}  # two commits have most lines of their listings in common

    def tree(self, commit: str, root: str) -> Tree:
        """Every file of a commit below `root`; see `shown` for paths of other than plain characters."""
        place = () if root == "." else ("--", f"{root}/")
        listing = self.git.run("ls-tree", "-r", "-z", "--full-tree", checked(commit), *place)
        lines = listing.split(b"\0")[:-1]
        tree: Tree = {}
        for line in lines:
            path, entry = self._lines.get(line) or self._lines.setdefault(line, _parsed(line))
            tree[path] = entry
        if len(tree) < len(lines):  # which of the two a tool shows is anybody's guess
            raise GitError(f"the tree of {commit} names a file twice: make the commit anew with an ordinary git")
        return tree

    def sizes(self, oids: Iterable[str]) -> dict[str, int | None]:
        """How many bytes each blob has; None for one that is too large to be brought here, and what is no blob lacks.

        Sizes are asked before anything is read, so that a large blob never stands in memory.
        """
        wanted = {checked(oid) for oid in oids}
        large = self._bring(wanted)
        sizes: dict[str, int | None] = dict.fromkeys(large)
        answers = self.git.run("cat-file", "--batch-check", data=_lines(wanted - large)) if wanted - large else b""
        for line in answers.decode().splitlines():
            oid, kind, *rest = line.split()
            self._demand(oid, kind)
            if kind == "blob":
                sizes[oid] = int(rest[0])
        return sizes

    def blobs(self, oids: Iterable[str], *, limit: int) -> dict[str, bytes]:
        """The content of blobs, read in one batch; one over `limit` bytes comes cut to `limit` + 1."""
        wanted = {checked(oid) for oid in oids}
        if not wanted:
            return {}
        wanted -= self._bring(wanted)
        return self._parts(self.git.run("cat-file", "--batch", data=_lines(wanted)), limit)

    def _parts(self, data: bytes, limit: int) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        place = 0
        while place < len(data):
            end = data.index(b"\n", place)
            oid, kind, *rest = data[place:end].decode().split()
            self._demand(oid, kind)
            size = int(rest[0])
            found[oid] = data[end + 1 : end + 1 + min(size, limit + 1)]
            place = end + size + 2
        return found

    def _bring(self, oids: set[str]) -> set[str]:
        """Make the blobs readable here, before any is read; gives those that are too large for it."""
        return set(oids - oids)

    def _demand(self, oid: str, kind: str) -> None:
        if kind == "missing":
            raise GitError(f"{self.git.url} has no object {oid}")


def _parsed(line: bytes) -> tuple[str, Entry]:
    facts, _, path = line.partition(b"\t")
    mode, _, oid = facts.decode().split()
    return shown(path), Entry(mode, oid)


def checked(revision: str) -> str:
    """A full id: nothing else reaches git in the place of one."""
    if not SHA.fullmatch(revision):
        raise GitError(f"'{revision[:80]}' is not a full commit id")
    return revision


def shown(path: bytes) -> str:
    r"""A path as it can be shown and compared, and no two alike.

    `\xNN` is a byte that is not UTF-8, `\uNNNN` a character that is not printable, and `\\` a backslash.
    """
    text = path.decode(errors="surrogateescape")
    if text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # how Python keeps such a byte
        return f"\\x{code - 0xDC00:02x}"
    return "\\\\" if character == "\\" else character if character.isprintable() else f"\\u{code:04x}"


def _lines(oids: set[str]) -> bytes:
    return "".join(f"{oid}\n" for oid in sorted(oids)).encode()
