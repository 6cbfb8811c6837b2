"""A stage for the demo, the end-to-end tests and the benchmarks: a Git host, a repository, the bundle, and people.

It does what the install guide says, with the commands a user types: git, kubectl, tkn and pushboat.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

BIN = Path(sys.executable).parent  # where `pushboat` is installed beside this Python
DEADLINE = 240.0


def run(
    *command: str,
    data: str | None = None,
    check: bool = True,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> str:
    """A command's standard output; a failure raises with all it said."""
    full = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", **(env or {})}
    done = subprocess.run(command, input=data, capture_output=True, text=True, check=False, cwd=cwd, env=full)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command[:6])} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def wait(what: str, ask: Callable[[], Any], seconds: float = DEADLINE, every: float = 0.25) -> Any:
    """The first true answer of `ask`; TimeoutError says what was waited for and what the last answer was."""
    deadline, answer = time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(every)
    raise TimeoutError(f"waited {seconds:.0f} s for {what}; last seen: {answer!r}")


class Cluster:
    """The cluster that KUBECONFIG names, through kubectl."""

    def kubectl(self, *words: str, data: str | None = None, check: bool = True) -> str:
        """Run kubectl."""
        return run("kubectl", *words, data=data, check=check)

    def get(self, kind: str, name: str, namespace: str) -> dict[str, Any] | None:
        """An object, or None."""
        text = self.kubectl("-n", namespace, "get", kind, name, "--ignore-not-found", "-o", "json")
        return json.loads(text) if text.strip() else None

    def items(self, kind: str, namespace: str, labels: str = "") -> list[dict[str, Any]]:
        """The objects of a kind."""
        selector = ("-l", labels) if labels else ()
        return list(json.loads(self.kubectl("-n", namespace, "get", kind, *selector, "-o", "json"))["items"])


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


@dataclass
class Stage:
    """A repository that the bundle in `namespace` delivers to `target`."""

    cluster: Cluster
    gitea: Gitea
    repository: str
    namespace: str
    target: str
    folder: Path
    image: str
    catch_up: str = "0 0 1 1 *"
    branch_path: str = "apps"
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    forge: str = "gitea"
    host: str = ""  # of the repository's URL; the Gitea's own unless given
    checkout: Checkout | None = None

    def platform(self) -> str:
        """The platform.yaml a platform team would write."""
        return (
            "apiVersion: pushboat.dev/v1alpha1\nkind: Platform\nspec:\n"
            f'  namespace: {self.namespace}\n  image: {self.image}\n  catchUp: "{self.catch_up}"\n'
            f"  repositories:\n    - name: {self.repository}\n      forge: {self.forge}\n"
            f"      url: {self.host or self.gitea.url}/{self.gitea.user}/{self.repository}\n"
            f"  targets:\n    - name: default\n      namespace: {self.target}\n"
        )

    def make_repository(self) -> Checkout:
        """An empty repository on the Git host and a clone of it; what an earlier run left is thrown away."""
        with suppress(urllib.error.HTTPError):
            self.gitea.call("DELETE", f"/repos/{self.gitea.user}/{self.repository}")
        self.gitea.call("POST", "/user/repos", {"name": self.repository, "private": True, "default_branch": "main"})
        return Checkout(self.gitea, self.repository, self.folder / self.repository)

    def install(self) -> None:
        """Generate the bundle and apply it, with the Secrets it names, and wait for its listener."""
        kubectl = self.cluster.kubectl
        platform, bundle = self.folder / "platform.yaml", self.folder / "bundle.yaml"
        platform.write_text(self.platform())
        run("pushboat", "generate", "-f", str(platform), "-o", str(bundle))
        for name in (self.namespace, self.target):
            kubectl(
                "apply",
                "-f",
                "-",
                data=json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}),
            )
        self.webhook_secret = hashlib.sha256(os.urandom(32)).hexdigest()
        self.secret(f"{self.repository}-git", "token", self.gitea.token)
        self.secret(f"{self.repository}-webhook", "secret", self.webhook_secret)
        kubectl("apply", "-f", str(bundle))
        kubectl("-n", self.namespace, "wait", "--for=condition=Ready", "eventlistener/pushboat", "--timeout=120s")
        kubectl("-n", self.namespace, "rollout", "status", "deployment/el-pushboat", "--timeout=120s")

    def secret(self, name: str, key: str, value: str) -> None:
        """A Secret of the bundle's namespace; its value travels on standard input only."""
        metadata = {"name": name, "namespace": self.namespace}
        self.cluster.kubectl(
            "apply",
            "-f",
            "-",
            data=json.dumps({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {key: value}}),
        )

    def find_listener(self) -> None:
        """Where webhooks go; waits until the listener answers there."""
        address = self.cluster.get("service", "el-pushboat", self.namespace)
        assert address is not None, "the listener has no Service"
        self.webhook_url = self.webhook_url or f"http://{address['spec']['clusterIP']}:8080"
        wait("the listener to answer", self._listens, 60)

    def hook(self) -> None:
        """The webhook on the Git host."""
        self.find_listener()
        self.gitea.call(
            "POST",
            f"/repos/{self.gitea.user}/{self.repository}/hooks",
            {
                "type": "gitea", "active": True, "events": ["push"],
                "config": {"url": self.webhook_url, "content_type": "json", "secret": self.webhook_secret},
            },
        )  # fmt: skip

    def _listens(self) -> bool:
        with suppress(OSError):
            urllib.request.urlopen(f"{self.webhook_url}/live", timeout=2).close()  # noqa: S310
            return True
        return False

    def send(self, payload: dict[str, Any], *, secret: str | None, event: str = "push") -> int:
        """A webhook by hand, signed with `secret` or not at all; the answer's status."""
        body = json.dumps(payload).encode()
        headers = {"Content-Type": "application/json", "X-GitHub-Event": event, "X-Gitea-Event": event}
        if secret is not None:
            headers["X-Hub-Signature-256"] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(self.webhook_url, data=body, headers=headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return int(response.status)

    def runs(self, labels: str = "") -> list[dict[str, Any]]:
        """The PipelineRuns of the bundle's namespace."""
        return self.cluster.items("pipelinerun", self.namespace, labels)

    def delivers(self) -> list[dict[str, Any]]:
        """The deliver runs."""
        return self.runs("tekton.dev/pipeline=deliver")

    def app_runs(self, commit: str) -> list[dict[str, Any]]:
        """The apps' runs of a push."""
        return self.runs(f"pushboat.dev/commit={commit},pushboat.dev/app")

    def status(self, commit: str, context: str) -> dict[str, str]:
        """A commit status once it is final."""
        return dict(wait(f"a final status {context} on {commit[:7]}", lambda: self._final(commit, context)))

    def _final(self, commit: str, context: str) -> dict[str, str] | None:
        found = self.gitea.statuses(self.repository, commit).get(context)
        return found if found and found["state"] != "pending" else None

    def remove(self) -> None:
        """Take down what `install` made."""
        self.cluster.kubectl("delete", "namespace", self.namespace, self.target, "--ignore-not-found", "--wait=false")
        self.cluster.kubectl(
            "delete", "clusterrole,clusterrolebinding", f"{self.namespace}-listener", "--ignore-not-found"
        )
