"""A Helm chart as the definition's files hold it: a folder, or an archive that is unpacked here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from generator.sources.archive import ArchiveError, unpack
from generator.yamlio.node import Mapping, Node, Scalar, Sequence
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents

if TYPE_CHECKING:
    from generator.sources.given import Given, Step

WAY: tuple[Step, ...] = ("spec", "helm", "chart")
_DEEPEST = 4  # charts in charts in charts


@dataclass(slots=True)
class Chart:
    """`files` are below the chart's own folder; `packed` says of those that were in an archive in which one."""

    home: str
    name: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    packed: dict[str, str] = field(default_factory=dict)

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
    elif chart.files:
        chart.name = _check(chart, "", given)
    return chart if len(given.problems) == begin else None


def _add(chart: Chart, inside: str, data: bytes, given: Given) -> None:
    path = PurePosixPath(inside)
    if path.suffix == ".tgz" and path.parent.name == "charts":
        _add_archive(chart, f"{path.parent}/", chart.packed.get(inside) or f"{chart.home}/{inside}", data, given)
    else:
        chart.files[inside] = data


def _add_archive(chart: Chart, below: str, origin: str, data: bytes, given: Given) -> None:
    """An archive has one folder; for the chart itself (`below` is empty) that one is taken off."""
    if below.count("charts/") > _DEEPEST:
        given.problems.append(Problem(origin, 1, 1, f"charts are packed more than {_DEEPEST} deep"))
        return
    try:
        files = unpack(data)
    except ArchiveError as error:
        given.problems.append(Problem(origin, 1, 1, str(error), "make it by helm package"))
        return
    for path, content in sorted(files.items()):
        inside = below + path if below else path.partition("/")[2]
        if inside in chart.files:
            given.problems.append(
                Problem(origin, 1, 1, f"{inside} is in the chart twice", "keep the folder or the archive")
            )
            return
        chart.packed[inside] = origin
        _add(chart, inside, content, given)


def _check(chart: Chart, below: str, given: Given) -> str:
    """The chart's name; what cannot be rendered is reported."""
    document = _document(chart, f"{below}Chart.yaml", given)
    if document is None:
        if f"{below}Chart.yaml" not in chart.files:
            given.report(WAY, f"there is no Chart.yaml in '{chart.home}/{below}'".replace("/'", "'"))
        return ""
    kind, name = document.entries.get("type"), document.entries.get("name")
    if isinstance(kind, Scalar) and kind.text == "library":
        _report(chart, f"{below}Chart.yaml", kind, "a library chart renders nothing by itself", given)
    older = _document(chart, f"{below}requirements.yaml", given) if f"{below}requirements.yaml" in chart.files else None
    for file, tree in ((f"{below}Chart.yaml", document), (f"{below}requirements.yaml", older)):
        _check_vendored(chart, below, file, tree, given)
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


def _check_vendored(chart: Chart, below: str, file: str, document: Mapping | None, given: Given) -> None:
    listed = document.entries.get("dependencies") if document else None
    for item in listed.items if isinstance(listed, Sequence) else ():
        name = item.entries.get("name") if isinstance(item, Mapping) else None
        if isinstance(name, Scalar) and not _vendored(chart, f"{below}charts/", name.text):
            hint = f"run: helm dependency build {chart.home}; then commit its charts folder"
            message = f"the chart needs {name.text}, which is not in charts/; nothing is downloaded"
            _report(chart, file, name, message, given, hint)


def _vendored(chart: Chart, below: str, name: str) -> bool:
    """Helm goes by the name in Chart.yaml, which folder and archive usually bear."""
    if f"{below}{name}/Chart.yaml" in chart.files:
        return True
    wanted = f"name: {name}".encode()
    files = [path for path in chart.files if path.startswith(below) and path.count("/") == below.count("/") + 1]
    return any(path.endswith("/Chart.yaml") and wanted in chart.files[path] for path in files)


def _report(chart: Chart, inside: str, node: Node, message: str, given: Given, hint: str = "") -> None:
    path, before = chart.place(inside)
    mark = node.mark if not before else None
    line, column = (mark.line, mark.column) if mark else (1, 1)
    given.problems.append(Problem(path, line, column, before + message, hint))
