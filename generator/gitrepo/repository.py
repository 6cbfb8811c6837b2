"""Read commits without checking anything out, and remove files from a branch without a work tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.core.diff import Entry, Tree
from generator.gitrepo.command import SHA, Git, GitError

if TYPE_CHECKING:
    from collections.abc import Iterable

_EMPTY_FETCH = ("--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--no-auto-maintenance", "--quiet")


class Repository:
    """A bare, shallow copy: trees come with the commits, blobs only when asked for, in one batch."""

    def __init__(self, git: Git) -> None:
        self.git = git
        if not (git.folder / "repository.git" / "HEAD").exists():
            git.run("init", "--bare", "--quiet")
            git.run("config", "remote.origin.url", git.url)
            git.run("config", "remote.origin.promisor", "true")
            git.run("config", "remote.origin.partialclonefilter", "blob:none")

    def head(self, branch: str) -> str:
        """The commit a branch of the host points to. Raises GitError where there is no such branch."""
        ref = f"refs/heads/{branch}"
        listing = self.git.run("ls-remote", "--quiet", "--end-of-options", "origin", ref).decode().splitlines()
        heads = {name: oid for oid, _, name in (line.partition("\t") for line in listing)}  # git matches endings too
        if not SHA.fullmatch(heads.get(ref, "")):
            raise GitError(f"{self.git.url} has no branch {branch}")
        return heads[ref]

    def fetch(self, *commits: str) -> None:
        """Bring commits with their trees, not their history. Raises GitError where the host has one no more."""
        self._fetch(*(_checked(commit) for commit in commits))

    def fetch_branch(self, branch: str, *commits: str) -> str:
        """Bring the head of a branch, and commits, in one round trip; gives the head."""
        ref = "refs/pushboat/head"
        self._fetch(f"+refs/heads/{branch}:{ref}", *(_checked(commit) for commit in commits))
        return self.git.run("rev-parse", "--verify", "--end-of-options", ref).decode().strip()

    def _fetch(self, *wanted: str) -> None:
        self.git.run("fetch", *_EMPTY_FETCH, "--depth=1", "--filter=blob:none", "--end-of-options", "origin", *wanted)

    def tree(self, commit: str, root: str) -> Tree:
        """Every file of a commit below `root`."""
        place = () if root == "." else ("--", f"{root}/")
        listing = self.git.run("ls-tree", "-r", "-z", "--full-tree", _checked(commit), *place)
        tree: Tree = {}
        for line in listing.split(b"\0")[:-1]:
            facts, _, path = line.partition(b"\t")
            mode, _, oid = facts.decode().split()
            tree[path.decode(errors="backslashreplace")] = Entry(mode, oid)
        return tree

    def blobs(self, oids: Iterable[str], *, limit: int) -> dict[str, bytes]:
        """The content of blobs, fetched and read in one batch each; one over `limit` bytes comes cut to `limit` + 1."""
        wanted = sorted({_checked(oid) for oid in oids})
        if not wanted:
            return {}
        text = "".join(f"{oid}\n" for oid in wanted).encode()
        if self.git.url.startswith("http"):  # a local repository sends its blobs with the commits
            self.git.run(
                "-c",
                "fetch.negotiationAlgorithm=noop",
                "fetch",
                *_EMPTY_FETCH,
                "--filter=blob:none",
                "--stdin",
                "origin",
                data=text,
            )
        return _read_batch(self.git.run("cat-file", "--batch", data=text), limit)

    def remove(self, head: str, paths: Iterable[str], message: str) -> str:
        """A commit on top of `head` without the paths; made from trees alone, no blob is needed."""
        index = {"GIT_INDEX_FILE": str(self.git.folder / "index")}
        self.git.run("read-tree", _checked(head), more=index)
        lines = b"".join(b"0 " + b"0" * len(head) + b"\t" + path.encode() + b"\0" for path in sorted(paths))
        self.git.run("update-index", "-z", "--index-info", data=lines, more=index)
        tree = self.git.run("write-tree", "--missing-ok", more=index).decode().strip()
        return (
            self.git.run("commit-tree", tree, "-p", _checked(head), "-F", "-", data=message.encode()).decode().strip()
        )

    def push(self, commit: str, branch: str) -> bool:
        """Move the branch to `commit` without force; False where the branch has moved on in between."""
        refs = f"{_checked(commit)}:refs/heads/{branch}"
        try:
            self.git.run("push", "--quiet", "--end-of-options", "origin", refs)
        except GitError:
            parent = self.git.run("rev-parse", "--verify", "--end-of-options", f"{commit}^").decode().strip()
            if self.head(branch) != parent:  # whatever words this host has for it
                return False
            raise
        return True


def _checked(revision: str) -> str:
    if not SHA.fullmatch(revision):
        raise GitError(f"'{revision[:80]}' is not a full commit id")
    return revision


def _read_batch(data: bytes, limit: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    place = 0
    while place < len(data):
        end = data.index(b"\n", place)
        oid, kind, *rest = data[place:end].decode().split()
        if kind == "missing":
            raise GitError(f"the Git host did not send the object {oid}")
        size = int(rest[0])
        found[oid] = data[end + 1 : end + 1 + min(size, limit + 1)]
        place = end + size + 2
    return found
