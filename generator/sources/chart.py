"""A Helm chart as the definition's files hold it: a folder, or an archive that is unpacked here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from generator.sources.archive import MAX_BYTES, ArchiveError, unpack
from generator.yamlio.node import Mapping, Node, Scalar, Sequence
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents

if TYPE_CHECKING:
    from generator.sources.given import Given, Step

WAY: tuple[Step, ...] = ("spec", "helm", "chart")
_FILE, _OLDER = "Chart.yaml", "requirements.yaml"  # where dependencies stand, now and in charts of version 1
_VENDORED = re.compile(r"charts/[^/]+/Chart\.yaml")
_NAME = re.compile(rb"^name:[ \t]*[\"']?([A-Za-z0-9._-]+)", re.MULTILINE)
_DEEPEST = 4  # charts in charts in charts


@dataclass(slots=True)
class Chart:
    """`files` are below the chart's own folder; `packed` says of those that were in an archive in which one."""

    home: str
    name: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    packed: dict[str, str] = field(default_factory=dict)
    left: int = MAX_BYTES  # that may still be unpacked

    def place(self, inside: str) -> tuple[str, str]:
        """Where people find a file of the chart: a path in the repository, and what to say before the message."""
        if inside in self.packed:
            return self.packed[inside], f"{inside}: "
        return (f"{self.home}/{inside}" if inside in self.files else self.home), ""


def read_chart(given: Given, name: str) -> Chart | None:
    """The chart, or None where it cannot be rendered: the problems say why."""
    chart = Chart(str(given.folder / name))
    begin = len(given.problems)
    if chart.home in given.files:
        _add_archive(chart, "", chart.home, given.files[chart.home], given)
    else:
        for path, data in sorted(given.files.items()):
            inside = path.removeprefix(f"{chart.home}/")
            if inside != path or chart.home == ".":
                _add(chart, inside, data, given)
    if not chart.files and len(given.problems) == begin:
        given.report_missing(WAY, name)
    elif len(given.problems) == begin:
        chart.name = _check(chart, given)
    return chart if len(given.problems) == begin else None


def _add(chart: Chart, inside: str, data: bytes, given: Given, origin: str = "") -> None:
    """A file of the chart; `origin` is the archive it was in. An archive below charts/ is one more chart."""
    path = PurePosixPath(inside)
    if path.suffix == ".tgz" and path.parent.name == "charts":
        _add_archive(chart, f"{path.parent}/", origin or f"{chart.home}/{inside}", data, given)
    elif inside in chart.files:
        where = origin or f"{chart.home}/{inside}"
        given.problems.append(Problem(where, 1, 1, f"{inside} is in the chart twice", "keep the folder or the archive"))
    else:
        chart.files[inside] = data
        if origin:
            chart.packed[inside] = origin


def _add_archive(chart: Chart, below: str, origin: str, data: bytes, given: Given) -> None:
    """An archive has one folder; for the chart itself (`below` is empty) that one is taken off."""
    if below.count("charts/") > _DEEPEST:
        given.problems.append(Problem(origin, 1, 1, f"charts are packed more than {_DEEPEST} deep"))
        return
    try:
        files = unpack(data, chart.left)
    except ArchiveError as error:
        given.problems.append(Problem(origin, 1, 1, str(error), "make it by helm package"))
        return
    chart.left -= sum(len(content) for content in files.values())
    for path, content in sorted(files.items()):
        _add(chart, below + path if below else path.partition("/")[2], content, given, origin)


def _check(chart: Chart, given: Given) -> str:
    """The chart's name; what keeps it from being rendered is reported."""
    if _FILE not in chart.files:
        given.report(WAY, f"there is no {_FILE} in '{chart.home}'")
        return ""
    document, older = (_document(chart, file, given) for file in (_FILE, _OLDER))
    kind, name = (document.entries.get(key) if document else None for key in ("type", "name"))
    if isinstance(kind, Scalar) and kind.text == "library":
        _report(chart, _FILE, kind, "a library chart renders nothing by itself", given)
    _check_vendored(chart, _FILE, document, given)
    _check_vendored(chart, _OLDER, older, given)
    return name.text if isinstance(name, Scalar) else ""


def _document(chart: Chart, inside: str, given: Given) -> Mapping | None:
    path, before = chart.place(inside)
    if inside not in chart.files:
        return None
    try:
        documents = read_documents(chart.files[inside], path)
    except YamlProblemError as error:
        given.problems.extend(
            Problem(path, one.line, one.column, before + one.message, one.hint) for one in error.problems
        )
        return None
    if len(documents) == 1 and isinstance(documents[0], Mapping):
        return documents[0]
    given.problems.append(Problem(path, 1, 1, f"{before}not one mapping"))
    return None


def _check_vendored(chart: Chart, file: str, document: Mapping | None, given: Given) -> None:
    listed = document.entries.get("dependencies") if document else None
    there = _vendored(chart)
    for item in listed.items if isinstance(listed, Sequence) else ():
        name = item.entries.get("name") if isinstance(item, Mapping) else None
        if isinstance(name, Scalar) and name.text not in there:
            hint = f"run: helm dependency build {chart.home}; then commit its charts folder"
            message = f"the chart needs {name.text}, which is not in charts/; nothing is downloaded"
            _report(chart, file, name, message, given, hint)


def _vendored(chart: Chart) -> set[str]:
    """Helm goes by the names in their Chart.yaml."""
    files = [data for path, data in chart.files.items() if _VENDORED.fullmatch(path)]
    return {match[1].decode() for data in files if (match := _NAME.search(data))}


def _report(chart: Chart, inside: str, node: Node, message: str, given: Given, hint: str = "") -> None:
    path, before = chart.place(inside)
    mark = node.mark if not before else None
    line, column = (mark.line, mark.column) if mark else (1, 1)
    given.problems.append(Problem(path, line, column, before + message, hint))
