"""The Git host through its API, and a person's clone."""

from __future__ import annotations

import json
import os
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hack.stage.commands import run


@dataclass(frozen=True)
class Gitea:
    """The Git host, through its API."""

    url: str
    user: str
    token: str = field(repr=False)

    @classmethod
    def from_environment(cls) -> Gitea:
        """The one that `hack/dev cluster env` names."""
        token = Path(os.environ["GITEA_TOKEN_FILE"]).read_text().strip()
        return cls(os.environ["GITEA_URL"], os.environ["GITEA_USER"], token)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One API call."""
        request = urllib.request.Request(  # noqa: S310 - a host of ours
            f"{self.url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            text = response.read()
        return json.loads(text) if text else None

    def statuses(self, repository: str, commit: str) -> dict[str, dict[str, str]]:
        """The newest status of each context: state and description."""
        answer = self.call("GET", f"/repos/{self.user}/{repository}/commits/{commit}/status?limit=50")
        return {
            one["context"]: {"state": one["status"], "description": one["description"]}
            for one in answer["statuses"] or []
        }

    def history(self, repository: str, commit: str, context: str) -> list[str]:
        """All states that were posted under a context, oldest first."""
        found = self.call("GET", f"/repos/{self.user}/{repository}/commits/{commit}/statuses?limit=50&sort=oldest")
        return [one["status"] for one in sorted(found, key=lambda one: one["id"]) if one["context"] == context]


class Checkout:
    """A person's clone of a repository."""

    def __init__(self, gitea: Gitea, name: str, folder: Path) -> None:
        self.folder, self.name = folder, name
        folder.mkdir(parents=True, exist_ok=True)
        helper = folder.parent / f"{name}.credentials"
        helper.touch(mode=0o600)
        scheme, _, host = gitea.url.partition("://")
        helper.write_text(f"{scheme}://{gitea.user}:{gitea.token}@{host}\n")
        self.git("init", "-q", "-b", "main")
        self.git("config", "credential.helper", f"store --file={helper}")
        self.git("config", "user.name", "Dana Developer")
        self.git("config", "user.email", "dana@example.com")
        self.git("remote", "add", "origin", f"{gitea.url}/{gitea.user}/{name}.git")

    def git(self, *words: str) -> str:
        """Run git in the clone."""
        return run("git", *words, cwd=self.folder).strip()

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def update(self) -> None:
        """Take over what others have pushed."""
        self.git("fetch", "-q", "origin")
        if self.git("ls-remote", "origin", "refs/heads/main"):
            self.git("reset", "-q", "--hard", "origin/main")

    def push(self, message: str) -> str:
        """Commit everything and push; gives the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        self.git("push", "-q", "-u", "origin", "main")
        return self.git("rev-parse", "HEAD")
