"""Git histories and what becomes of them: each folder of tests/histories is one, and its name says which.

history.yaml holds `steps`, carried out one after the other by real git in a work tree, and ends with `expected`, which
hack/dev golden writes anew. A step is one of:

commit   write {PATH: TEXT}, remove [PATH], move {OLD: NEW}, mode {PATH: +x}; without any of them an empty commit.
         The TEXT `app NAME VERSION [deleted] [on TARGET...]` is short for a whole definition.
git      the words of a git command, as a person would type them
deliver  push the branch main by force and deliver it, as step diff, step classify and a run that goes well would;
         {unfinished: [APP]} are apps whose runs have not ended by then
lose     what the Git host has no ref for is gone from it for good
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.core.classify import classify
from generator.core.define import pair
from generator.core.dependencies import concerned
from generator.core.parse_platform import parse_platform
from generator.core.world import World
from generator.gitrepo.command import Git
from generator.gitrepo.deltas import read_deltas
from generator.gitrepo.repository import Repository
from generator.model.change import STARTS, Action, Change
from generator.model.inventory import Inventory, State
from generator.steps.diff import _fetch
from generator.yamlio.write import write
from tests.conftest import Golden
from tests.unit.fakes.git_host import Upstream, git

HISTORIES = Path(__file__).parents[2] / "histories"
NAMES = sorted(folder.name for folder in HISTORIES.iterdir() if folder.is_dir())
EXPECTED = "\nexpected:\n"


def test_there_are_histories() -> None:
    assert len(NAMES) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_history(name: str, tmp_path: Path, golden: Golden, capsys: pytest.CaptureFixture[str]) -> None:
    file = HISTORIES / name / "history.yaml"
    text = file.read_text()
    stage = Stage(tmp_path)
    for step in yaml.safe_load(text)["steps"]:
        ((verb, words),) = step.items() if isinstance(step, dict) else ((step, None),)
        getattr(stage, verb)(words or {})
    capsys.readouterr()
    told = write(stage.told)
    golden(file, text.partition(EXPECTED)[0] + EXPECTED + "".join(f"  {line}\n" for line in told.splitlines()))


@dataclass
class Stage:
    """A work tree, its Git host, and what the cluster has recorded."""

    folder: Path
    inventories: dict[tuple[str, str], Inventory] = field(default_factory=dict)
    ledger: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        platform, problems = parse_platform((HISTORIES / "platform.yaml").read_bytes(), "platform.yaml")
        assert platform, problems
        self.platform, self.settings = platform, platform.repositories[0]
        self.upstream, self.tree = Upstream(self.folder / "upstream"), self.folder / "tree"
        self.tree.mkdir()
        git(self.tree, "init", "--quiet", "--initial-branch=main", "--template=")

    def commit(self, what: dict[str, Any]) -> None:
        assert what.keys() <= {"write", "remove", "move", "mode"}, what
        for old, new in what.get("move", {}).items():
            (self.tree / new).parent.mkdir(parents=True, exist_ok=True)
            git(self.tree, "mv", old, new)
        for path in what.get("remove", []):
            git(self.tree, "rm", "-r", "--quiet", path)
        for path, text in what.get("write", {}).items():
            (self.tree / path).parent.mkdir(parents=True, exist_ok=True)
            (self.tree / path).write_text(definition(text))
        git(self.tree, "add", "-A")
        for path, bit in what.get("mode", {}).items():
            git(self.tree, "update-index", f"--chmod={bit}", path)
            (self.tree / path).chmod(0o755 if bit == "+x" else 0o644)
        git(self.tree, "commit", "--quiet", "--allow-empty", "-m", "a commit")

    def git(self, words: str) -> None:
        git(self.tree, *shlex.split(words))

    def lose(self, _: object) -> None:
        git(self.upstream.folder, "gc", "--quiet", "--prune=now")

    def deliver(self, how: dict[str, list[str]]) -> None:
        git(self.tree, "push", "--quiet", "--force", str(self.upstream.folder), "main")
        pod = self.folder / f"pod-{len(self.told)}"
        repository = Repository(Git(pod, url=f"file://{self.upstream.folder}", protocols="file"))
        known = self.ledger
        commit, base = _fetch(repository, "main", known)
        changes = self._classified(repository, base, commit)
        self.ledger = commit
        lost = "nothing, because the last one is lost" if known else "nothing"
        self.told.append(said(changes, "the last delivery" if base else lost))
        for change in changes:
            self._record(change, ended=change.app not in how.get("unfinished", []))
        self._forget(repository, commit, changes, set(how.get("unfinished", [])))

    def _classified(self, repository: Repository, base: str, commit: str) -> list[Change]:
        if commit == base:
            return []
        deltas, paths = read_deltas(repository, self.settings.path, base, commit, limit=10_000)
        pairs = tuple(pair(delta, self.platform, self.settings) for delta in deltas)
        there = list(self.inventories.values())
        inventories = concerned(pairs, there) if base else tuple(there)
        world = World(self.platform, self.settings, inventories, frozenset(paths), whole=not base)
        return classify(list(pairs), world)

    def _record(self, change: Change, *, ended: bool) -> None:
        key, deletes = (change.app, change.target), change.action is Action.DELETE
        if deletes and ended:
            self.inventories.pop(key, None)
        elif deletes and key in self.inventories:
            self.inventories[key] = replace(self.inventories[key], state=State.DELETING)
        elif change.action in STARTS and not deletes:
            self.inventories[key] = Inventory(
                app=change.app, target=change.target, namespace="shop", repository="shop", path=change.path,
                state=State.HEALTHY if ended else State.APPLYING, version=change.version, definition=change.digest,
                sequence=len(self.told),
            )  # fmt: skip

    def _forget(self, repository: Repository, head: str, changes: list[Change], unfinished: set[str]) -> None:
        """As step forget: the YAML of what was deleted leaves Git, and people pull that."""
        gone = {one.path for one in changes if one.action is Action.DELETE and one.app not in unfinished}
        files = {file for path in gone for file in self._files(path)}
        if files:
            assert repository.push(repository.remove(head, files, "Remove what is gone"), "main")
            git(self.tree, "pull", "--quiet", "--ff-only", str(self.upstream.folder), "main")

    def _files(self, path: str) -> list[str]:
        folder = path.removesuffix("/app.yaml")
        return git(self.upstream.folder, "ls-tree", "-r", "--name-only", "main", "--", folder).splitlines()


def said(changes: list[Change], base: str) -> dict[str, Any]:
    """What a delivery came to, as `pushboat plan -o json` would say it."""
    told = [
        {"app": one.app, "path": one.path, "action": one.action.value, "reason": one.reason}
        | ({"targets": [one.target]} if one.target else {})
        for one in changes
    ]
    problems = [str(problem) for one in changes for problem in one.problems]
    return {"since": base, "changes": told} | ({"problems": problems} if problems else {})


def definition(text: str) -> str:
    if not text.startswith("app "):
        return text
    _, name, version, *more = text.split()
    targets = more[more.index("on") + 1 :] if "on" in more else []
    spec = {
        "version": version,
        **({"deleted": True} if "deleted" in more else {}),
        **({"targets": targets} if targets else {}),
        "components": [{"name": "main", "kind": "Deployment", "image": f"registry.example/{name}:{version}"}],
    }
    return write(
        {"apiVersion": "pushboat.dev/v1alpha1", "kind": "Application", "metadata": {"name": name}, "spec": spec}
    )
