"""Gitea and Forgejo: API v1, commit statuses. Their states are GitHub's and `warning`, which is never sent."""

from __future__ import annotations

from typing import Any

from generator.model.status import CommitStatus, Mood

GIT_USER = "pushboat"  # any name goes with an access token as the password
_MOODS = {"warning": Mood.FAILURE, "skipped": Mood.SUCCESS}


def api_url(host: str) -> str:
    """The API is part of every installation."""
    return f"{host}/api/v1"


def headers(token: str) -> dict[str, str]:
    """A personal access token or an application's."""
    return {"Authorization": f"token {token}"}


def status_path(project: str, commit: str) -> str:
    """Create a commit status."""
    return f"/repos/{project}/statuses/{commit}"


def status_body(status: CommitStatus) -> dict[str, Any]:
    """The same fields as GitHub's."""
    return {"context": status.context, "state": status.mood.value, "description": status.description}


def statuses_path(project: str, commit: str, page: int) -> str:
    """The combined status: the newest of each context."""
    return f"/repos/{project}/commits/{commit}/status?limit=50&page={page}"


def read_statuses(answer: dict[str, Any]) -> list[CommitStatus]:
    """Unlike GitHub, each entry calls its state `status`, and the list is null where there is none."""
    return [
        CommitStatus(one["context"], _MOODS.get(one["status"]) or Mood(one["status"]), one.get("description") or "")
        for one in answer.get("statuses") or []
    ]
