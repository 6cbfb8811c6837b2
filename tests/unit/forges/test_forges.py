"""Answers as the forges' documentation records them, and the board against a fake host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.forges import FORGES
from generator.forges.board import Board
from generator.model.platform import Repository
from generator.model.status import CommitStatus, Mood
from tests.unit.fakes.git_host import GitHost, Post
from tests.unit.fakes.web import Answer

COMMIT = "c" * 40
GITHUB: dict[str, Any] = {
    "state": "pending",
    "statuses": [
        {
            "url": f"https://api.github.com/repos/octocat/Hello-World/statuses/{COMMIT}",
            "id": 1,
            "node_id": "MDY6U3RhdHVzMQ==",
            "state": "success",
            "description": "Build has completed successfully",
            "target_url": None,
            "context": "ci/build",
            "created_at": "2012-07-20T01:19:13Z",
        },
        {"state": "error", "description": None, "context": "pushboat/web"},
    ],
    "sha": COMMIT,
    "total_count": 2,
}
GITEA: dict[str, Any] = {
    "state": "pending",
    "sha": COMMIT,
    "total_count": 3,
    "statuses": [
        {"id": 1, "status": "success", "target_url": "", "description": "fine", "context": "ci/build", "creator": None},
        {"id": 2, "status": "warning", "description": "hm", "context": "lint"},
        {"id": 3, "status": "skipped", "description": "", "context": "docs"},
    ],
}


def test_github_reads_its_answers() -> None:
    assert FORGES["github"].read_statuses(GITHUB) == [
        CommitStatus("ci/build", Mood.SUCCESS, "Build has completed successfully"),
        CommitStatus("pushboat/web", Mood.ERROR, ""),
    ]


def test_gitea_reads_its_answers() -> None:
    assert FORGES["gitea"].read_statuses(GITEA) == [
        CommitStatus("ci/build", Mood.SUCCESS, "fine"),
        CommitStatus("lint", Mood.FAILURE, "hm"),
        CommitStatus("docs", Mood.SUCCESS, ""),
    ]


@pytest.mark.parametrize("forge", sorted(FORGES))
@pytest.mark.parametrize("answer", [{}, {"statuses": None}, {"statuses": []}])
def test_no_status_is_no_status(forge: str, answer: dict[str, Any]) -> None:
    assert FORGES[forge].read_statuses(answer) == []


def test_addresses_and_credentials() -> None:
    github, gitea = FORGES["github"], FORGES["gitea"]
    assert github.api_url("https://github.com") == "https://api.github.com"
    assert github.api_url("https://git.example.com:8443") == "https://git.example.com:8443/api/v3"
    assert gitea.api_url("http://git.example.com") == "http://git.example.com/api/v1"
    assert github.headers("t")["Authorization"] == "Bearer t"
    assert github.headers("t")["User-Agent"]
    assert gitea.headers("t") == {"Authorization": "token t"}


@pytest.fixture(params=sorted(FORGES))
def board(request: pytest.FixtureRequest, git_host: GitHost) -> tuple[Board, list[str]]:
    said: list[str] = []
    settings = Repository("shop", f"{git_host.url}/team/shop", request.param, "hook", "c", "c", "c")
    return Board(settings, "reader", said.append), said


def test_statuses_are_posted_and_read(board: tuple[Board, list[str]], git_host: GitHost) -> None:
    statuses = [CommitStatus(f"pushboat/{mood}", mood, f"as {mood}") for mood in Mood]
    board[0].post(COMMIT, *statuses)
    assert sorted(board[0].read(COMMIT), key=str) == sorted(statuses, key=str)
    assert board[0].read("d" * 40) == []
    assert board[1] == []
    assert {request.path.split("/repos/")[1] for request in git_host.requests if request.method == "POST"} == {
        f"team/shop/statuses/{COMMIT}"
    }


@pytest.mark.parametrize("count", [49, 50, 51, 120])
def test_all_pages_are_read(board: tuple[Board, list[str]], git_host: GitHost, count: int) -> None:
    git_host.posts = [Post(COMMIT, f"pushboat/{number}", "success", "") for number in range(count)]
    assert len(board[0].read(COMMIT)) == count


def test_the_last_status_brings_the_summary(board: tuple[Board, list[str]], git_host: GitHost) -> None:
    board[0].post(COMMIT, *(CommitStatus(f"pushboat/{name}", Mood.PENDING, "") for name in ("a", "b")))
    board[0].close(COMMIT, CommitStatus("pushboat/a", Mood.SUCCESS, "done"))
    assert git_host.statuses(COMMIT)["pushboat"] == ("pending", "1 of 2 done; waiting for b")
    board[0].close(COMMIT, CommitStatus("pushboat/b", Mood.FAILURE, "broken"))
    assert git_host.statuses(COMMIT)["pushboat"] == ("failure", "failed: b; 1 delivered")


@pytest.mark.parametrize(
    "answer", [Answer(403, {"message": "no scope"}), Answer(200, [1]), Answer(200, body=b"<html>")]
)
def test_a_forge_that_does_not_play_along_breaks_nothing(
    board: tuple[Board, list[str]], git_host: GitHost, answer: Answer
) -> None:
    git_host.rules.status_answer = answer
    board[0].close(COMMIT, CommitStatus("pushboat/a", Mood.SUCCESS, "done"))
    if answer.status == 403:
        assert board[1][0].startswith("the commit status could not be posted: POST 127.0.0.1/")
        assert "no scope" in board[1][0]
        assert "reader" not in " ".join(board[1])
    elif answer.data:
        assert "the answer is no list of statuses" in board[1][0]


def test_a_state_that_nobody_knows_breaks_nothing(board: tuple[Board, list[str]], git_host: GitHost) -> None:
    git_host.posts = [Post(COMMIT, "ci", "brand-new", "")]
    board[0].close(COMMIT, CommitStatus("pushboat/a", Mood.SUCCESS, "done"))
    assert git_host.statuses(COMMIT)["pushboat"] == ("success", "delivered: a")
    assert CommitStatus("ci", Mood.ERROR, "") in board[0].read(COMMIT)


def test_a_forge_that_is_not_there_breaks_nothing(tmp_path: Path) -> None:
    with GitHost(tmp_path / "gone") as host:
        url = host.url
    said: list[str] = []
    settings = Repository("shop", f"{url}/team/shop", "gitea", "hook", "c", "c", "c")
    board = Board(settings, "reader", said.append)
    board.post(COMMIT, CommitStatus("pushboat/a", Mood.SUCCESS, "done"))
    assert len(said) == 1
