"""Part (a): find which of 10,000 definitions have changed and read them, from nothing, as a step's pod begins.

Everybody talks to the same host over HTTP, in rounds, one after the other.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import git as gitpython

from generator.gitrepo.command import Git
from generator.gitrepo.deltas import read_deltas
from generator.gitrepo.repository import Repository
from tests.bench.read_page import Claim, Table
from tests.bench.read_repository import DEFINITIONS, TOKEN, Served, make
from tests.unit.fakes.git_host import GitHost

if TYPE_CHECKING:
    from collections.abc import Callable

    Way = Callable[[Served, str, Path], tuple[int, int]]  # how many files were read, and how many definitions there are

COUNTS = (10, 1000)
CHECKOUT, GITPYTHON, PLAN = 1 / 4, 1 / 10, 1.0
_ENVIRONMENT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader",
    "GIT_CONFIG_VALUE_0": f"Authorization: Basic {base64.b64encode(f'x:{TOKEN}'.encode()).decode()}",
}  # fmt: skip
_PLATFORM = """\
apiVersion: pushboat.dev/v1alpha1
kind: Platform
spec:
  namespace: pushboat
  image: registry.example/pushboat-step:1
  repositories:
    - {name: shop, forge: gitea, url: "https://git.example.com/team/shop"}
  targets:
    - {name: default, namespace: shop}
"""


def ours(served: Served, base: str, folder: Path) -> tuple[int, int]:
    """What step diff does."""
    repository = Repository(Git(folder, url=served.url, user="x", token=TOKEN))
    commit = repository.fetch_branch("main", base)
    deltas, paths = read_deltas(repository, "apps", base, commit, limit=2**20)
    return sum(len(side.files) for delta in deltas for side in (delta.before, delta.after) if side), len(paths)


def checkout(served: Served, base: str, folder: Path) -> tuple[int, int]:
    """A work tree of the head, the base beside it, and `git diff`; the old content comes with the diff."""
    _git(folder, "clone", "--quiet", "--depth=1", served.url, "tree")
    _git(folder / "tree", "fetch", "--quiet", "--depth=1", "origin", base)
    names = _git(folder / "tree", "diff", "--name-only", "-z", base, "HEAD", "--", "apps").split("\0")[:-1]
    patch = _git(folder / "tree", "diff", base, "HEAD", "--", "apps")
    assert all((folder / "tree" / name).read_bytes() for name in names)
    there = _git(folder / "tree", "ls-files", "-z", "--", "apps/*.yaml").split("\0")[:-1]
    return len(names) + patch.count("\n--- a/"), len(there)


def gitpython_whole(served: Served, base: str, folder: Path) -> tuple[int, int]:
    """A clone as GitPython's own guide makes it, its diff, and each blob of it."""
    repository = gitpython.Repo.clone_from(served.url, folder / "tree", env=_ENVIRONMENT)
    return _read(repository, base)


def gitpython_same(served: Served, base: str, folder: Path) -> tuple[int, int]:
    """The fetch that we make, and then GitPython's diff and blobs: git brings what is missing when it is read."""
    repository = gitpython.Repo.init(folder, bare=True)
    repository.git.update_environment(**_ENVIRONMENT)
    for key, value in (("url", served.url), ("promisor", "true"), ("partialclonefilter", "blob:none")):
        repository.git.config(f"remote.origin.{key}", value)
    repository.git.fetch(
        "--quiet", "--depth=1", "--filter=blob:none", "origin", "+refs/heads/main:refs/heads/main", base
    )
    return _read(repository, base)


def _read(repository: gitpython.Repo, base: str) -> tuple[int, int]:
    found, head = 0, repository.commit("main")
    for one in repository.commit(base).diff(head, paths=["apps"]):
        for blob in (one.a_blob, one.b_blob):
            found += bool(blob and blob.data_stream.read())
    there = [item.path for item in head.tree["apps"].traverse() if isinstance(item, gitpython.Blob)]
    repository.close()
    return found, len(there)


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=folder, env=_ENVIRONMENT, capture_output=True, check=True, text=True
    ).stdout


OURS = "Pushboat: fetch two commits without blobs, list, compare, read what differs in one batch"
TREE = "`git clone --depth=1` with a work tree, fetch of the base, `git diff`, `git ls-files`"
WHOLE = "GitPython: a clone, its diff, each blob, and its walk through the tree"
SAME = "GitPython: the same fetch as ours; then git fetches each missing blob by itself"
WAYS: dict[str, Way] = {OURS: ours, TREE: checkout, WHOLE: gitpython_whole, SAME: gitpython_same}
_TEXT = """\
Each way begins with nothing on disk and ends with the old and new text of what differs and the paths of all
definitions. The host is git's own `http-backend` on this machine: there is no distance to it, which favours ways of
many round trips. GitPython is measured against its clone, the way of its guide. Given our fetch of two commits without
blobs it does less than a clone where little has changed, and with 1,000 changes takes about a minute: left out there.
"""


def measure(folder: Path, rounds: int, say: Callable[[str], None]) -> list[Table]:
    """The tables of this part."""
    with GitHost(folder / "host") as host:
        say(f"making a repository of {DEFINITIONS} definitions")
        served = make(host, (1, *COUNTS))
        return [*(_table(served, count, rounds, say) for count in COUNTS), _plan(served, folder, rounds, say)]


def _table(served: Served, count: int, rounds: int, say: Callable[[str], None]) -> Table:
    ways = {name: way for name, way in WAYS.items() if name != SAME or count < 100}
    rows: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(1, rounds + 1):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory(prefix="pushboat-bench-") as folder:
                os.sync()  # nobody waits for what the one before left to be written
                begin = time.perf_counter()
                found = way(served, served.before[count], Path(folder))
                rows[name].append(time.perf_counter() - begin)
            assert found == (2 * count, DEFINITIONS), (name, found)
        say(f"{count} changed, round {number} of {rounds}: " + ", ".join(f"{one[-1]:.2f} s" for one in rows.values()))
    claims = [
        Claim(f"{count} changed, of the checkout's time", rows[OURS], CHECKOUT, rows[TREE]),
        Claim(f"{count} changed, of the time of GitPython's clone", rows[OURS], GITPYTHON, rows[WHOLE]),
    ]
    return Table(f"{count:,} of {DEFINITIONS:,} definitions have changed", rows, claims, _TEXT if SAME in rows else "")


def _plan(served: Served, folder: Path, rounds: int, say: Callable[[str], None]) -> Table:
    """The whole command, on a laptop's own repository."""
    platform = folder / "platform.yaml"
    platform.write_text(_PLATFORM)
    words = ["plan", "--repo", str(served.folder), "--platform", str(platform), "--to", "main"]
    command = [str(Path(sys.executable).parent / "pushboat"), *words, "--from", served.before[1]]
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        times.append(time.perf_counter() - begin)
        assert len(text.splitlines()) == 1, text
    say("pushboat plan: " + ", ".join(f"{one:.2f} s" for one in times))
    claims = [Claim(f"`pushboat plan` of one changed app of {DEFINITIONS:,}, in seconds", times, PLAN)]
    return Table("On a laptop", {"`pushboat plan --from REV`, from its start to its end": times}, claims)
