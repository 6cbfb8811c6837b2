"""Step catch-up: for each repository, compare the ledger with the branch's head; only when it is behind, start deliver.

A webhook that was lost costs minutes this way, never a delivery. The same goes for a run that ended without releasing
the one which waited for it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.console import say
from generator.core.deliver import deliver_run
from generator.core.queue import Turn
from generator.model import names
from generator.model.errors import PushboatError, UserError
from generator.rollout import turns
from generator.steps.origin import open_repository, secret_token
from generator.steps.shell import platform, step
from generator.threads import each

if TYPE_CHECKING:
    from generator.cluster.api import Api
    from generator.model.platform import Repository


@dataclass(frozen=True, slots=True)
class Inputs:
    """Nothing: the platform names the repositories."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Nothing: what was started speaks for itself."""


def run(inputs: Inputs) -> Outputs:  # noqa: ARG001 - every step has the same shape
    """One repository that cannot be asked does not keep the others from being asked."""
    api = in_cluster()
    failures = [failure for failure in each(lambda one: _tried(api, one), platform().repositories) if failure]
    failures += _released(api)
    if failures:
        raise UserError("; ".join(failures))
    return Outputs()


def _tried(api: Api, settings: Repository) -> str:
    """The failure, or nothing."""
    try:
        say(f"{settings.name}: {_catch_up(api, settings)}")
    except PushboatError as error:
        say(f"{settings.name}: error: {error}")
        return f"{settings.name}: {error}"
    return ""


def _released(api: Api) -> list[str]:
    """Let waiting runs start where none is at work; the failures."""
    namespace, failures = platform().namespace, []
    try:
        waiting = {one.place for one in turns.find(api, namespace, {names.QUEUED: ""}) if one.turn is Turn.WAITING}
        for app, target in sorted(waiting):
            turns.release(api, namespace, app, target)
    except PushboatError as error:
        say(f"waiting runs: error: {error}")
        failures.append(f"waiting runs: {error}")
    return failures


def _catch_up(api: Api, settings: Repository) -> str:
    namespace = platform().namespace
    ledger, _ = Records(api, namespace).ledger(settings.name)
    head = open_repository(settings, secret_token(api, settings.credential)).head(settings.branch)
    if ledger and ledger.commit == head and ledger.branch == settings.branch:
        return f"up to date at {head[:7]}"
    labels = {names.REPOSITORY: settings.name, "tekton.dev/pipeline": "deliver"}
    for item in api.list("tekton.dev/v1", "PipelineRun", namespace, labels):
        if not item.get("status", {}).get("completionTime"):
            return f"behind {head[:7]}, and {item['metadata']['name']} is at work on it"
    created = api.create(deliver_run(settings.name, namespace, head))
    return f"behind {head[:7]}; started {created['metadata']['name'] if created else 'nothing: it was there'}"


if __name__ == "__main__":
    sys.exit(step(Inputs, run))
