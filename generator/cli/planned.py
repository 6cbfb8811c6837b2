"""A plan as people read it, and as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from generator.core.live import State
from generator.model.serial import to_plain
from generator.yamlio.characters import shown
from generator.yamlio.write import write

if TYPE_CHECKING:
    from generator.core.live import Difference
    from generator.core.render import Rendered
    from generator.model.change import Change
    from generator.yamlio.problem import Problem

_INDENT = " " * 10
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True, slots=True)
class Planned:
    """What a push would do. `runs` and `differences` are None where nobody asked for them."""

    changes: list[Change]
    runs: list[Rendered] | None
    differences: list[Difference] | None
    of_platform: tuple[Problem, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the definitions, or with the platform, sorted."""
        return sorted({*self.of_platform, *(problem for change in self.changes for problem in change.problems)})

    @property
    def refused(self) -> bool:
        """Whether the cluster would refuse an object."""
        return any(one.state is State.REFUSED for one in self.differences or ())


def as_text(planned: Planned) -> str:
    """Each change with its reason; then, one YAML document after the other, what was rendered."""
    lines = [] if planned.changes else ["no definition changed"]
    differences = _by_place(planned.differences or [])
    for group in _grouped(planned.changes):
        lines.append(_headline(group))
        lines += [f"{_INDENT}{problem}" for problem in group[0].problems]
        for change in group:
            lines += _objects(differences.get((change.app, change.target), []), several=len(group) > 1)
    documents = [item for one in planned.runs or () for item in (one.run, *(one.release or []))]
    return "".join(f"{line}\n" for line in lines) + "".join(f"---\n{write(item)}" for item in documents)


def as_data(planned: Planned) -> dict[str, Any]:
    """The same as JSON values; the keys are a promise to scripts."""
    data: dict[str, Any] = {
        "changes": [_entry(group) for group in _grouped(planned.changes)],
        "problems": [to_plain(one) for one in planned.problems],
    }
    if planned.runs is not None:
        data["runs"] = [_run(one) for one in planned.runs]
    if planned.differences is not None:
        data["diffs"] = [to_plain(one) for one in planned.differences]
    return data


def as_json(planned: Planned) -> str:
    """`as_data` in JSON."""
    return json.dumps(as_data(planned), indent=2) + "\n"


def as_yaml(planned: Planned) -> str:
    """`as_data` in YAML."""
    return write(as_data(planned))


FORMATS = {"text": as_text, "json": as_json, "yaml": as_yaml}


def _grouped(changes: list[Change]) -> list[list[Change]]:
    """The changes that differ in nothing but their target belong together."""
    groups: dict[tuple[str, ...], list[Change]] = {}
    for one in changes:
        groups.setdefault((one.app, one.path, one.action.value, one.reason, one.version), []).append(one)
    return list(groups.values())


def _targets(group: list[Change]) -> list[str]:
    return [one.target for one in group if one.target]


def _headline(group: list[Change]) -> str:
    one, targets = group[0], ", ".join(_targets(group))
    where = f" on {targets}" if targets else ""
    why = "" if one.problems else f": {one.reason}"
    return shown(f"{one.action.value:9} {one.app}{where}{why}")


def _by_place(differences: list[Difference]) -> dict[tuple[str, str], list[Difference]]:
    places: dict[tuple[str, str], list[Difference]] = {}
    for one in differences:
        places.setdefault((one.app, one.target), []).append(one)
    return places


def _objects(differences: list[Difference], *, several: bool) -> list[str]:
    lines = []
    for one in differences:
        where = f" on {one.target}" if several else ""
        lines.append(f"{_INDENT}{one.state.value:9} {shown(one.object)}{where}")
        lines += [f"{_INDENT}  {_coloured(shown(line))}" for line in one.diff.splitlines()]
    return lines


def _coloured(line: str) -> str:
    """For a terminal: where there is none, the colours are taken away again by click."""
    return click.style(line, fg=_COLOURS[line[0]]) if line[:1] in _COLOURS else line


def _entry(group: list[Change]) -> dict[str, Any]:
    one = group[0]
    return {
        "app": one.app,
        "path": one.path,
        "action": one.action.value,
        "reason": one.reason,
        "version": one.version,
        "targets": _targets(group),
    }


def _run(one: Rendered) -> dict[str, Any]:
    return {"app": one.change.app, "target": one.change.target, "run": one.run, "manifests": one.release or []}
