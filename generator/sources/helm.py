"""A Helm chart, rendered by `helm template`; later value files win, and the definition's own values over all.

The release is called like the app and its namespace is the target's. A chart sees Kubernetes 1.34, whatever a cluster
runs, so that a commit gives the same manifests everywhere; `lookup` finds nothing. Test hooks are left out.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from generator.sources.blame import blame
from generator.sources.chart import WAY, Chart, read_chart
from generator.sources.given import Invocation, ToolError
from generator.sources.manifests import refuse_doubles
from generator.sources.rendered import HOLDS, Part, Source, read_parts
from generator.sources.repeat import Use, another_day, uses
from generator.yamlio.node import Mapping, Scalar
from generator.yamlio.problem import START, Problem, YamlProblemError
from generator.yamlio.read import read_documents
from generator.yamlio.value import value_of

if TYPE_CHECKING:
    from generator.model.app import Helm
    from generator.sources.given import Given

KUBERNETES = "1.34.0"
_HOOK = "helm.sh/hook"
_HOOK_LINE = re.compile(r"\s+[\"']?helm\.sh/hook[\"']?:")
_SOURCE = re.compile(r"^---\n# Source: (.+)\n", re.MULTILINE)


def build(given: Given) -> list[dict[str, Any]]:
    """The chart's objects, or the reasons why there are none."""
    helm = given.app.helm
    assert helm  # noqa: S101 - this source is chosen by it
    before = len(given.problems)
    chart = read_chart(given, helm.chart)
    values = _values(given, helm)
    if chart is None or len(given.problems) > before:
        return []
    text = _render(given, chart, values)
    if text is None or not _repeats(given, chart, values, text):
        return []
    parts = read_parts(_parts(text, chart), given, WAY)
    _refuse_hooks(parts, given)
    found = [item for _, item in parts]
    refuse_doubles(found, given)
    if not found and len(given.problems) == before:
        given.report(WAY, "the chart renders no objects with these values")
    return found


def _values(given: Given, helm: Helm) -> list[bytes]:
    """As JSON: what helm reads is then what was read and checked here."""
    found = [_value_file(given, index, name) for index, name in enumerate(helm.value_files)]
    return [json.dumps(one).encode() for one in (*found, helm.values) if one]


def _value_file(given: Given, index: int, name: str) -> dict[str, Any]:
    path = str(given.folder / name)
    if path not in given.files:
        given.report_missing(("spec", "helm", "valueFiles", index), name)
        return {}
    if not HOLDS.search(given.files[path].decode(errors="replace")):  # comments alone are no values
        return {}
    try:
        documents = read_documents(given.files[path], path)
    except YamlProblemError as error:
        given.problems.extend(error.problems)
        return {}
    found = [one for one in documents if not (isinstance(one, Scalar) and one.is_null)] or [Mapping({}, {}, START)]
    if len(found) > 1 or not isinstance(found[0], Mapping):
        given.problems.append(Problem(path, 1, 1, "a file of values must be one mapping"))
        return {}
    values: dict[str, Any] = value_of(found[0], path, given.problems)
    return values


def _render(given: Given, chart: Chart, values: list[bytes]) -> str | None:
    try:
        return given.tool(_invocation(given, chart.files, values))
    except ToolError as error:
        blame(str(error), chart, given)
        return None


def _invocation(given: Given, chart: dict[str, bytes], values: list[bytes]) -> Invocation:
    """Every word but the two names, which are checked, is ours; what people wrote is in files."""
    files = {f"chart/{path}": data for path, data in chart.items()}
    words = ["template", f"--namespace={given.target.namespace}", f"--kube-version={KUBERNETES}"]
    words += ["--include-crds", "--skip-tests"]
    for index, data in enumerate(values):
        files[f"values-{index}.json"] = data
        words.append(f"--values=values-{index}.json")
    return Invocation("helm", (*words, "--", given.app.name, "chart"), files)


def _repeats(given: Given, chart: Chart, values: list[bytes], text: str) -> bool:
    """Whether it gives the same text again. Always asked: what makes up values can hide from any search for it."""
    given_values = {f"values.{index}.json": data for index, data in enumerate(values)}
    calls = uses({**chart.files, **given_values})
    try:
        again = given.tool(_invocation(given, another_day(chart.files), list(another_day(given_values).values())))
    except ToolError:
        again = ""
    if again == text:
        return True
    same = {(part.source.path, part.text) for part in _parts(again, chart)}
    differing = (part.source for part in _parts(text, chart) if (part.source.path, part.text) not in same)
    source = next(differing, Source(chart.home))
    line = next((one.line for one in calls if not source.before and chart.place(one.file)[0] == source.path), 1)
    suspects = ", ".join(dict.fromkeys(_suspect(one, chart) for one in calls[:4]))
    see = f"; see {suspects}" if suspects else ""
    message = f"it renders differently each time, while a release follows from the commit alone{see}"
    hint = "set in spec.helm.values what the chart would make up"
    given.problems.append(Problem(source.path, line, 1, source.before + message, hint))
    return False


def _suspect(use: Use, chart: Chart) -> str:
    return f"{use.function} in {use.file}:{use.line}" if use.file in chart.files else f"{use.function} in the values"


def _parts(text: str, chart: Chart) -> list[Part]:
    sources: dict[str, Source] = {}
    _, *pieces = _SOURCE.split(text)
    found = []
    for name, piece in zip(pieces[::2], pieces[1::2], strict=True):
        inside = name.partition("/")[2]
        if inside not in sources:
            path, before = chart.place(inside)
            template = "" if before else chart.files.get(inside, b"").decode(errors="replace")
            sources[inside] = Source(path, template, before)
        found.append(Part(piece, sources[inside]))
    return found


def _refuse_hooks(parts: list[tuple[Part, dict[str, Any]]], given: Given) -> None:
    for part, item in parts:
        hooks = (item["metadata"].get("annotations") or {}).get(_HOOK)
        if hooks is not None:
            lines = [line for line in part.text.splitlines() if _HOOK_LINE.match(line)]
            number = part.source.only_line(lines[0])[0] if lines else 0
            message = f"{item['kind']}/{item['metadata']['name']} is a helm hook ({hooks}), which is not carried out"
            hint = "make it a component of kind Job, or remove the annotation"
            given.problems.append(Problem(part.source.path, number or 1, 1, part.source.before + message, hint))
