"""Part one: a real Git repository, three pushes, and what Pushboat makes of them. No cluster, no network."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from hack.demo import screen
from hack.stage import run
from hack.stage.sample import definition

if TYPE_CHECKING:
    from pathlib import Path

APP = "web"
PLATFORM = """\
apiVersion: pushboat.dev/v1alpha1
kind: Platform
spec:
  namespace: demo-pushboat
  image: registry.example.com/pushboat-step:0.1.0
  repositories:
    - name: shop
      forge: gitea
      url: https://git.example.com/dev/shop
  targets:
    - name: default
      namespace: demo-shop
"""
# A misspelt kind, a version that does not stay the same, and a port in words.
MISTAKEN = """\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata:
  name: cart
spec:
  version: "0.3.0"
  components:
    - name: cart
      kind: Deploymnt
      image: registry.example.com/cart:latest
      ports:
        - name: http
          port: eighty
"""


class Scene:
    """A bare repository that is pushed to, and a clone."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "shop" / "apps").mkdir(parents=True)
        self.folder, self.clone, self.base = folder, folder / "shop", ""
        (folder / "platform.yaml").write_text(PLATFORM)
        run("git", "init", "-q", "--bare", "-b", "main", "shop.git", cwd=folder)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Dana Developer")
        self.git("config", "user.email", "dana@example.com")
        self.git("remote", "add", "origin", "../shop.git")

    def git(self, *words: str) -> str:
        return run("git", *words, cwd=self.clone)

    def push(self, message: str, **files: str) -> None:
        """Commit and push `apps/NAME.yaml`, and show the push and what would come of it."""
        for name, text in files.items():
            (self.clone / "apps" / f"{name}.yaml").write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        self.git("push", "-q", "origin", "main")
        screen.command("git push", "  #", self.git("log", "-1", "--format=%h %s").strip())
        screen.diff(self.git("show", "--format=", "-U1"))

    def plan(self) -> list[dict[str, Any]]:
        """Run `pushboat plan`, show what it says, and give the runs that it renders."""
        head = self.git("rev-parse", "--short", "HEAD").strip()
        words = ["pushboat", "plan", "--repo", "shop.git", *(["--from", self.base] if self.base else []), "--to", head]
        screen.command(*words)
        screen.changes(run(*words, cwd=self.folder, check=False))
        self.base = head
        found = json.loads(run(*words, "--runs", "-o", "json", cwd=self.folder, check=False))
        return [item for one in found["runs"] for item in (one["run"], *one["manifests"])]


def show(folder: Path) -> None:
    """The whole of part one."""
    screen.title("Part one: what a push would do, without a cluster")
    screen.prose(
        f"""A real Git repository is made in {folder}, and a small app is pushed to it three times. After each push,
        `pushboat plan` names the changes with their reasons, and renders the Tekton PipelineRun of each app."""
    )
    scene = Scene(folder)
    _create(scene)
    _upgrade(scene)
    _delete(scene)
    _mistake(scene)


def _create(scene: Scene) -> None:
    screen.title("1 of 3: a definition that is new is a create")
    scene.push("Deliver web 1.0.0", web=definition(APP, "1.0.0", replicas=2))
    _run(scene.plan())


def _upgrade(scene: Scene) -> None:
    screen.title("2 of 3: the app is there, and its definition differs: an upgrade")
    scene.push("web 1.1.0", web=definition(APP, "1.1.0", replicas=2))
    _run(scene.plan())


def _delete(scene: Scene) -> None:
    screen.title("3 of 3: the delete mark: objects go first, the YAML goes last")
    scene.push("web is not needed any more", web=definition(APP, "1.1.0", replicas=2, deleted=True))
    _run(scene.plan())


def _mistake(scene: Scene) -> None:
    screen.title("A mistake fails alone")
    screen.prose(
        """One push with a definition full of mistakes and a good one. Every problem is named with its place, on the
        commit too, and the good one is delivered."""
    )
    scene.push("Two apps at once", cart=MISTAKEN, stock=definition("stock", "2.0.0"))
    scene.plan()


def _run(items: list[dict[str, Any]]) -> None:
    """The PipelineRun, short, and what it applies."""
    run_ = items[0]
    metadata, spec = run_["metadata"], run_["spec"]["pipelineSpec"]
    labels = [f"{key.removeprefix('pushboat.dev/')}={value[:7]}" for key, value in metadata["labels"].items()]
    pairs = [
        ("PipelineRun", metadata["name"]),
        ("description", spec["description"]),
        ("labels", f"pushboat.dev/...: {', '.join(labels)}"),
    ]
    pairs += [(f"phase {number}", _phase(one, run_)) for number, one in enumerate(spec["tasks"], 1)]
    applied = [f"{item['kind']}/{item['metadata']['name']}" for item in items[1:]]
    if applied:
        pairs.append(("applies", f"{', '.join(applied)} in namespace {items[1]['metadata']['namespace']}"))
    screen.put()
    screen.put("  It starts this run, here in short (all of it: --runs):")
    screen.fields(pairs)


def _phase(task: dict[str, Any], run_: dict[str, Any]) -> str:
    accounts = {one["pipelineTaskName"]: one["serviceAccountName"] for one in run_["spec"]["taskRunSpecs"]}
    after = f"after {', '.join(task['runAfter'])}, " if "runAfter" in task else ""
    account = accounts[task["name"]]
    return f"{task['name']}: {task['description']} ({after}as {account}, at most {task['timeout']})"
