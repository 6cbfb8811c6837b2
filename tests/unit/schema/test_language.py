"""The declared language and what is made of it: no field without an example, no drift between parser and schema."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from generator.core.parse_app import parse_app
from generator.schema.json_schema import json_schema
from generator.schema.object import Field, Object
from generator.schema.reference import explain, outline, page
from generator.schema.report import Report
from generator.schema.types import Choice, Duration, Flag, Integer
from generator.schema.walk import KINDS, find, objects
from generator.yamlio.read import read_documents
from tests.conftest import Golden
from tests.unit.core.test_parse_app import FULL, MINIMAL, PROBLEMS

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs" / "reference"
_ALL = {
    f"{kind}:{path}.{field.name}": field
    for kind, top in KINDS.items()
    for path, owner in objects(top)
    for field in owner.fields
    if path or field.name == "metadata"
}
FIELDS, IDS = list(_ALL.values()), list(_ALL)


@pytest.mark.parametrize("field", FIELDS, ids=IDS)
def test_a_field_has_a_sentence_and_an_example_that_reads(field: Field) -> None:
    assert field.doc.endswith("."), "a sentence"
    speaks_for_itself = isinstance(field.type, Choice | Duration | Flag | Integer) or field.name in ("spec", "targets")
    assert field.example or speaks_for_itself or field.name in SEEN_IN_A_PARENT, "an example"
    if field.example:
        (document,) = read_documents(f"{field.name}: {field.example}\n".encode(), "example")
        report = Report("example", [])
        field.type.read(document.entries[field.name], field.name, report)  # type: ignore[union-attr]
        assert report.problems == []


# The example of the mapping they stand in shows them.
SEEN_IN_A_PARENT = {"name", "key", "repositories", "text"}


@pytest.mark.parametrize(
    ("path", "owner"), [(path, one) for top in KINDS.values() for path, one in objects(top) if path]
)
def test_every_attribute_of_the_model_can_be_written(path: str, owner: Object) -> None:
    made: Any = getattr(owner.make, "func", owner.make)
    if not dataclasses.is_dataclass(made):
        return
    known = {field.attribute for field in owner.fields}
    assert (
        {one.name for one in dataclasses.fields(made)} - known <= {"name", "labels"}
        if path == "spec"
        else not ({one.name for one in dataclasses.fields(made)} - known)
    )


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_reference_and_the_schema_are_the_ones_in_docs(kind: str, golden: Golden) -> None:
    golden(REFERENCE / f"{kind.lower()}.md", page(kind))
    golden(REFERENCE / f"{kind.lower()}.schema.json", json.dumps(json_schema(kind), indent=2) + "\n")


class EditorsLoader(yaml.SafeLoader):
    """YAML 1.2's core schema, as language servers read: none of 1.1's words and numbers."""


EditorsLoader.yaml_implicit_resolvers = {}
for _tag, _grammar, _first in (
    ("null", r"~|null|", "~n"),
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", "-+0123456789"),
):
    EditorsLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_grammar})$"), [*_first, ""])


def schema_accepts(data: bytes) -> bool:
    validator = jsonschema.Draft202012Validator(json_schema("Application"))
    return not list(validator.iter_errors(yaml.load(data, Loader=EditorsLoader)))  # noqa: S506 - a SafeLoader


def definitions() -> Iterator[tuple[str, bytes]]:
    yield "full", FULL
    yield "minimal", MINIMAL.encode()
    for file in sorted((ROOT / "examples").rglob("*.yaml")):
        data = file.read_bytes()
        if b"kind: Application" in data:
            yield file.name, data


@pytest.mark.parametrize(
    ("name", "data"), list(definitions()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_the_parser_takes_the_schema_takes(name: str, data: bytes) -> None:
    assert parse_app(data, name).problems == ()
    assert schema_accepts(data)


# What an editor cannot see: rules over several fields or documents, and names that stand twice.
BEYOND_A_SCHEMA = (
    "twice",
    "is :latest",
    "at most 24h",
    "one document",
    "anchors",
    "the file is empty",
    "not an Application",
    "names the port",
    "looks like",
    "not '010'",
    "more than its l",
    "no node could",
    "needs exactly one of components",
)


@pytest.mark.parametrize(("old", "new", "said"), PROBLEMS, ids=[str(number) for number in range(len(PROBLEMS))])
def test_what_the_parser_refuses_the_schema_refuses(old: str, new: str, said: str) -> None:
    if any(words in said for words in BEYOND_A_SCHEMA):
        return
    assert not schema_accepts(MINIMAL.replace(old, new, 1).encode()), said


def test_explain_finds_a_field_by_any_way_to_it() -> None:
    for path in ("spec.components.probes.readiness.http.path", "components[0].probes.readiness.http.path"):
        found = explain("Application", path)
        assert found
        assert "example: path: /healthz" in found
    assert explain("Application", "spec.components.nonsense") is None
    assert find(KINDS["Platform"], "targets.routes.gateway")


def test_the_outline_has_every_field() -> None:
    lines = outline("Application").splitlines()
    assert len(lines) > 100
    assert "spec.components[].probes.liveness.http" in lines
