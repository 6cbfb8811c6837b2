"""A Git host: real git behind `git http-backend`, and the commit status API of GitHub and of Gitea."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.unit.fakes.web import Answer, Request, Web

_API = re.compile(r"/api/v[13]/repos/(?P<project>[^/]+/[^/]+)/(?:statuses/(?P<one>\w+)|commits/(?P<all>\w+)/status)")
DATE = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Special:
    """An entry of a tree that is no plain file: a symbolic link (120000), a submodule (160000), an executable."""

    mode: str
    text: str


Content = str | bytes | Special
RawTree = list[tuple[bytes, "bytes | Special | RawTree"]]  # what is special is named by its id


def git(folder: Path, *words: str, data: bytes = b"") -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], input=data, capture_output=True, check=True)
    return done.stdout.decode().strip()


class Upstream:
    """A bare repository whose commits are made of whole trees; the same trees give the same commit ids."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "--template=")
        for key in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"):
            git(folder, "config", key, "true")
        self._count = 0

    def commit(self, files: dict[str, Content], *, branch: str = "main", message: str = "a push") -> str:
        """A commit on top of the branch that holds exactly `files`."""
        self._count += 1
        parent = self.head(branch)
        lines = [f"commit refs/heads/{branch}\ncommitter Ada <ada@example.com> {DATE + self._count} +0000\n".encode()]
        lines.append(f"data {len(message)}\n{message}\n".encode())
        if parent:
            lines.append(f"from {parent}\n".encode())
        lines.append(b"deleteall\n")
        lines += [_entry(path, content) for path, content in sorted(files.items())]
        git(self.folder, "fast-import", "--quiet", "--force", data=b"".join(lines))
        return self.head(branch)

    def commit_raw(self, tree: RawTree, *, branch: str = "main") -> str:
        """A commit that no ordinary git would make: its trees hold any names and modes, in the order given."""
        commit = git(self.folder, "commit-tree", "-m", "raw", self._raw(tree))
        git(self.folder, "update-ref", f"refs/heads/{branch}", commit)
        return commit

    def _raw(self, tree: RawTree) -> str:
        data = b""
        for name, what in tree:
            mode, oid = self._raw_entry(what)
            data += mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid)
        return git(self.folder, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=data)

    def _raw_entry(self, what: bytes | Special | RawTree) -> tuple[str, str]:
        if isinstance(what, Special):
            return what.mode, what.text
        return ("100644", self.blob(what)) if isinstance(what, bytes) else ("40000", self._raw(what))

    def blob(self, data: bytes) -> str:
        return git(self.folder, "hash-object", "-w", "--stdin", data=data)

    def head(self, branch: str = "main") -> str:
        return git(self.folder, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")

    def files(self, branch: str = "main") -> list[str]:
        return git(self.folder, "ls-tree", "-r", "--name-only", branch).splitlines()

    def message(self, commit: str) -> str:
        return git(self.folder, "log", "-1", "--format=%an%n%B", commit)


def _entry(path: str, content: Content) -> bytes:
    name = b'"' + path.encode("utf-8", "surrogateescape").replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    name = name.replace(b"\n", b"\\n")
    if isinstance(content, Special) and content.mode == "160000":
        return b"M 160000 " + content.text.encode() + b" " + name + b"\n"
    mode = content.mode.encode() if isinstance(content, Special) else b"100644"
    text = content.text if isinstance(content, Special) else content
    data = text.encode() if isinstance(text, str) else text
    return b"M " + mode + b" inline " + name + b"\ndata " + str(len(data)).encode() + b"\n" + data + b"\n"


@dataclass(slots=True)
class Post:
    """A commit status as it was posted."""

    commit: str
    context: str
    state: str
    description: str


@dataclass(slots=True)
class Rules:
    """How the host behaves: which tokens it takes, and what it answers to a status instead of taking it."""

    readers: set[str] = field(default_factory=lambda: {"reader"})
    writers: set[str] = field(default_factory=lambda: {"writer"})
    status_answer: Answer | None = None
    git_answer: Answer | None = None


class GitHost(Web):
    """One host; repositories lie below `root` as OWNER/NAME."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        self.rules = Rules()
        self.posts: list[Post] = []
        self.before_push: Callable[[], None] = lambda: None
        self.page_size = 50

    def repository(self, project: str) -> Upstream:
        return Upstream(self.root / project)

    def statuses(self, commit: str) -> dict[str, tuple[str, str]]:
        """The newest status of each context."""
        with self.lock:
            return {post.context: (post.state, post.description) for post in self.posts if post.commit == commit}

    def answer(self, request: Request) -> Answer:
        match = _API.fullmatch(request.path)
        return self._status(request, match) if match else self._git(request)

    def _status(self, request: Request, match: re.Match[str]) -> Answer:
        token = request.headers.get("authorization", "").partition(" ")[2]
        if token not in self.rules.readers | self.rules.writers:
            return Answer(401, {"message": "Bad credentials"})
        if self.rules.status_answer:
            return self.rules.status_answer
        if match["one"]:
            data = request.json
            if len(data["description"]) > 140:
                return Answer(422, {"message": "description is too long (maximum is 140 characters)"})
            with self.lock:
                self.posts.append(Post(match["one"], data["context"], data["state"], data["description"]))
            return Answer(201, data)
        newest = self.statuses(match["all"])
        is_github = request.path.startswith("/api/v3")
        word = "state" if is_github else "status"
        limit = min(int(request.query["per_page" if is_github else "limit"]), self.page_size)
        page = int(request.query.get("page", "1"))
        entries: list[dict[str, Any]] = [
            {"context": context, word: state, "description": text} for context, (state, text) in newest.items()
        ]
        return Answer(data={"state": "pending", "statuses": entries[(page - 1) * limit : page * limit] or None})

    def _git(self, request: Request) -> Answer:
        password = _password(request.headers.get("authorization", ""))
        pushes = "receive-pack" in request.path or request.query.get("service") == "git-receive-pack"
        if password not in (self.rules.writers if pushes else self.rules.readers | self.rules.writers):
            return Answer(401, headers={"WWW-Authenticate": 'Basic realm="git"'})
        if self.rules.git_answer:
            return self.rules.git_answer
        if request.path.endswith("/git-receive-pack"):
            self.before_push()
        done = subprocess.run(
            ["git", "http-backend"], input=request.body, capture_output=True, check=True, env=self._environment(request)
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        status = int(headers.pop("Status", "200").split()[0])
        return Answer(status, body=body, headers=headers)

    def _environment(self, request: Request) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "pushboat",
            "REQUEST_METHOD": request.method,
            "PATH_INFO": request.path,
            "QUERY_STRING": request.query_string,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(request.body)),
            "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        }


def _password(header: str) -> str:
    if not header.startswith("Basic "):
        return ""
    return base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")[2]
