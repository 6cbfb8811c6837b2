"""The bundle on its stage: installed as the install guide says, its webhook, and what it does."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hack.stage.cluster import Cluster
from hack.stage.commands import run, wait
from hack.stage.githost import Checkout, Gitea
from hack.stage.reach import reach


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
        self.webhook_url = self.webhook_url or reach(self.cluster, self.namespace, "el-pushboat", 8080)
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
