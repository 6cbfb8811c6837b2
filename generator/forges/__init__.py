"""The Git hosts: one file each, and the dict. A forge is what its API wants to hear, without any I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from generator.forges import gitea, github

if TYPE_CHECKING:
    from generator.model.status import CommitStatus


class Forge(Protocol):
    """A forge is a module with these names; `project` is `OWNER/REPOSITORY` out of the repository's URL."""

    GIT_USER: str

    def api_url(self, host: str) -> str:
        """The root of the API for a repository's host (`scheme://name[:port]`)."""

    def headers(self, token: str) -> dict[str, str]:
        """What authenticates a request."""

    def status_path(self, project: str, commit: str) -> str:
        """Where a commit's status is posted."""

    def status_body(self, status: CommitStatus) -> dict[str, Any]:
        """What is posted there."""

    def statuses_path(self, project: str, commit: str, page: int) -> str:
        """Where the newest status of each context is read, 50 a page, counting from 1."""

    def read_statuses(self, answer: dict[str, Any]) -> list[CommitStatus]:
        """The statuses of one page."""


FORGES: dict[str, Forge] = {
    "github": github,
    "gitea": gitea,
}
