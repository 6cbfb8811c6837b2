"""Every example parses, renders and is in the examples' table with the lines it has."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from generator.cli.disk import versions_at
from generator.core.define import define
from generator.core.lint import lint
from generator.core.parse_platform import parse_platform
from generator.model.change import Definition
from generator.model.platform import Platform
from tests.unit.tools.programs import needed, tool

EXAMPLES = Path(__file__).parents[3] / "examples"
ROW = re.compile(r"^\| .*\| ([0-9, ]+) \|$", re.MULTILINE)
LINK = re.compile(r"\[[a-z]+\]\((apps/[^)]+)\)")


def platform() -> Platform:
    found, problems = parse_platform((EXAMPLES / "platform.yaml").read_bytes(), "platform.yaml")
    assert found, problems
    return found


@cache
def definitions() -> tuple[Definition, ...]:
    one = platform()
    versions = versions_at(str(EXAMPLES / "apps"))
    return tuple(define(version, one, one.repositories[0], tool) for version in versions)


@needed
def test_they_have_no_problems() -> None:
    one = platform()
    assert list(map(str, lint(list(definitions()), one, one.repositories[0]))) == []


@needed
def test_each_has_a_name_of_its_own_and_objects() -> None:
    names = [one.name for one in definitions()]
    assert len(names) == len(set(names)) == 12
    assert all(one.objects["default"] for one in definitions())


def listed() -> list[tuple[str, int]]:
    table = (EXAMPLES / "README.md").read_text()
    found: list[tuple[str, int]] = []
    for row in ROW.finditer(table):
        found += zip(LINK.findall(row.group()), map(int, row.group(1).split(",")), strict=True)
    return found


@pytest.mark.parametrize(("path", "lines"), listed())
def test_the_table_tells_its_lines(path: str, lines: int) -> None:
    assert len((EXAMPLES / path).read_text().splitlines()) == lines


def test_the_table_has_all() -> None:
    apps = EXAMPLES / "apps"
    assert {EXAMPLES / path for path, _ in listed()} == {*apps.glob("*.yaml"), *apps.glob("*/app.yaml")}
