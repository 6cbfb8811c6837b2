"""GitHub: its payload starts the delivery, its status API is told, and the removal is pushed to it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hack.stage import Cluster, Gitea, Stage, wait
from tests.e2e.definitions import web
from tests.e2e.github_host import GitHubHost, github_host

ZERO = "0" * 40


@pytest.fixture(scope="module")
def github() -> Iterator[GitHubHost]:
    gitea = Gitea.from_environment()
    with github_host(gitea.url, gitea.token) as server:
        yield server


@pytest.fixture(scope="module")
def hub(github: GitHubHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A bundle for a repository on that GitHub."""
    name = f"hub-{secrets.token_hex(3)}"
    folder: Path = tmp_path_factory.mktemp("hub")
    gitea = Gitea.from_environment()
    made = Stage(Cluster(), gitea, name, f"{name}-pushboat", f"{name}-apps", folder, os.environ["PUSHBOAT_STEP_IMAGE"])
    made.forge, made.host = "github", github.url
    made.checkout = made.make_repository()
    made.install()
    made.find_listener()
    yield made
    made.remove()


def _payload(hub: Stage, before: str, after: str) -> dict[str, Any]:
    """The fields of GitHub's push event that matter, among some that do not."""
    name = f"{hub.gitea.user}/{hub.repository}"
    repository = {"id": 1296269, "full_name": name, "clone_url": f"{hub.host}/{name}.git", "default_branch": "main"}
    commit = {"id": after, "message": "a message with $(tt.params.repository) in it", "added": [], "modified": []}
    return {
        "ref": "refs/heads/main", "before": before, "after": after, "created": False, "deleted": False, "forced": False,
        "repository": repository, "pusher": {"name": "dana"}, "head_commit": commit, "commits": [commit],
    }  # fmt: skip


def _final(github: GitHubHost, commit: str, context: str) -> dict[str, str]:
    def ask() -> dict[str, str] | None:
        found = github.latest(commit).get(context)
        return found if found and found["state"] != "pending" else None

    return dict(wait(f"a final status {context}", ask))


def test_a_push_to_github_is_delivered_told_and_removed(hub: Stage, github: GitHubHost) -> None:
    repo = hub.checkout
    assert repo is not None
    repo.write("apps/hub.yaml", web("hub"))
    first = repo.push("hub")
    hub.send(_payload(hub, ZERO, first), secret=hub.webhook_secret)
    assert _final(github, first, "pushboat/hub")["state"] == "success"
    assert _final(github, first, "pushboat")["description"] == "delivered: hub"
    assert [one["state"] for one in github.posted if one["context"] == "pushboat/hub"] == ["pending", "success"]

    repo.write("apps/hub.yaml", web("hub", extra="deleted: true"))
    second = repo.push("delete hub")
    hub.send(_payload(hub, first, second), secret=hub.webhook_secret)
    assert "its YAML left Git with" in _final(github, second, "pushboat/hub")["description"]
    repo.update()
    assert not (repo.folder / "apps/hub.yaml").exists()
    assert hub.cluster.get("deployment", "hub-web", hub.target) is None
