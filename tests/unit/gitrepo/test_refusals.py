"""What of a repository is not read, each by its name; real git, and trees that no ordinary git would make."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from generator.core.diff import Entry, definitions
from generator.gitrepo import refusals, repository
from generator.gitrepo.command import Git, GitError
from generator.gitrepo.deltas import read_deltas
from generator.gitrepo.repository import Repository
from generator.model.change import Version
from generator.yamlio.problem import Problem
from tests.unit.fakes.git_host import Content, GitHost, RawTree, Special, Upstream, git

LIMIT = 1000
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.fixture
def upstream(tmp_path: Path) -> Upstream:
    return Upstream(tmp_path / "upstream")


def copy(tmp_path: Path, upstream: Upstream) -> Repository:
    return Repository(Git(tmp_path / "copy", url=str(upstream.folder), protocols="file"))


def read(tmp_path: Path, upstream: Upstream, commit: str, base: str = "") -> dict[str, Version]:
    found = copy(tmp_path, upstream)
    found.fetch(*([base] if base else []), commit)
    deltas, _ = read_deltas(found, "apps", base, commit, limit=LIMIT)
    return {delta.path: delta.after for delta in deltas if delta.after}


def problems(tmp_path: Path, upstream: Upstream, files: dict[str, Content]) -> list[Problem]:
    """All there are; a good definition beside them is read all the same."""
    found = read(tmp_path, upstream, upstream.commit({**files, "apps/good.yaml": "good"}))
    assert base64.b64decode(found["apps/good.yaml"].files["apps/good.yaml"]) == b"good"
    return [problem for version in found.values() for problem in version.problems]


def told(found: list[Problem]) -> list[tuple[str, str]]:
    assert all(problem.hint for problem in found)
    return [(problem.path, problem.message) for problem in found]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (Special("120000", "/etc/passwd"), "the file is a symbolic link; only plain files are read"),
        (Special("160000", "d" * 40), "the file is a submodule; only plain files are read"),
        (POINTER, "the file is a Git LFS pointer; its content is not in Git"),
        ("x" * 1001, "the file has 1001 bytes; 1000 at most"),
    ],
)
def test_what_is_no_readable_file(tmp_path: Path, upstream: Upstream, content: Content, message: str) -> None:
    files: dict[str, Content] = {"apps/a.yaml": content, "apps/b/app.yaml": "b", "apps/b/chart.tgz": content}
    assert told(problems(tmp_path, upstream, files)) == [("apps/a.yaml", message), ("apps/b/chart.tgz", message)]


def test_an_executable_is_a_file_like_any_other(tmp_path: Path, upstream: Upstream) -> None:
    assert problems(tmp_path, upstream, {"apps/a.yaml": Special("100755", "x")}) == []


def test_what_only_speaks_of_lfs_is_no_pointer(tmp_path: Path, upstream: Upstream) -> None:
    assert problems(tmp_path, upstream, {"apps/a.yaml": f"# {POINTER}"}) == []


@pytest.mark.parametrize(
    "path", ["a b.yaml", "a+b@c=d,e~f.yaml", "A_1.yml", ".hidden.yaml", ".gitignore.yaml", "git.yaml"]
)
def test_plain_paths_are_fine(tmp_path: Path, upstream: Upstream, path: str) -> None:
    assert problems(tmp_path, upstream, {f"apps/{path}": "x"}) == []


PLAIN = "the path holds characters other than letters, digits, space and ._@+=,~/-"
GIT = "'{}' in the path is a name of Git's own folder"
ENDS = "'{}' in the path begins with a hyphen or space, or ends with a dot or space"


@pytest.mark.parametrize(
    ("path", "shown", "message"),
    [
        (b"$(id).yaml", "$(id).yaml", PLAIN),
        (b"a'b.yaml", "a'b.yaml", PLAIN),
        (b"a:b.yaml", "a:b.yaml", PLAIN),
        (b"a\nb.yaml", "a\\u000ab.yaml", "the path holds a character that cannot be shown"),
        (b"a\x1b[2Jb.yaml", "a\\u001b[2Jb.yaml", "the path holds a character that cannot be shown"),
        ("a\u202eb.yaml".encode(), "a\\u202eb.yaml", "the path holds a character that cannot be shown"),
        (b"a\\b.yaml", "a\\\\b.yaml", "the path holds a backslash"),
        (b"a\xff.yaml", "a\\xff.yaml", "the path holds bytes that are not UTF-8"),
        (b"a\xed\xa0\x80.yaml", "a\\xed\\xa0\\x80.yaml", "the path holds bytes that are not UTF-8"),
        (b"a\\\xff.yaml", "a\\\\\\xff.yaml", "the path holds a backslash, bytes that are not UTF-8"),
        (b"-rf.yaml", "-rf.yaml", ENDS.format("-rf.yaml")),
        (b" a.yaml", " a.yaml", ENDS.format(" a.yaml")),
        (b".git/a.yaml", ".git/a.yaml", GIT.format(".git")),
        (b".GIT/a.yaml", ".GIT/a.yaml", GIT.format(".GIT")),
        (b".Git. ./a.yaml", ".Git. ./a.yaml", GIT.format(".Git. .")),
        (b"git~1/a.yaml", "git~1/a.yaml", GIT.format("git~1")),
        (b"GIT~2/a.yaml", "GIT~2/a.yaml", GIT.format("GIT~2")),
        (b"x./a.yaml", "x./a.yaml", ENDS.format("x.")),
        (b"x /a.yaml", "x /a.yaml", ENDS.format("x ")),
        (b"../a.yaml", "../a.yaml", ENDS.format("..")),
        (b"./a.yaml", "./a.yaml", ENDS.format(".")),
        (b"x" * 391 + b".yaml", "x" * 391 + ".yaml", "the path has 401 characters; 400 at most"),
    ],
)
def test_path_tricks(tmp_path: Path, upstream: Upstream, path: bytes, shown: str, message: str) -> None:
    entries: RawTree = [(path, b"x")]
    if b"/" in path:
        folder, name = path.split(b"/")
        entries = [(folder, [(name, b"x")])]
    commit = upstream.commit_raw([(b"apps", [*entries, (b"good.yaml", b"good")])])
    found = read(tmp_path, upstream, commit)
    assert sorted(found) == sorted([f"apps/{shown}", "apps/good.yaml"])
    assert found["apps/good.yaml"].problems == ()
    ((where, what),) = told(list(found[f"apps/{shown}"].problems))
    assert (where, what) == (Problem(f"apps/{shown}", 1, 1, "").path, message)


def test_a_name_that_holds_a_slash_does_not_leave_its_folder(tmp_path: Path, upstream: Upstream) -> None:
    commit = upstream.commit_raw([(b"apps", [(b"../../etc/passwd.yaml", b"x")])])
    ((path, version),) = read(tmp_path, upstream, commit).items()
    assert path == "apps/../../etc/passwd.yaml"
    assert version.problems


def test_a_tree_that_names_a_file_twice_is_refused(tmp_path: Path, upstream: Upstream) -> None:
    commit = upstream.commit_raw([(b"apps", [(b"a.yaml", b"seen"), (b"a.yaml", b"delivered")])])
    with pytest.raises(GitError, match="names a file twice"):
        read(tmp_path, upstream, commit)


def test_paths_that_differ_only_in_case(tmp_path: Path, upstream: Upstream) -> None:
    files: dict[str, Content] = {"apps/A.yaml": "x", "apps/a.yaml": "y", "apps/b/app.yaml": "b", "apps/b/App.yaml": "b"}
    assert told(problems(tmp_path, upstream, files)) == [
        ("apps/A.yaml", "differs from apps/a.yaml only in case"),
        ("apps/a.yaml", "differs from apps/A.yaml only in case"),
        ("apps/b/App.yaml", "differs from apps/b/app.yaml only in case"),
        ("apps/b/app.yaml", "differs from apps/b/App.yaml only in case"),
    ]


def test_a_rival_that_comes_later_and_goes_again(tmp_path: Path, upstream: Upstream) -> None:
    one = upstream.commit({"apps/a.yaml": "y"})
    two = upstream.commit({"apps/A.yaml": "x", "apps/a.yaml": "y"})
    three = upstream.commit({"apps/a.yaml": "y"})
    met, lost = read(tmp_path, upstream, two, one), read(tmp_path, upstream, three, two)
    assert {path: bool(version.problems) for path, version in met.items()} == {"apps/A.yaml": True, "apps/a.yaml": True}
    assert {path: bool(version.problems) for path, version in lost.items()} == {"apps/a.yaml": False}


def test_too_many_files(tmp_path: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MAX_FILES", 2)
    files: dict[str, Content] = {f"apps/b/{name}": "b" for name in ("app.yaml", "-x", "y", "$z")}
    assert told(problems(tmp_path, upstream, files)) == [("apps/b/app.yaml", "its folder has 4 files; 2 at most")]


def test_too_many_bytes(tmp_path: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MAX_DEFINITION", 1500)
    files: dict[str, Content] = {"apps/b/app.yaml": "b" * 900, "apps/b/c": "c" * 900}
    assert told(problems(tmp_path, upstream, files)) == [
        ("apps/b/app.yaml", "its files have 1800 bytes together; 1500 at most")
    ]


def test_a_tree_in_the_place_of_a_file(tmp_path: Path, upstream: Upstream) -> None:
    inner = git(upstream.folder, "rev-parse", f"{upstream.commit_raw([(b'x', b'y')])}^{{tree}}")
    found = read(tmp_path, upstream, upstream.commit_raw([(b"apps", [(b"a.yaml", Special("100644", inner))])]))
    assert told([problem for version in found.values() for problem in version.problems]) == [
        ("apps/a.yaml", "what stands there is no file")
    ]


def test_a_far_too_large_blob_is_not_fetched_to_its_end(
    tmp_path: Path, git_host: GitHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "_MAX_PACK", 50_000)
    upstream = git_host.repository("team/shop")
    files: dict[str, Content] = {f"apps/{number}.yaml": f"definition {number}" for number in range(6)}
    files |= {"apps/large.yaml": os.urandom(200_000), "apps/larger.yaml": os.urandom(300_000)}
    commit = upstream.commit(files)
    found = Repository(Git(tmp_path / "copy", url=f"{git_host.url}/team/shop", user="pushboat", token="reader"))
    found.fetch(commit)
    deltas, _ = read_deltas(found, "apps", "", commit, limit=LIMIT)
    versions = [delta.after for delta in deltas if delta.after]
    assert [version.path for version in versions if not version.problems] == [f"apps/{n}.yaml" for n in range(6)]
    assert told([problem for version in versions for problem in version.problems]) == [
        ("apps/large.yaml", "the file has far too many bytes to be fetched; 1000 at most"),
        ("apps/larger.yaml", "the file has far too many bytes to be fetched; 1000 at most"),
    ]
    files_there = [file for file in (tmp_path / "copy").rglob("*") if file.is_file()]
    assert max(file.stat().st_size for file in files_there) < 50_000


def test_attributes_of_the_repository_have_no_effect(tmp_path: Path, upstream: Upstream) -> None:
    attributes = "* text eol=crlf ident filter=lfs working-tree-encoding=UTF-16 export-subst diff=x\n"
    found = read(tmp_path, upstream, upstream.commit({".gitattributes": attributes, "apps/a.yaml": "$Id$\n"}))
    assert base64.b64decode(found["apps/a.yaml"].files["apps/a.yaml"]) == b"$Id$\n"


def test_a_gitmodules_file_is_never_followed(tmp_path: Path, upstream: Upstream) -> None:
    text = '[submodule "x"]\n\tpath = apps\\r\n\turl = ext::touch ran\n\tupdate = !touch ran\n'
    files: dict[str, Content] = {".gitmodules": text, "apps/x": Special("160000", "d" * 40)}
    assert problems(tmp_path, upstream, files) == []
    assert not Path("ran").exists()


def variants(number: int) -> list[str]:
    return ["".join("Aa"[int(bit)] for bit in f"{index:010b}") for index in range(number)]


def test_each_of_many_names_that_differ_only_in_case_is_one_problem() -> None:
    files = {f"apps/{name}.yaml": Entry("100644", "a" * 40) for name in variants(600)}
    found = definitions(files, "apps")
    every = [problem for one in found.values() for problem in refusals.of_tree(one)]
    assert len(every) == 600
    assert told(every)[-1][1] == "differs from apps/AAAAAAAAAA.yaml and 598 more only in case"


def test_a_definition_has_a_hundred_problems_at_most() -> None:
    files = {f"apps/a/{name}": Entry("120000", "a" * 40) for name in variants(600)}
    (found,) = definitions({**files, "apps/a/app.yaml": Entry("100644", "b" * 40)}, "apps").values()
    assert len(refusals.of_tree(found)) == 100
    assert len(refusals.of_sizes(found, {}, LIMIT)) == 100
    assert len(refusals.of_content(found, dict.fromkeys(("a" * 40, "b" * 40), POINTER.encode()))) == 100
    (alike,) = definitions({path: Entry("100644", "b" * 40) for path in [*files, "apps/a/app.yaml"]}, "apps").values()
    assert len(refusals.of_tree(alike)) == 100
    assert told(list(refusals.of_tree(alike)))[0] == (
        "apps/a/AAAAAAAAAA",
        "differs from apps/a/AAAAAAAAAa and 598 more only in case",
    )
