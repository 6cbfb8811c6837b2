"""GitHub and GitHub Enterprise Server: REST API version 2022-11-28, commit statuses.

Enterprise servers have their API below /api/v3 of the same host.
"""

from __future__ import annotations

from typing import Any

from generator.model.status import CommitStatus, Mood

GIT_USER = "x-access-token"


def api_url(host: str) -> str:
    """github.com has its API on a host of its own."""
    return "https://api.github.com" if host == "https://github.com" else f"{host}/api/v3"


def headers(token: str) -> dict[str, str]:
    """GitHub refuses a request without a User-Agent."""
    return {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28", "User-Agent": "pushboat"}


def status_path(project: str, commit: str) -> str:
    """Create a commit status."""
    return f"/repos/{project}/statuses/{commit}"


def status_body(status: CommitStatus) -> dict[str, Any]:
    """Descriptions of more than 140 characters are refused, so they come cut."""
    return {"context": status.context, "state": status.mood.value, "description": status.description}


def statuses_path(project: str, commit: str, page: int) -> str:
    """The combined status: the newest of each context."""
    return f"/repos/{project}/commits/{commit}/status?per_page=50&page={page}"


def read_statuses(answer: dict[str, Any]) -> list[CommitStatus]:
    """The combined status' list."""
    return [
        CommitStatus(one["context"], Mood(one["state"]), one.get("description") or "")
        for one in answer.get("statuses") or []
    ]
