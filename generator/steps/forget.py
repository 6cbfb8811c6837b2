"""Step forget: remove a deleted app's YAML from Git, with the only identity that may push and none in the cluster."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.console import say
from generator.core.diff import definitions
from generator.core.parse_app import parse_app
from generator.forges import FORGES
from generator.gitrepo.command import Git
from generator.gitrepo.repository import Repository
from generator.model.errors import PushboatError, RetryLaterError, UserError
from generator.model.status import Mood
from generator.steps import outcome, shell
from generator.steps.configured import configured
from generator.yamlio.read import MAX_BYTES

if TYPE_CHECKING:
    from generator.model.plan import Plan
    from generator.model.platform import Repository as Settings

_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Inputs:
    """`plans`: the apps that are confirmed gone, as JSON."""

    plans: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """`removal`: the commit that removed the YAML; empty where there was nothing to remove."""

    removal: str


def run(inputs: Inputs) -> Outputs:
    """Raises a PushboatError when the branch cannot be changed; the status then says what is left to do."""
    removals = []
    for plan in shell.plans(inputs.plans):
        settings = configured(plan.repository)
        try:
            removal, text = _forget(settings, plan)
        except PushboatError as error:
            outcome.tell(plan, Mood.FAILURE, f"removed, but its YAML still stands in Git: {error}")
            raise
        outcome.tell(plan, Mood.SUCCESS, text)
        removals.append(removal)
    return Outputs(" ".join(removal for removal in removals if removal))


def _forget(settings: Settings, plan: Plan) -> tuple[str, str]:
    """The removal commit and a sentence. Starts again from the branch's new head whenever somebody else was faster."""
    token = shell.credential("write")
    if not token:
        raise UserError(
            f"Secret {settings.write_credential} in namespace {shell.platform().namespace} has no key 'token'"
        )
    user = FORGES[settings.forge].GIT_USER
    repository = Repository(Git(shell.root() / "work" / "git", url=settings.url, user=user, token=token))
    for attempt in range(_ATTEMPTS):
        head = repository.fetch_branch(settings.branch)
        paths, why_not = _removable(repository, settings, plan, head)
        if not paths:
            return "", f"removed; {why_not}"
        commit = repository.remove(head, paths, message(plan))
        if repository.push(commit, settings.branch):
            return commit, f"removed; its YAML left Git with {commit[:7]}"
        say(f"{settings.branch} has moved on from {head[:7]}; trying again on top of it")
        time.sleep(random.uniform(0.1, 0.5) * (attempt + 1))  # noqa: S311 - spreads retries, guards nothing
    raise RetryLaterError(f"{settings.branch} moved on {_ATTEMPTS} times in a row")


def _removable(repository: Repository, settings: Settings, plan: Plan, head: str) -> tuple[list[str], str]:
    """The files of the definition if its delete mark still stands at `head`, else none and the reason."""
    found = definitions(repository.tree(head, settings.path), settings.path).get(plan.path)
    if found is None:
        return [], f"{plan.path} had gone already"
    data = repository.blobs([found.files[plan.path].oid], limit=MAX_BYTES)
    parsed = parse_app(data[found.files[plan.path].oid], plan.path)
    if parsed.app is None or parsed.app.name != plan.app or not parsed.app.deleted:
        return [], f"{plan.path} stays: its delete mark was taken back"
    return sorted(found.files), ""


def message(plan: Plan) -> str:
    """The removal commit's message; the trailers say which run did it for which commit."""
    return (
        f"Remove {plan.app}: deleted and confirmed gone\n\n"
        f"{plan.path} was marked deleted in {plan.commit[:12]}.\n\n"
        f"Pushboat-Run: {plan.run}\nPushboat-Commit: {plan.commit}\n"
    )


if __name__ == "__main__":
    sys.exit(shell.step(Inputs, run))
