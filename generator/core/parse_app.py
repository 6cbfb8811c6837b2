"""Parse an Application: from a document with positions to an App, or to all its problems at once."""

from __future__ import annotations

from dataclasses import dataclass

from generator.model.app import App
from generator.schema.application import APPLICATION
from generator.schema.patterns import NAME
from generator.schema.report import Report
from generator.yamlio.node import Mapping, Node, Scalar
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of a definition's text: an App exactly when there are no problems.

    `name` is the app's name as far as it could be told; `document` keeps the positions.
    """

    app: App | None
    problems: tuple[Problem, ...]
    name: str = ""
    document: Node | None = None


def parse_app(data: bytes, path: str) -> Parsed:
    """Parse the bytes of a definition's own file; `path` is where they stand in the repository."""
    try:
        documents = read_documents(data, path)
    except YamlProblemError as error:
        return Parsed(None, error.problems)
    if len(documents) != 1:
        mark = documents[1].mark if documents else None
        message = f"a definition is one document; this file has {len(documents)}"
        hint = "put each Application in its own file"
        return Parsed(None, (Problem(path, mark.line if mark else 1, 1, message, hint),))
    stray = _stray(documents[0], path)
    if stray:
        return Parsed(None, (stray,))
    report = Report(path, [])
    app: App = APPLICATION.read(documents[0], "", report)
    found = tuple(sorted(set(report.problems)))
    return Parsed(None if found else app, found, _peek_name(documents[0]), documents[0])


def _stray(document: Node, path: str) -> Problem | None:
    """One sentence for a file that was never meant to be a definition, instead of one for each field it lacks."""
    fields = document.entries if isinstance(document, Mapping) else {}
    kind = fields.get("kind")
    if isinstance(kind, Scalar) and (kind.text == "Application" or "apiVersion" not in fields):
        return None
    found = f"kind {kind.text}" if isinstance(kind, Scalar) else "no kind"
    hint = "every YAML file here is taken for a definition, except those of a folder with an app.yaml"
    return Problem(path, document.mark.line, document.mark.column, f"not an Application: it has {found}", hint)


def _peek_name(document: Node) -> str:
    metadata = document.entries.get("metadata") if isinstance(document, Mapping) else None
    name = metadata.entries.get("name") if isinstance(metadata, Mapping) else None
    return name.text if isinstance(name, Scalar) and NAME.fullmatch(name.text) else ""
