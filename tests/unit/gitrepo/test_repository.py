"""Real git against real repositories."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path

import pytest

from generator.gitrepo.command import Git, GitError, GitUnreachableError
from generator.gitrepo.deltas import read_deltas
from generator.gitrepo.repository import Repository
from tests.unit.fakes.git_host import GitHost, Special, Upstream, git
from tests.unit.fakes.web import Answer

READER = "reader"


@pytest.fixture
def upstream(tmp_path: Path) -> Upstream:
    return Upstream(tmp_path / "upstream")


def local(tmp_path: Path, upstream: Upstream, name: str = "copy") -> Repository:
    return Repository(Git(tmp_path / name, url=str(upstream.folder), protocols="file"))


def remote(tmp_path: Path, host: GitHost, *, token: str = READER) -> Repository:
    return Repository(Git(tmp_path / "copy", url=f"{host.url}/team/shop", user="pushboat", token=token))


def test_two_commits_their_trees_and_blobs(tmp_path: Path, upstream: Upstream) -> None:
    before = upstream.commit({"apps/a.yaml": "one", "apps/c": Special("120000", "a.yaml"), "b": "x"})
    after = upstream.commit({"apps/a.yaml": "two", "apps/d": Special("160000", "d" * 40), "b": "x"})
    repository = local(tmp_path, upstream)
    repository.fetch(before, after)
    old, new, whole = repository.tree(before, "apps"), repository.tree(after, "apps"), repository.tree(after, ".")
    assert {path: entry.mode for path, entry in old.items()} == {"apps/a.yaml": "100644", "apps/c": "120000"}
    assert {path: entry.mode for path, entry in new.items()} == {"apps/a.yaml": "100644", "apps/d": "160000"}
    assert sorted(whole) == ["apps/a.yaml", "apps/d", "b"]
    oids = [old["apps/a.yaml"].oid, new["apps/a.yaml"].oid]
    assert repository.blobs(oids, limit=100) == dict(zip(oids, [b"one", b"two"], strict=True))


def test_a_blob_over_the_limit_comes_cut(tmp_path: Path, upstream: Upstream) -> None:
    commit = upstream.commit({"a": "x" * 50 + "\n", "b": "short\n"})
    repository = local(tmp_path, upstream)
    repository.fetch(commit)
    tree = repository.tree(commit, ".")
    found = repository.blobs([entry.oid for entry in tree.values()], limit=10)
    assert found == {tree["a"].oid: b"x" * 11, tree["b"].oid: b"short\n"}


def test_only_what_is_asked_for_is_fetched(tmp_path: Path, git_host: GitHost) -> None:
    upstream = git_host.repository("team/shop")
    base = upstream.commit({"apps/a.yaml": "one", "big": "x" * 100_000})
    commit = upstream.commit({"apps/a.yaml": "two", "apps/b.yaml": "b", "big": "x" * 100_000})
    repository = remote(tmp_path, git_host)
    assert repository.head("main") == commit
    assert repository.fetch_branch("main", base) == commit
    before = len(git_host.requests)
    deltas, paths = read_deltas(repository, "apps", base, commit, limit=1000)
    assert len(git_host.requests) - before == 2  # all blobs of both sides in one fetch: its greeting, and the pack
    assert [delta.path for delta in deltas] == ["apps/a.yaml", "apps/b.yaml"]
    assert deltas[0].before
    assert base64.b64decode(deltas[0].before.files["apps/a.yaml"]) == b"one"
    assert paths == ("apps/a.yaml", "apps/b.yaml")
    there = git(tmp_path / "copy" / "repository.git", "cat-file", "--batch-all-objects", "--batch-check")
    assert [int(line.split()[2]) for line in there.splitlines() if "blob" in line and "100000" in line] == []


def test_a_file_over_the_limit_makes_its_definition_invalid(tmp_path: Path, upstream: Upstream) -> None:
    commit = upstream.commit({"apps/a/app.yaml": "x", "apps/a/big": "x" * 11})
    repository = local(tmp_path, upstream)
    repository.fetch(commit)
    ((delta,), _) = read_deltas(repository, "apps", "", commit, limit=10)
    assert delta.after
    assert [(one.path, one.message) for one in delta.after.problems] == [
        ("apps/a/big", "the file has 11 bytes; 10 at most")
    ]


def test_a_commit_that_the_host_does_not_have(tmp_path: Path, upstream: Upstream) -> None:
    upstream.commit({"a": "x"})
    with pytest.raises(GitError):
        local(tmp_path, upstream).fetch("d" * 40)


def test_a_branch_that_is_not_there_and_one_whose_name_ends_alike(tmp_path: Path, upstream: Upstream) -> None:
    commit = upstream.commit({"a": "x"})
    upstream.commit({"a": "y"}, branch="a/refs/heads/main")
    repository = local(tmp_path, upstream)
    with pytest.raises(GitError, match="has no branch next"):
        repository.head("next")
    assert repository.head("main") == commit


@pytest.mark.parametrize("revision", ["--upload-pack=touch x", "main", "HEAD", "", "a" * 39, "A" * 40, f"{'a' * 40}\n"])
def test_only_full_commit_ids_reach_git(tmp_path: Path, upstream: Upstream, revision: str) -> None:
    upstream.commit({"a": "x"})
    repository = local(tmp_path, upstream)
    with pytest.raises(GitError, match="is not a full commit id"):
        repository.fetch(revision)
    with pytest.raises(GitError, match="is not a full commit id"):
        repository.tree(revision, ".")
    with pytest.raises(GitError, match="is not a full commit id"):
        repository.push(revision, "main")


def test_removal_is_one_commit_without_the_paths(tmp_path: Path, upstream: Upstream) -> None:
    upstream.commit({"apps/a/app.yaml": "x", "apps/a/b": "y", "c": "z"})
    repository = local(tmp_path, upstream)
    head = repository.fetch_branch("main")
    commit = repository.remove(head, ["apps/a/app.yaml", "apps/a/b"], "Remove a\n\nBecause: x\n")
    assert repository.push(commit, "main") is True
    assert upstream.files() == ["c"]
    assert upstream.head() == commit
    assert git(upstream.folder, "log", "--format=%P", "-1", commit) == head
    assert upstream.message(commit).startswith("Pushboat\nRemove a\n\nBecause: x")


def test_a_push_after_somebody_elses_is_refused_and_forces_nothing(tmp_path: Path, upstream: Upstream) -> None:
    upstream.commit({"a": "x", "b": "y"})
    repository = local(tmp_path, upstream)
    commit = repository.remove(repository.fetch_branch("main"), ["a"], "Remove a")
    theirs = upstream.commit({"a": "x", "b": "z"})
    assert repository.push(commit, "main") is False
    assert upstream.head() == theirs


def test_a_refused_push_is_an_error(tmp_path: Path, git_host: GitHost) -> None:
    git_host.repository("team/shop").commit({"a": "x"})
    repository = remote(tmp_path, git_host)
    commit = repository.remove(repository.fetch_branch("main"), ["a"], "Remove a")
    with pytest.raises(GitError):
        repository.push(commit, "main")


def test_nothing_of_the_environment_and_no_hook_runs(
    tmp_path: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-push", "post-index-change", "reference-transaction", "post-checkout"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (hooks / name).chmod(0o755)
    (tmp_path / ".gitconfig").write_text(f"[core]\n\thooksPath = {hooks}\n[user]\n\tname = Mallory\n")
    upstream.commit({"a": "x", "b": "y"})
    repository = local(tmp_path, upstream)
    inside = tmp_path / "copy" / "repository.git" / "hooks"
    inside.mkdir(exist_ok=True)
    for hook in hooks.iterdir():
        (inside / hook.name).write_text(hook.read_text())
        (inside / hook.name).chmod(0o755)
    with monkeypatch.context() as hostile:
        hostile.setenv("HOME", str(tmp_path))
        hostile.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / ".gitconfig"))
        hostile.setenv("GIT_CONFIG_COUNT", "1")
        hostile.setenv("GIT_CONFIG_KEY_0", "core.hooksPath")
        hostile.setenv("GIT_CONFIG_VALUE_0", str(hooks))
        hostile.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
        hostile.setenv("GIT_AUTHOR_NAME", "Mallory")
        repository = local(tmp_path, upstream)
        commit = repository.remove(repository.fetch_branch("main"), ["a"], "Remove a")
        assert repository.push(commit, "main")
    assert upstream.message(commit).startswith("Pushboat\n")
    assert not (tmp_path / "ran").exists()


def test_other_protocols_are_refused(tmp_path: Path, upstream: Upstream) -> None:
    upstream.commit({"a": "x"})
    repository = Repository(Git(tmp_path / "copy", url=str(upstream.folder)))
    with pytest.raises(GitError, match="not allowed"):
        repository.head("main")


def test_the_token_shows_nowhere_and_is_kept_private(tmp_path: Path, git_host: GitHost) -> None:
    git_host.repository("team/shop").commit({"a": "x"})
    repository = remote(tmp_path, git_host, token="very-secret-token")
    packed = base64.b64encode(b"pushboat:very-secret-token").decode()
    with pytest.raises(GitError) as error:
        repository.head("main")
    assert "very-secret-token" not in str(error.value)
    assert packed not in str(error.value)
    settings = tmp_path / "copy" / "settings"
    assert settings.stat().st_mode & 0o077 == 0
    assert packed in settings.read_text()
    assert packed not in (tmp_path / "copy" / "repository.git" / "config").read_text()


def test_the_token_is_no_word_of_a_command(tmp_path: Path, git_host: GitHost, monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/words\nenv >>{tmp_path}/words\nexec {real} "$@"\n')
    wrapper.chmod(0o755)
    git_host.repository("team/shop").commit({"a": "x"})
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
    remote(tmp_path, git_host, token="reader").head("main")
    words = (tmp_path / "words").read_text()
    assert "ls-remote" in words
    assert base64.b64encode(b"pushboat:reader").decode() not in words


def test_the_token_does_not_follow_a_redirect(tmp_path: Path, git_host: GitHost) -> None:
    with GitHost(tmp_path / "other") as other:
        other.repository("team/shop").commit({"a": "x"})
        git_host.rules.git_answer = Answer(302, headers={"Location": f"{other.url}/team/shop/info/refs"})
        with pytest.raises(GitError, match="is redirected, which is not followed: correct the url in the platform"):
            remote(tmp_path, git_host).head("main")
        assert other.requests == []


@pytest.mark.parametrize(("status", "error"), [(401, GitError), (404, GitError), (503, GitUnreachableError)])
def test_a_refusal_is_final_and_a_failure_may_pass(
    tmp_path: Path, git_host: GitHost, status: int, error: type[Exception]
) -> None:
    git_host.rules.git_answer = Answer(status)
    with pytest.raises(error) as found:
        remote(tmp_path, git_host).head("main")
    assert type(found.value) is error


def test_a_host_that_is_not_there_may_come_back(tmp_path: Path) -> None:
    with GitHost(tmp_path / "host") as host:
        url = host.url
    repository = Repository(Git(tmp_path / "copy", url=f"{url}/team/shop"))
    with pytest.raises(GitUnreachableError, match="does not answer"):
        repository.head("main")
