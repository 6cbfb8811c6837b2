"""From what helm said to the place in the chart, or in the definition, that it is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from generator.sources.chart import Chart
    from generator.sources.given import Given, Step

_WAY: tuple[Step, ...] = ("spec", "helm", "chart")
# `web/templates/x.yaml:3:10`, `(web/templates/x.yaml:3)`, and `on web/templates/x.yaml: ...`, which knows no line
_PLACE = re.compile(r"(?P<file>[\w.@+=,~-]+(?:/[\w.@+=,~-]+)+)(?::(?P<line>\d+)(?::(?P<column>\d+))?)?")
_LOAD = re.compile(r"cannot load (?P<file>[\w./-]+): (?P<rest>.*)", re.DOTALL)
_LINE = re.compile(r"\bline (\d+): ")
_SCHEMA = re.compile(r"^- at '(?P<way>[^']*)': (?P<rest>.*)$", re.MULTILINE)
_AT = re.compile(r"(?s:.*) at <(?P<what>(?s:.*?))>:(?P<rest>(?s:.*))")
_BEFORE = re.compile(r"^(execution|parse) error at \([^)]*\): ")
_NO_YAML = re.compile(r"^YAML parse error on \S+ error converting YAML to JSON: yaml: ")


def blame(said: str, chart: Chart, given: Given) -> None:
    """Report what helm said, once, where it can be mended."""
    wrong = list(_SCHEMA.finditer(said)) if "schema" in said else []
    for one in wrong:
        way = tuple(part for part in one["way"].split("/") if part)
        given.report(("spec", "helm", "values", *way), f"values.{'.'.join(way)}: {one['rest']}")
    if wrong:
        return
    loaded = _LOAD.search(said)
    if loaded:
        line = _LINE.search(loaded["rest"])
        _put(chart, given, loaded["file"], (int(line[1]) if line else 1, 1), loaded["rest"])
        return
    place = _last_place(said, chart)
    if place is None:
        given.report(_WAY, f"the chart cannot be rendered: {_short(said)}")
    else:
        mark = (int(place["line"] or 1), int(place["column"] or 1))
        _put(chart, given, _inside(place["file"], chart), mark, _short(said))


def _inside(path: str, chart: Chart) -> str:
    """Helm calls a file by the chart's name and its path in the chart."""
    return path.partition("/")[2] if path.startswith(f"{chart.name}/") else path


def _last_place(said: str, chart: Chart) -> re.Match[str] | None:
    """A template that includes another one is named first; the innermost one is where it went wrong."""
    found = [one for one in _PLACE.finditer(said) if _inside(one["file"], chart) in chart.files]
    return found[-1] if found else None


def _put(chart: Chart, given: Given, inside: str, mark: tuple[int, int], message: str) -> None:
    path, before = chart.place(inside)
    line, column = (1, 1) if before or inside not in chart.files else mark
    given.problems.append(Problem(path, line, column, before + _short(message)))


def _short(said: str) -> str:
    """The end of the chain of reasons, with the expression that failed."""
    innermost = _AT.fullmatch(said)
    reason = innermost["rest"] if innermost else _BEFORE.sub("", said)
    reason = _NO_YAML.sub("what it renders is not YAML: ", reason)
    text = " ".join(reason.split())
    return f"{text}, at <{innermost['what']}>" if innermost else text
