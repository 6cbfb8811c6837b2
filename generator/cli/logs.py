"""pushboat logs: follow the runs of an app."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from generator.cli.cluster_options import cluster_options
from generator.model import names
from generator.model.errors import UserError
from generator.model.inventory import ObjectRef

if TYPE_CHECKING:
    from generator.cluster.api import Api, Object

_POLL = 0.5


@click.command()
@click.argument("app")
@cluster_options
@click.option("--run", "run_name", help="One run by its name, instead of the newest.")
@click.option("--no-follow", is_flag=True, help="Print what there is and end.")
def logs(app: str, api: Api, namespace: str, run_name: str | None, no_follow: bool) -> None:
    """Follow the newest run of APP, until it has ended."""
    run = _run(api, namespace, app, run_name)
    click.echo(
        f"{run['metadata']['name']}: {run['metadata'].get('annotations', {}).get('pushboat.dev/description', '')}",
        err=True,
    )
    seen: set[tuple[str, str]] = set()
    while True:
        ended = no_follow or _ended(api, run)
        for pod in _pods(api, run):
            _print(api, pod, seen, wait=not no_follow)
        if ended:
            break
        time.sleep(_POLL)
    click.echo(_verdict(api, run), err=True)


def _run(api: Api, namespace: str, app: str, name: str | None) -> Object:
    found = api.list("tekton.dev/v1", "PipelineRun", namespace, {names.APP: app})
    if name:
        found = [item for item in found if item["metadata"]["name"] == name]
    if not found:
        raise UserError(f"there is no run {name or ''} of an app '{app}' in namespace {namespace}".replace("  ", " "))
    return max(found, key=lambda item: (item["metadata"]["creationTimestamp"], item["metadata"]["name"]))


def _fresh(api: Api, run: Object) -> Object:
    metadata = run["metadata"]
    return api.get(ObjectRef(run["apiVersion"], run["kind"], metadata["namespace"], metadata["name"])) or {}


def _ended(api: Api, run: Object) -> bool:
    return bool(_fresh(api, run).get("status", {}).get("completionTime"))


def _pods(api: Api, run: Object) -> list[Object]:
    pods = api.list("v1", "Pod", run["metadata"]["namespace"], {"tekton.dev/pipelineRun": run["metadata"]["name"]})
    return sorted(pods, key=lambda pod: (pod["metadata"]["creationTimestamp"], pod["metadata"]["name"]))


def _print(api: Api, pod: Object, seen: set[tuple[str, str]], *, wait: bool) -> None:
    name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
    states = {one["name"]: one["state"] for one in pod.get("status", {}).get("containerStatuses", [])}
    for container in (one["name"] for one in pod["spec"]["containers"]):  # the order of the steps
        if (name, container) in seen or "waiting" in states.get(container, {"waiting": {}}):
            continue
        seen.add((name, container))
        phase = pod["metadata"]["labels"].get("tekton.dev/pipelineTask", "")
        lines = api.follow(namespace, name, container) if wait else api.log(namespace, name, container).splitlines()
        for line in lines:
            click.echo(f"[{phase} {container.removeprefix('step-')}] {line}")


def _verdict(api: Api, run: Object) -> str:
    conditions = _fresh(api, run).get("status", {}).get("conditions", [])
    return (
        f"{conditions[0].get('reason', '')}: {conditions[0].get('message', '')}"
        if conditions
        else "the run has not started yet"
    )
