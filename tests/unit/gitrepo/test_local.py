"""A person's own repository, read as it stands: nothing of it runs, nothing is copied, nothing is written."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.gitrepo.deltas import read_deltas
from generator.gitrepo.local import Local
from generator.model.errors import UserError
from tests.unit.fakes.git_host import Upstream, git


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    folder = tmp_path / "theirs"
    return start(folder)


def start(folder: Path, *words: str) -> Path:
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main", *words)
    save(folder, "one")
    return folder


def save(folder: Path, text: str) -> str:
    (folder / "apps").mkdir(exist_ok=True)
    (folder / "apps" / "a.yaml").write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", text)
    return git(folder, "rev-parse", "HEAD")


def content(tmp_path: Path, folder: Path, revision: str = "HEAD") -> str:
    found = Local(folder, tmp_path / "scratch")
    ((delta,), _) = read_deltas(found, "apps", "", found.commit(revision), limit=100)
    assert delta.after
    return base64.b64decode(delta.after.files["apps/a.yaml"]).decode()


def worktree(tmp_path: Path, theirs: Path) -> Path:
    git(theirs, "worktree", "add", "--quiet", str(tmp_path / "tree"), "-b", "next")
    return tmp_path / "tree"


def bare(tmp_path: Path, theirs: Path) -> Path:
    git(theirs, "clone", "--quiet", "--bare", ".", str(tmp_path / "bare"))
    return tmp_path / "bare"


def borrowing(tmp_path: Path, theirs: Path) -> Path:
    git(theirs, "clone", "--quiet", "--shared", ".", str(tmp_path / "shared"))
    return tmp_path / "shared"


def inner(_: Path, theirs: Path) -> Path:
    return theirs / "apps"


def sha256(tmp_path: Path, _: Path) -> Path:
    return start(tmp_path / "sha256", "--object-format=sha256")


def strange(tmp_path: Path, _: Path) -> Path:
    return start(tmp_path / 'a:b "c"\\d\ne')


def shallow(tmp_path: Path, theirs: Path) -> Path:
    save(theirs, "zero")
    save(theirs, "one")
    git(theirs, "clone", "--quiet", "--depth=1", f"file://{theirs}", str(tmp_path / "shallow"))
    return tmp_path / "shallow"


def submodule(tmp_path: Path, theirs: Path) -> Path:
    outer = start(tmp_path / "outer")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(theirs), "part")
    return outer / "part"


@pytest.mark.parametrize("kind", [inner, worktree, bare, borrowing, sha256, strange, shallow, submodule])
def test_every_kind_of_repository(tmp_path: Path, theirs: Path, kind: Callable[[Path, Path], Path]) -> None:
    assert content(tmp_path, kind(tmp_path, theirs)) == "one"


def test_packed_objects(tmp_path: Path, theirs: Path) -> None:
    git(theirs, "gc", "--quiet")
    assert content(tmp_path, theirs) == "one"


def test_what_is_committed_counts_and_not_what_lies_there(tmp_path: Path, theirs: Path) -> None:
    (theirs / "apps" / "a.yaml").write_text("two")
    git(theirs, "add", "-A")
    assert content(tmp_path, theirs) == "one"


def test_revisions_as_people_write_them(tmp_path: Path, theirs: Path) -> None:
    one, two = git(theirs, "rev-parse", "HEAD"), save(theirs, "two")
    git(theirs, "tag", "-a", "-m", "x", "v1", one)
    found = Local(theirs, tmp_path / "scratch")
    for revision in ("HEAD~1", "main^", "v1", one, one[:8], "main^{/one}", "main@{1}"):
        assert found.commit(revision) == one
    assert found.commit("main") == two


@pytest.mark.parametrize(
    "revision",
    ["--upload-pack=touch ran", "--all", "--git-dir", "-x", "", "missing", "HEAD:apps", "HEAD^{tree}", "a\0b",
     "main\nmain", "..", "main..main", "^main", "$(touch ran)", "`touch ran`", "d" * 40, "x" * 5000],
)  # fmt: skip
def test_what_names_no_commit(tmp_path: Path, theirs: Path, revision: str) -> None:
    with pytest.raises(UserError, match="has no commit") as error:
        Local(theirs, tmp_path / "scratch").commit(revision)
    assert len(str(error.value)) < 400
    assert not list(tmp_path.rglob("ran"))


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read as a Git repository"):
        Local(tmp_path, tmp_path / "scratch")


def test_an_empty_repository_has_no_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(UserError, match="has no commit 'HEAD'"):
        Local(tmp_path, tmp_path / "scratch").commit("HEAD")


HOSTILE = """
[core]
	hooksPath = {hooks}
	fsmonitor = {script}
	sshCommand = {script}
	gitProxy = {script}
	pager = {script}
	editor = {script}
	attributesFile = {attributes}
	alternateRefsCommand = {script}
[filter "evil"]
	clean = {script}
	smudge = {script}
	process = {script}
	required = true
[diff "evil"]
	textconv = {script}
	command = {script}
[alias]
	rev-parse = !{script}
	cat-file = !{script}
	ls-tree = !{script}
[credential]
	helper = !{script}
[uploadpack]
	packObjectsHook = {script}
[remote "origin"]
	url = ext::{script}
	promisor = true
	partialclonefilter = blob:none
"""


def hostile(tmp_path: Path, theirs: Path) -> None:
    """Everything in a repository's own settings that could run a command."""
    hooks, script = tmp_path / "hooks", tmp_path / "script"
    hooks.mkdir()
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(0o755)
    for name in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        (hooks / name).symlink_to(script)
        (theirs / ".git" / "hooks" / name).unlink(missing_ok=True)
        (theirs / ".git" / "hooks").mkdir(exist_ok=True)
        (theirs / ".git" / "hooks" / name).symlink_to(script)
    attributes = tmp_path / "attributes"
    attributes.write_text("* filter=evil diff=evil\n")
    (theirs / ".git" / "info").mkdir(exist_ok=True)
    (theirs / ".git" / "info" / "attributes").write_text(attributes.read_text())
    with (theirs / ".git" / "config").open("a") as config:
        config.write(HOSTILE.format(hooks=hooks, script=script, attributes=attributes))


def test_nothing_of_a_hostile_repository_runs(tmp_path: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = save(theirs, "two")
    hostile(tmp_path, theirs)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_SSH_COMMAND", str(tmp_path / "script"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(tmp_path / "script"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(theirs / ".git" / "config"))
    assert content(tmp_path, theirs, two[:10]) == "two"
    assert not (tmp_path / "ran").exists()


def test_what_a_partial_clone_lacks_is_not_fetched(tmp_path: Path) -> None:
    upstream = Upstream(tmp_path / "upstream")
    upstream.commit({"apps/a.yaml": "one"})
    clone = tmp_path / "clone"
    words = ("--quiet", "--no-checkout", "--filter=blob:none", f"file://{upstream.folder}", str(clone))
    subprocess.run(["git", "clone", *words], check=True)
    hostile(tmp_path, clone)
    with pytest.raises(UserError, match="a partial clone lacks files"):
        content(tmp_path, clone)
    with pytest.raises(UserError, match="has no commit"):
        Local(clone, tmp_path / "scratch2").commit("d" * 40)
    assert not (tmp_path / "ran").exists()


def test_replaced_objects_do_not_count(tmp_path: Path, theirs: Path) -> None:
    one, two = git(theirs, "rev-parse", "HEAD"), save(theirs, "two")
    git(theirs, "replace", two, one)
    assert content(tmp_path, theirs) == "two"


def test_nothing_is_written(tmp_path: Path, theirs: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in theirs.rglob("*")}
    content(tmp_path, theirs)
    assert {file: file.stat().st_mtime_ns for file in theirs.rglob("*")} == before
    assert not list((tmp_path / "scratch").rglob("*.pack"))
