"""Parse an Application: from a document with positions to an App, or to all its problems at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.core.fields import Fields
from generator.core.parse_component import NAME, NAME_WHAT, RELATIVE, parse_component
from generator.model.app import App, Timeouts
from generator.model.names import LABEL, LABEL_WHAT
from generator.yamlio.node import Mapping, Node, Scalar
from generator.yamlio.problem import Problem, YamlProblemError
from generator.yamlio.read import read_documents

API_VERSION = "pushboat.dev/v1alpha1"

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,62}")
_LABEL_KEY = re.compile(
    r"(?!([a-z0-9.-]*\.)?(pushboat\.dev|kubernetes\.io)/)([a-z0-9.-]{1,200}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
)
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")


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
        return Parsed(None, (error.problem,))
    if len(documents) != 1:
        mark = documents[1].mark if documents else None
        message = f"a definition is one document; this file has {len(documents)}"
        hint = "put each Application in its own file"
        return Parsed(None, (Problem(path, mark.line if mark else 1, 1, message, hint),))
    stray = _stray(documents[0], path)
    if stray:
        return Parsed(None, (stray,))
    problems: list[Problem] = []
    app = _application(Fields(documents[0], path, problems))
    found = tuple(sorted(set(problems)))
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


def _application(top: Fields) -> App:
    top.choice("apiVersion", [API_VERSION])
    top.choice("kind", ["Application"])
    metadata, spec = top.child("metadata"), top.child("spec")
    name = metadata.text("name", like=NAME, what=NAME_WHAT)
    labels = metadata.mapping(
        "labels", keys=_LABEL_KEY, like=_LABEL_VALUE, what="a label value of at most 63 characters"
    )
    deletion, timeouts = spec.child("deletion"), spec.child("timeouts")
    app = App(
        name=name,
        version=spec.text("version", like=_VERSION, what="at most 63 letters, digits and . _ + -"),
        deleted=spec.flag("deleted", default=False),
        targets=spec.texts("targets", like=LABEL, what=LABEL_WHAT),
        labels=labels,
        components=tuple(parse_component(child) for child in spec.children("components")),
        manifests=spec.texts("manifests", like=RELATIVE, what="a file or folder beside app.yaml"),
        delete_data=deletion.choice("data", ["retain", "delete"], "retain") == "delete",
        timeouts=Timeouts(health=timeouts.seconds("health", 300), delete=timeouts.seconds("delete", 300)),
    )
    for fields in (top, metadata, spec, deletion, timeouts):
        fields.close()
    _check_sources(app, spec)
    return app


def _check_sources(app: App, spec: Fields) -> None:
    if bool(app.components) == bool(app.manifests):
        which = "both components and manifests" if app.components else "neither components nor manifests"
        spec.report(spec.mark, f"spec has {which}", "give exactly one of them")
    seen: set[str] = set()
    for component, node in zip(app.components, spec.items("components"), strict=True):
        if component.name in seen:
            spec.report(node.mark, f"two components are called '{component.name}'")
        seen.add(component.name)
