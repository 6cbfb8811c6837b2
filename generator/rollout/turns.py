"""The queue of an app's runs on a target, in the cluster: a run that is through lets the next one start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.console import say
from generator.core.queue import PENDING, Run, next_up, runs_of
from generator.model import names
from generator.model.errors import PushboatError
from generator.model.inventory import ObjectRef

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.cluster.api import Api
    from generator.model.plan import Plan

_ATTEMPTS = 5
_STILL_WAITS = {"op": "test", "path": "/spec/status", "value": PENDING}


def find(api: Api, namespace: str, labels: Mapping[str, str | tuple[str, ...]]) -> list[Run]:
    """The runs that carry the labels."""
    return runs_of(api.list("tekton.dev/v1", "PipelineRun", namespace, labels))


def at(api: Api, namespace: str, app: str, target: str) -> list[Run]:
    """The runs of one app on one target."""
    return find(api, namespace, {names.APP: app, names.TARGET: target})


def leave(api: Api, namespace: str, plan: Plan) -> None:
    """Say that this run touches its app no more, then let the next one start; the catch-up mends what fails here.

    In this order: whoever joins the queue now looks again afterwards, and finds that nobody is at work.
    """
    try:
        api.patch(_ref(namespace, plan), {"metadata": {"annotations": {names.DONE: "true"}}})
        release(api, namespace, plan.app, plan.target)
    except PushboatError as error:
        say(f"the next run of {plan.app} on {plan.target} was not released, the catch-up will do it: {error}")


def release(api: Api, namespace: str, app: str, target: str) -> str:
    """Let the oldest waiting run start unless one is at work; gives its name."""
    for _ in range(_ATTEMPTS):
        run = next_up(at(api, namespace, app, target))
        if run is None:
            return ""
        if api.patch(_ref(namespace, run.plan), [_STILL_WAITS, {"op": "remove", "path": "/spec/status"}]):
            say(f"released {run.plan.run}")
            return run.plan.run
    return ""  # others release and cancel here too, and look again after it


def cancel(api: Api, namespace: str, run: Run, by: str) -> bool:
    """End a run that still waits; False where it has started, or has gone, in the meantime."""
    mark = f"/metadata/annotations/{names.SUPERSEDED_BY.replace('/', '~1')}"
    change = [
        _STILL_WAITS,
        {"op": "replace", "path": "/spec/status", "value": "Cancelled"},
        {"op": "add", "path": mark, "value": by},
    ]
    return api.patch(_ref(namespace, run.plan), change) is not None


def _ref(namespace: str, plan: Plan) -> ObjectRef:
    return ObjectRef("tekton.dev/v1", "PipelineRun", namespace, plan.run)
