"""Step classify: turn the facts that step diff has gathered into named changes. It asks nobody and only decides.

Without any I/O it ends within a tenth of a second; the next step then starts at Tekton's next look, not the one after.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

from generator.console import say
from generator.core.classify import classify
from generator.core.summarise import counts
from generator.core.world import Facts, World
from generator.model.serial import from_plain, to_plain
from generator.steps.configured import configured
from generator.steps.shell import platform, root, step


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
    facts = from_plain(Facts, json.loads((work / "facts.json").read_text()))
    world = World(platform(), settings, facts.inventories, frozenset(facts.paths), whole=not facts.push.base)
    changes = classify(list(facts.pairs), world)
    (work / "changes.json").write_text(json.dumps({"push": to_plain(facts.push), "changes": to_plain(changes)}))
    for change in changes:
        say(f"{change.action.value:9} {change.app} {change.target}: {change.reason}")
        for problem in change.problems:
            say(f"          {problem}")
    return Outputs(counts(changes))


if __name__ == "__main__":
    sys.exit(step(Inputs, run))
