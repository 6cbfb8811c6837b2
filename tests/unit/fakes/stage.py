"""A stage for the steps: an API server, a Git host, and Tasks carried out as their YAML says, in this process."""

from __future__ import annotations

import base64
import contextlib
import importlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.model.platform import Platform, Repository, Target
from generator.model.serial import to_plain
from generator.steps import shell
from tests.unit.fakes.api_server import TOKEN, ApiServer, Object, available, complete
from tests.unit.fakes.git_host import GitHost, Upstream

TASKS = Path(__file__).parents[3] / "tasks"
NAMESPACE = "pushboat"


@dataclass(slots=True)
class Ended:
    """How a Task ended: the exit code of the step that ended it, the results, the logs of all steps."""

    code: int
    results: dict[str, str]
    log: str


@dataclass(slots=True)
class Stage:
    api: ApiServer
    host: GitHost
    upstream: Upstream
    root: Path
    patch: pytest.MonkeyPatch
    tasks: dict[str, Ended] = field(default_factory=dict)  # of the run that was carried out last
    between_steps: Callable[[str], None] = lambda _: None  # is called with the name of each step before it starts

    def task(self, name: str, **params: str) -> Ended:
        """The Task's steps one after the other, until one fails."""
        spec = yaml.safe_load((TASKS / name / f"{name}.yaml").read_text())["spec"]
        assert {one["name"] for one in spec["params"]} >= set(params)
        folder = self.root / "results"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        code, log = 0, io.StringIO()
        for step in spec["steps"]:
            self.between_steps(step["name"])
            with self.patch.context() as patch, contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
                for one in step["env"]:
                    patch.setenv(one["name"], _filled(one["value"], params, folder))
                module = importlib.import_module(step["command"][2])
                code = shell.step(module.Inputs, module.run)
            if code:
                break
        return Ended(code, {file.name: file.read_text() for file in folder.iterdir()}, log.getvalue())

    def deliver(self) -> list[str]:
        """What Pipeline `deliver` does; gives the runs it created or found."""
        ended = self.task("plan-changes", repository="shop")
        assert ended.code == 0, ended.log
        return ended.results["runs"].split()

    def carry_out(self, name: str) -> bool:
        """What Tekton does with an app's run; whether it succeeded."""
        spec = self.api.find("PipelineRun", name)["spec"]
        assert "status" not in spec, f"{name} is {spec['status']}"
        given = {one["name"]: one["value"] for one in spec["params"]}
        self.tasks = {}
        failed = False
        for task in spec["pipelineSpec"]["tasks"]:
            if failed or not self._wanted(task, "None"):
                break
            self.tasks[task["name"]] = self.task(task["taskRef"]["name"], **self._params(task, given))
            failed = self.tasks[task["name"]].code != 0
        for task in spec["pipelineSpec"]["finally"]:
            if self._wanted(task, "Failed" if failed else "Succeeded"):
                self.tasks[task["name"]] = self.task(task["taskRef"]["name"], **self._params(task, given))
        self.end(name)
        return not failed

    def end(self, name: str) -> None:
        """What Tekton writes when a run has ended, however it ended."""
        item = self.api.find("PipelineRun", name)
        self.api.put({**item, "status": {"completionTime": "2026-01-01T00:00:00Z"}})

    def push(self, files: dict[str, Any]) -> str:
        return self.upstream.commit(files)

    def inventory(self, app: str, target: str = "default") -> dict[str, Any]:
        item = self.api.find("ConfigMap", f"inventory-{app}.{target}")
        found: dict[str, Any] = json.loads(item["data"]["inventory.json"])
        return found

    def ledger(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.api.find("ConfigMap", "ledger-shop")["data"]["ledger.json"])
        return found

    def statuses(self, commit: str) -> dict[str, tuple[str, str]]:
        return self.host.statuses(commit)

    def _params(self, task: Any, given: dict[str, str]) -> dict[str, str]:
        return {
            one["name"]: re.sub(r"\$\(params\.([a-z-]+)\)", lambda match: given[match[1]], one["value"])
            for one in task["params"]
        }

    def _wanted(self, task: Any, status: str) -> bool:
        def value(text: str) -> str:
            match = re.fullmatch(r"\$\(tasks\.([a-z-]+)\.results\.([a-z-]+)\)", text)
            return self.tasks[match[1]].results[match[2]] if match else text.replace("$(tasks.status)", status)

        return all(value(one["input"]) in one["values"] for one in task.get("when", []))


def _filled(text: str, params: dict[str, str], results: Path) -> str:
    text = re.sub(r"\$\(results\.([a-z-]+)\.path\)", lambda match: str(results / match[1]), text)
    return re.sub(r"\$\(params\.([a-z-]+)\)", lambda match: params[match[1]], text)


def platform(host: GitHost, **more: Any) -> Platform:
    shop = Repository("shop", f"{host.url}/team/shop", "gitea", "hook", "shop-git", "shop-git", "shop-git")
    targets = (Target("default", "shop"), Target("staging", "staging"))
    return Platform(NAMESPACE, "step:1", (shop, *more.get("repositories", ())), targets)


def build(api: ApiServer, host: GitHost, root: Path, account: Path, patch: pytest.MonkeyPatch) -> Stage:
    """The stage as the bundle leaves it: the platform, the credentials, the Secrets; controllers that work at once."""
    for kind in ("Deployment", "StatefulSet"):
        api.controllers[kind] = available
    api.controllers["Job"] = complete
    api.put(secret("shop-git", "reader"))
    for folder in ("work", "credentials/status", "credentials/write"):
        (root / folder).mkdir(parents=True)
    (root / "credentials/status/token").write_text("reader\n")
    (root / "credentials/write/token").write_text("writer\n")
    (account / "token").write_text(TOKEN)
    stage = Stage(api, host, host.repository("team/shop"), root, patch)
    configure(stage, platform(host))
    patch.setenv("PUSHBOAT_ROOT", str(root))
    patch.setenv("PUSHBOAT_ACCOUNT", str(account))
    patch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    patch.setenv("KUBERNETES_SERVICE_PORT", str(api.port))
    return stage


def configure(stage: Stage, wanted: Platform) -> None:
    """Another platform, as a new pod of another bundle would find it."""
    stage.patch.setenv("PUSHBOAT_PLATFORM", json.dumps(to_plain(wanted)))
    shell.platform.cache_clear()


def secret(name: str, token: str) -> Object:
    data = {"token": base64.b64encode(token.encode()).decode()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": NAMESPACE}, "data": data}


def definition(name: str = "web", version: str = "1", more: str = "", component: str = "") -> str:
    """A small app as people write it; `more` are lines of its spec."""
    patience = "" if "  deletion: " in more else "  deletion: {timeout: 1s}\n"
    return f"""\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata: {{name: {name}}}
spec:
  version: "{version}"
{patience}  timeouts: {{health: 2s}}
{more}  components:
    - name: {name}
      kind: Deployment
      image: registry.example.com/{name}:{version}
      ports: [{{name: http, port: 8080}}]
{component}"""
