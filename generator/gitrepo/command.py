"""One way to run git, with everything switched off that a hostile repository or environment could use."""

from __future__ import annotations

import base64
import os
import re
import resource
import subprocess
from pathlib import Path

from generator.model.errors import PushboatError, RetryLaterError

SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_SECONDS = 120
# A refusal is final, but for "too many requests"; anything else a host answers may pass.
_FINAL = re.compile(r"requested URL returned error: 4(?!29)[0-9][0-9]")
_REDIRECT = re.compile(r"requested URL returned error: 3[0-9][0-9]")

_SETTINGS = [
    # A blob over the threshold goes to disk in a stream: it never stands in git's memory as a whole.
    *("[core]", "\thooksPath = /dev/null", "\tfsmonitor = false", "\taskPass = /bin/false", "\tbigFileThreshold = 1m"),
    "\tfsync = none",  # what we keep lives as long as one step
    *("[http]", "\tfollowRedirects = false", "\tlowSpeedLimit = 1000", "\tlowSpeedTime = 30"),
    *("[init]", "\tdefaultBranch = main", "[gc]", "\tauto = 0", "[maintenance]", "\tauto = false"),
    *("[fetch]", "\trecurseSubmodules = false", "[advice]", "\tdetachedHead = false"),
    # Of somebody else's repository only ids and a place are asked, which runs nothing of theirs (see local.py).
    *("[safe]", "\tdirectory = *"),
]
# git was ended by the kernel because a file grew beyond what it was allowed (SIGXFSZ).
_TOO_LARGE = re.compile(r"died of signal 25\b|File too large")


class GitError(PushboatError):
    """git ended with an error; the message is its own, flattened."""


class GitUnreachableError(RetryLaterError):
    """The Git host did not answer."""


class GitTooLargeError(GitError):
    """git would have written a larger file than it was allowed to."""


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
        self._environment = _environment(folder, settings, protocols)

    def run(self, *words: str, data: bytes = b"", more: dict[str, str] | None = None, largest: int = 0) -> bytes:
        """Git's output. Raises GitUnreachableError when the host does not answer, GitError for everything else.

        No file it writes grows beyond `largest` bytes, where that is given: it ends with GitTooLargeError instead.
        """
        inside = {"GIT_DIR": str(self.folder / "repository.git")}
        return self._end(words, data, {**self._environment, **inside, **(more or {})}, largest)

    def remember(self, name: str, value: str) -> None:
        """Set a variable of the environment for every command from now on."""
        self._environment[name] = value

    def ask(self, folder: Path, *words: str) -> bytes:
        """What git says of somebody else's repository, found from `folder` upwards."""
        return self._end(("-C", str(folder), *words), b"", self._environment, 0)

    def _end(self, words: tuple[str, ...], data: bytes, environment: dict[str, str], largest: int) -> bytes:
        pipe = subprocess.PIPE
        with subprocess.Popen(["git", *words], stdin=pipe, stdout=pipe, stderr=pipe, env=environment) as process:
            if largest:  # its children have it too; a limit set between fork and exec is not safe beside threads
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (largest, largest))
            try:
                output, errors = process.communicate(data, timeout=_SECONDS)
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise GitUnreachableError(f"{self.url} did not answer within {_SECONDS} s") from error
            except BaseException:
                process.kill()  # as subprocess.run does: nothing goes on behind an interrupted command
                raise
        if process.returncode:
            raise self._error(words, " ".join(errors.decode(errors="replace").split()))
        return output

    def _error(self, words: tuple[str, ...], text: str) -> PushboatError:
        if _TOO_LARGE.search(text):
            return GitTooLargeError(f"git {words[0]} {self.url}: {text}")
        if _REDIRECT.search(text):
            mend = "is redirected, which is not followed: correct the url in the platform"
            return GitError(f"{self.url} {mend} ({text})")
        if "unable to access" in text and not _FINAL.search(text):
            return GitUnreachableError(f"the Git host does not answer: {text}")
        return GitError(f"git {words[0]} {self.url}: {text}")


def _environment(home: Path, settings: Path, protocols: str) -> dict[str, str]:
    who = {"NAME": "Pushboat", "EMAIL": "pushboat@noreply.invalid"}
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_ALLOW_PROTOCOL": protocols,
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()},
    }


def _settings(url: str, user: str, token: str) -> str:
    """Git's own settings. The header is bound to the URL and redirects are off: the token stays with its host."""
    lines = _SETTINGS.copy()
    if token:
        pair = base64.b64encode(f"{user}:{token}".encode()).decode()
        lines += [f'[http "{url}"]', f"\textraHeader = Authorization: Basic {pair}"]
    return "\n".join(lines) + "\n"
