"""One way to run git, with everything switched off that a hostile repository or environment could use."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from pathlib import Path

from generator.model.errors import PushboatError, RetryLaterError

SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_SECONDS = 120
# A refusal is final, but for "too many requests"; anything else a host answers may pass.
_FINAL = re.compile(r"requested URL returned error: 4(?!29)[0-9][0-9]")
_REDIRECT = re.compile(r"requested URL returned error: 3[0-9][0-9]")

_SETTINGS = [
    *("[core]", "\thooksPath = /dev/null", "\tfsmonitor = false", "\taskPass = /bin/false"),
    *("[http]", "\tfollowRedirects = false", "\tlowSpeedLimit = 1000", "\tlowSpeedTime = 30"),
    *("[init]", "\tdefaultBranch = main", "[gc]", "\tauto = 0", "[maintenance]", "\tauto = false"),
    *("[fetch]", "\trecurseSubmodules = false", "[advice]", "\tdetachedHead = false"),
]


class GitError(PushboatError):
    """git ended with an error; the message is its own, flattened."""


class GitUnreachableError(RetryLaterError):
    """The Git host did not answer."""


class Git:
    """git in one bare repository of ours. The credential is kept in a file that only this user can read."""

    def __init__(
        self, folder: Path, *, url: str, user: str = "", token: str = "", protocols: str = "http:https"
    ) -> None:
        self.folder, self.url = folder, url
        folder.mkdir(parents=True, exist_ok=True)
        settings = folder / "settings"
        settings.touch(mode=0o600)
        settings.write_text(_settings(url, user, token))
        self._environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(settings),
            "GIT_DIR": str(folder / "repository.git"),
            "GIT_ALLOW_PROTOCOL": protocols,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "/bin/false",
            "GIT_AUTHOR_NAME": "Pushboat",
            "GIT_AUTHOR_EMAIL": "pushboat@noreply.invalid",
            "GIT_COMMITTER_NAME": "Pushboat",
            "GIT_COMMITTER_EMAIL": "pushboat@noreply.invalid",
        }

    def run(self, *words: str, data: bytes | None = None, more: dict[str, str] | None = None) -> bytes:
        """Git's output. Raises GitUnreachableError when the host does not answer, GitError for everything else."""
        try:
            done = subprocess.run(
                ["git", *words],
                input=data or b"",
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                env={**self._environment, **(more or {})},
            )
        except subprocess.TimeoutExpired as error:
            raise GitUnreachableError(f"{self.url} did not answer within {_SECONDS} s") from error
        if done.returncode == 0:
            return done.stdout
        text = " ".join(done.stderr.decode(errors="replace").split())
        if _REDIRECT.search(text):
            raise GitError(f"{self.url} is redirected, which is not followed: correct the url in the platform ({text})")
        if "unable to access" in text and not _FINAL.search(text):
            raise GitUnreachableError(f"the Git host does not answer: {text}")
        raise GitError(f"git {words[0]} {self.url}: {text}")


def _settings(url: str, user: str, token: str) -> str:
    """Git's own settings. The header is bound to the URL and redirects are off: the token stays with its host."""
    lines = _SETTINGS.copy()
    if token:
        pair = base64.b64encode(f"{user}:{token}".encode()).decode()
        lines += [f'[http "{url}"]', f"\textraHeader = Authorization: Basic {pair}"]
    return "\n".join(lines) + "\n"
