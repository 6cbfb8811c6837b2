"""Wait until every object of a release is healthy, and say what is being waited for."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.console import say
from generator.health import health_of
from generator.model.errors import UserError, VanishedError
from generator.model.health import Health, HealthState
from generator.rollout import claim
from generator.rollout.diagnose import Trouble, trouble_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cluster.api import Api, Object
    from generator.cluster.records import Records
    from generator.model.inventory import ObjectRef
    from generator.model.plan import Plan

_CALM = 5.0
_DIAGNOSE_EVERY = 2.0
_CLAIM_EVERY = 5.0


@dataclass(slots=True)
class _Watch:
    """What has been seen of the release so far."""

    started: float
    deadline: float
    said: str = ""
    trouble: Trouble | None = None
    trouble_since: float = 0.0
    trouble_seen: float = 0.0
    diagnosed: float = 0.0
    checked: float = 0.0
    healthy_since: float | None = None
    waiting: dict[str, Health] = field(default_factory=dict)


def until_healthy(
    api: Api,
    records: Records,
    plan: Plan,
    refs: tuple[ObjectRef, ...],
    clock: Callable[[], float] = time.monotonic,
    *,
    deadline: float | None = None,
) -> None:
    """Raises UserError naming the object, what it waits for and its failing pod; SupersededError for a newer run."""
    started = clock()
    watch = _Watch(started, started + plan.timeouts.health if deadline is None else deadline)
    watch.checked = watch.diagnosed = watch.started
    open_refs = list(refs)
    while True:
        live = [(ref, _fetch(api, ref)) for ref in open_refs]
        verdicts = {str(ref): health_of(item) for ref, item in live}
        open_refs = [ref for ref, _ in live if verdicts[str(ref)].state is not HealthState.HEALTHY]
        watch.waiting = {str(ref): verdicts[str(ref)] for ref in open_refs}
        if not open_refs and _stays_so(watch, clock()):
            return
        if not open_refs:
            open_refs = list(refs)
            time.sleep(0.25)
            continue
        watch.healthy_since = None
        _tell(watch)
        _judge(api, watch, [item for ref, item in live if ref in open_refs], plan.timeouts.health, clock())
        if clock() - watch.checked > _CLAIM_EVERY:
            claim.check(records, plan)
            watch.checked = clock()
        time.sleep(0.25 if clock() - watch.started < 20 else 1.0)


def _stays_so(watch: _Watch, now: float) -> bool:
    """A pod that crashes is ready for a moment between two crashes, so after trouble being healthy has to last."""
    if watch.healthy_since is None:
        watch.healthy_since = now
    return watch.trouble is None or now - watch.healthy_since > _CALM


def _fetch(api: Api, ref: ObjectRef) -> Object:
    item = api.get(ref)
    if item is None or "deletionTimestamp" in item["metadata"]:
        raise VanishedError(f"{ref} has been deleted by somebody else while it was being rolled out")
    return item


def _tell(watch: _Watch) -> None:
    text = "; ".join(f"{name}: {health.message}" for name, health in sorted(watch.waiting.items()))
    if text != watch.said:
        say(f"waiting: {text}")
        watch.said = text


def _judge(api: Api, watch: _Watch, items: list[Object], seconds: int, now: float) -> None:
    for name, health in sorted(watch.waiting.items()):
        if health.state is HealthState.FAILED:
            raise UserError(_sentence(f"{name}: {health.message}", _trouble(api, items)))
    if now - watch.diagnosed > _DIAGNOSE_EVERY:
        watch.diagnosed = now
        _note(watch, _trouble(api, items), now)
    waiting = "; ".join(f"{name}: {health.message}" for name, health in sorted(watch.waiting.items()))
    if watch.trouble and watch.trouble_seen - watch.trouble_since > watch.trouble.patience:
        raise UserError(_sentence(waiting, watch.trouble))
    if now > watch.deadline:
        raise UserError(_sentence(f"not healthy after {seconds} s: {waiting}", watch.trouble))


def _note(watch: _Watch, trouble: Trouble | None, now: float) -> None:
    if trouble:
        if watch.trouble is None or (watch.trouble.patience == math.inf and trouble != watch.trouble):
            say(f"trouble: {trouble.text}")
            watch.trouble_since = now
        watch.trouble, watch.trouble_seen = trouble, now
    elif now - watch.trouble_seen > _CALM:
        watch.trouble = None


def _trouble(api: Api, items: list[Object]) -> Trouble | None:
    """The trouble that is least likely to pass."""
    found = [trouble for item in items if (trouble := trouble_of(api, item))]
    return min(found, key=lambda trouble: trouble.patience, default=None)


def _sentence(what: str, trouble: Trouble | None) -> str:
    return f"{trouble.text} ({what})" if trouble else what
