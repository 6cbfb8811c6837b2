"""Step classify: turn each definition that differs into named changes, by what the inventories say exists."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

from generator.cluster.connect import in_cluster
from generator.cluster.records import Records
from generator.core.classify import World, classify
from generator.core.define import pair
from generator.core.summarise import counts
from generator.model.change import Push
from generator.model.serial import from_plain, to_plain
from generator.steps.origin import configured
from generator.steps.shell import platform, root, say, step


@dataclass(frozen=True, slots=True)
class Inputs:
    """`repository`: its name in the platform."""

    repository: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """`changes`: what the push means, counted, such as `1 create, 2 upgrade`."""

    changes: str


def run(inputs: Inputs) -> Outputs:
    """Leave the changes behind for step render."""
    settings, work = configured(inputs.repository), root() / "work"
    push = from_plain(Push, json.loads((work / "push.json").read_text()))
    pairs = [pair(delta, platform(), settings) for delta in push.deltas]
    inventories = Records(in_cluster(), platform().namespace).inventories() if pairs else []
    world = World(platform(), settings, tuple(inventories), frozenset(push.paths))
    changes = classify(pairs, world)
    (work / "changes.json").write_text(json.dumps(to_plain(changes)))
    for change in changes:
        say(f"{change.action.value:9} {change.app} {change.target}: {change.reason}")
        for problem in change.problems:
            say(f"          {problem}")
    return Outputs(counts(changes))


if __name__ == "__main__":
    sys.exit(step(Inputs, run))
