"""Step diff: fetch the recorded commit and the branch's head, and list the definitions that differ.

A webhook is only a hint: what is compared is the ledger with the head, never what the payload says.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.console import say
from generator.core.define import pair
from generator.core.dependencies import concerned
from generator.core.world import Facts
from generator.gitrepo.command import GitError
from generator.gitrepo.deltas import read_deltas
from generator.gitrepo.repository import Repository
from generator.model.change import Delta, Push
from generator.model.inventory import Inventory, Ledger, State
from generator.model.serial import to_plain
from generator.steps.configured import configured
from generator.steps.origin import open_repository, secret_token
from generator.steps.shell import platform, root, step
from generator.threads import Call
from generator.tools.run import run_tool
from generator.yamlio.read import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Inputs:
    """`repository`: its name in the platform."""

    repository: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """`commit`: the head of the branch."""

    commit: str


def run(inputs: Inputs) -> Outputs:
    """Gather the facts for step classify: the definitions that differ, parsed, and what the cluster has of them."""
    settings, api = configured(inputs.repository), in_cluster()
    records = Records(api, platform().namespace)
    ledger, version = records.ledger(settings.name)
    repository = open_repository(settings, secret_token(api, settings.credential))
    asked = Call(records.inventories)  # while git waits for its host
    base = ledger.commit if ledger and ledger.branch == settings.branch else ""
    commit, base = _fetch(repository, settings.branch, base)
    deltas: tuple[Delta, ...] = ()
    paths: tuple[str, ...] = ()
    if commit != base:
        deltas, paths = read_deltas(repository, settings.path, base, commit, limit=MAX_BYTES)
    pairs = tuple(pair(delta, platform(), settings, run_tool) for delta in deltas)
    inventories = asked.result()
    for one in inventories:
        if one.state is State.DAMAGED:
            say(f"the record of {one.app} on {one.target} is damaged; the next push of {one.app} writes it anew")
    push = Push(settings.name, commit, base, _sequence(ledger, inventories, settings.name), version)
    facts = Facts(push, pairs, concerned(pairs, inventories) if base else tuple(inventories), paths)
    (root() / "work" / "facts.json").write_text(json.dumps(to_plain(facts)))
    say(f"{settings.name} {settings.branch}: {base[:7] or 'nothing'} to {commit[:7]}, {len(deltas)} definitions differ")
    return Outputs(commit)


def _fetch(repository: Repository, branch: str, base: str) -> tuple[str, str]:
    try:
        return repository.fetch_branch(branch, *([base] if base else [])), base
    except GitError as error:
        if not base:
            raise
        say(f"the recorded commit {base[:7]} cannot be fetched any more, so every definition is compared: {error}")
        return repository.fetch_branch(branch), ""


def _sequence(ledger: Ledger | None, inventories: list[Inventory], repository: str) -> int:
    if ledger:
        return ledger.sequence + 1
    # A lost ledger must not make new runs look older than what is there.
    return max((one.sequence for one in inventories if one.repository == repository), default=0) + 1


if __name__ == "__main__":
    sys.exit(step(Inputs, run))
