"""Read commits without checking anything out, and remove files from a branch without a work tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.gitrepo.command import SHA, Git, GitError, GitTooLargeError
from generator.gitrepo.objects import Objects, checked

if TYPE_CHECKING:
    from collections.abc import Iterable

_EMPTY_FETCH = ("--no-tags", "--no-write-fetch-head", "--recurse-submodules=no", "--no-auto-maintenance", "--quiet")
# Ten thousand definitions are some 5 MB packed; and a pack of this size can be unpacked in seconds whatever is in it.
_MAX_PACK = 16 * 2**20


class Repository(Objects):
    """A bare, shallow copy: trees come with the commits, blobs only when asked for, in one batch."""

    def __init__(self, git: Git) -> None:
        super().__init__(git)
        self._here: set[str] = set()
        self._large: set[str] = set()
        if not (git.folder / "repository.git" / "HEAD").exists():
            git.run("init", "--bare", "--quiet", "--template=")
        origin = {"url": git.url, "promisor": "true", "partialclonefilter": "blob:none"}
        git.remember("GIT_CONFIG_COUNT", str(len(origin)))
        for number, (key, value) in enumerate(origin.items()):
            git.remember(f"GIT_CONFIG_KEY_{number}", f"remote.origin.{key}")
            git.remember(f"GIT_CONFIG_VALUE_{number}", value)

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
        self._fetch(*(checked(commit) for commit in commits))

    def fetch_branch(self, branch: str, *commits: str) -> str:
        """Bring the head of a branch, and commits, in one round trip; gives the head."""
        ref = "refs/pushboat/head"
        self._fetch(f"+refs/heads/{branch}:{ref}", *(checked(commit) for commit in commits))
        return self.git.run("rev-parse", "--verify", "--end-of-options", ref).decode().strip()

    def _fetch(self, *wanted: str) -> None:
        self.git.run("fetch", *_EMPTY_FETCH, "--depth=1", "--filter=blob:none", "--end-of-options", "origin", *wanted)

    def _bring(self, oids: set[str]) -> set[str]:
        """Fetch blobs in one batch; gives those that are too large to be fetched.

        A filter like blob:limit has no say here: git applies it to what it finds on its way through a tree, never to
        what is asked for by its id, and what that would find on its way through the tree is every file there is. So
        the pack itself may not grow beyond a limit, and a batch that does is halved until the one blob stands alone.
        """
        wanted = oids - self._here
        if not wanted:
            return oids & self._large
        try:
            self._fetch_blobs(wanted)
        except GitTooLargeError:
            self._drop_remains()
            if len(wanted) == 1:
                self._large |= wanted
            for half in _halves(wanted):
                self._bring(half)
        self._here |= wanted
        return oids & self._large

    def _fetch_blobs(self, oids: set[str]) -> None:
        filtered = ("--filter=blob:none", "--stdin", "origin")
        nothing = ("-c", "fetch.negotiationAlgorithm=noop")  # blobs have no history to talk about
        text = "".join(f"{oid}\n" for oid in sorted(oids)).encode()
        self.git.run(*nothing, "fetch", *_EMPTY_FETCH, *filtered, data=text, largest=_MAX_PACK)

    def _drop_remains(self) -> None:
        for file in (self.git.folder / "repository.git" / "objects" / "pack").glob("tmp_*"):
            file.unlink()

    def remove(self, head: str, paths: Iterable[str], message: str) -> str:
        """A commit on top of `head` without the paths; made from trees alone, no blob is needed."""
        index = {"GIT_INDEX_FILE": str(self.git.folder / "index")}
        self.git.run("read-tree", checked(head), more=index)
        lines = b"".join(b"0 " + b"0" * len(head) + b"\t" + path.encode() + b"\0" for path in sorted(paths))
        self.git.run("update-index", "-z", "--index-info", data=lines, more=index)
        tree = self.git.run("write-tree", "--missing-ok", more=index).decode().strip()
        return self.git.run("commit-tree", tree, "-p", checked(head), "-F", "-", data=message.encode()).decode().strip()

    def push(self, commit: str, branch: str) -> bool:
        """Move the branch to `commit` without force; False where the branch has moved on in between."""
        refs = f"{checked(commit)}:refs/heads/{branch}"
        try:
            self.git.run("push", "--quiet", "--end-of-options", "origin", refs)
        except GitError:
            parent = self.git.run("rev-parse", "--verify", "--end-of-options", f"{commit}^").decode().strip()
            if self.head(branch) != parent:  # whatever words this host has for it
                return False
            raise
        return True


def _halves(oids: set[str]) -> list[set[str]]:
    ordered = sorted(oids)
    middle = len(ordered) // 2
    return [set(ordered[:middle]), set(ordered[middle:])] if middle else []
