"""Render a change as what is stored and started: its release, its plan and its PipelineRun."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from generator.model import names
from generator.model.change import Action, Change, Push, version_change
from generator.model.plan import Phase, Plan
from generator.model.platform import Platform, Repository
from generator.model.serial import to_plain
from generator.strategies import STRATEGIES

REPORT_SECONDS = 300
_ACTED_ON = {Action.CREATE: "Create", Action.UPGRADE: "Upgrade", Action.DELETE: "Delete"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A change made ready: `release` is None where nothing is applied."""

    change: Change
    plan: Plan
    release: list[dict[str, Any]] | None
    run: dict[str, Any]
    content: str = ""  # the release as JSON, which its name is a hash of


def render(change: Change, push: Push, platform: Platform) -> Rendered:
    """The run of one change that starts something (`create`, `upgrade` or `delete`)."""
    repository, target = platform.repository(push.repository), platform.target(change.target)
    if repository is None or target is None:
        raise KeyError(f"{push.repository} or {change.target} is not part of the platform")
    release = change.objects if change.action is not Action.DELETE else None
    content = "" if release is None else json.dumps(release, separators=(",", ":"))
    plan = Plan(
        run=names.run_name(
            change.app,
            change.action.value,
            push.commit,
            repository=repository.name,
            target=target.name,
            sequence=push.sequence,
        ),
        app=change.app,
        target=target.name,
        namespace=target.namespace,
        action=change.action,
        repository=repository.name,
        path=change.path,
        commit=push.commit,
        sequence=push.sequence,
        version=change.version,
        definition=change.digest,
        release=release_name(change, push.sequence, content) if content else "",
        context=change.context,
        deletion=change.deletion,
        timeouts=change.timeouts,
        depends_on=change.depends_on,
        awaits=change.awaits,
    )
    phases = STRATEGIES["removal" if change.action is Action.DELETE else "rolling"].phases(change)
    return Rendered(change, plan, release, _pipeline_run(change, plan, phases, platform, repository), content)


def release_name(change: Change, sequence: int, content: str) -> str:
    """The stored release of a change; with the sequence, so that a revert never shares what a later run drops."""
    return f"release-{change.app}-{sequence}-{names.digest(change.target, content)}"


def description(change: Change, plan: Plan) -> str:
    """One sentence that tells a person what a run is for."""
    versions = (
        f"{change.previous_version} to {change.version}"
        if change.previous_version not in ("", change.version)
        else change.version
    )
    told_already = change.previous_version and change.reason == version_change(change.previous_version, change.version)
    reason = "" if told_already else f": {change.reason}"
    source = f"{plan.repository}@{plan.commit[:7]} {plan.path}"
    return f"{_ACTED_ON[change.action]} {change.app} {versions} on {change.target}{reason} ({source})"


def _pipeline_run(
    change: Change, plan: Plan, phases: list[Phase], platform: Platform, repository: Repository
) -> dict[str, Any]:
    tasks_seconds = sum(phase.seconds for phase in phases) + 60
    text = description(change, plan)
    labels = {
        names.APP: plan.app,
        names.TARGET: plan.target,
        names.REPOSITORY: plan.repository,
        names.ACTION: plan.action.value,
        names.COMMIT: names.commit_label(plan.commit),
    }
    annotations = {"pushboat.dev/description": text, "pushboat.dev/version": plan.version}
    if change.action is Action.DELETE and not change.exists:
        annotations[names.DONE] = "true"  # it only changes Git: no other run has to wait for it
    return {
        "apiVersion": "tekton.dev/v1",
        "kind": "PipelineRun",
        "metadata": {
            "name": plan.run,
            "namespace": platform.namespace,
            "labels": labels,
            "annotations": annotations,
        },
        "spec": {
            "params": [{"name": "plans", "value": json.dumps([to_plain(plan)], separators=(",", ":"))}],
            "timeouts": {
                "pipeline": f"{tasks_seconds + 2 * REPORT_SECONDS}s",
                "tasks": f"{tasks_seconds + REPORT_SECONDS}s",
                "finally": f"{REPORT_SECONDS}s",
            },
            "taskRunTemplate": {"serviceAccountName": "pushboat-rollout"},
            "taskRunSpecs": [
                {"pipelineTaskName": phase.name, "serviceAccountName": f"pushboat-{phase.identity}"} for phase in phases
            ],
            "pipelineSpec": {
                "description": text,
                "params": [{"name": "plans", "type": "string"}],
                "tasks": [
                    _task(phase, phases[index - 1] if index else None, repository) for index, phase in enumerate(phases)
                ],
                "finally": [_report(plan, repository)],
            },
        },
    }


def _task(phase: Phase, after: Phase | None, repository: Repository) -> dict[str, Any]:
    secrets = {"status": repository.status_credential, "write": repository.write_credential}
    task: dict[str, Any] = {
        "name": phase.name,
        "description": phase.description,
        "taskRef": {"name": phase.task},
        "timeout": f"{phase.seconds}s",
        "params": [
            {"name": "plans", "value": "$(params.plans)"},
            *({"name": f"{credential}-credential", "value": secrets[credential]} for credential in phase.credentials),
        ],
    }
    if after:
        task["runAfter"] = [after.name]
    if phase.only_if:
        task["when"] = [{"input": phase.only_if[0], "operator": "in", "values": [phase.only_if[1]]}]
    return task


def _report(plan: Plan, repository: Repository) -> dict[str, Any]:
    """The last resort: it costs a pod, so it runs only where a phase failed, and tells what that phase could not."""
    return {
        "name": "report",
        "taskRef": {"name": "report"},
        "timeout": f"{REPORT_SECONDS}s",
        "when": [{"input": "$(tasks.status)", "operator": "in", "values": ["Failed"]}],
        "params": [
            {"name": "plans", "value": "$(params.plans)"},
            {"name": "run", "value": plan.run},
            {"name": "status-credential", "value": repository.status_credential},
        ],
    }
