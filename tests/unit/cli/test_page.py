"""docs/cli.md tells of every verb, with every option and argument it has and none that it has not."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from generator.cli import VERBS

PAGE = (Path(__file__).parents[3] / "docs" / "cli.md").read_text()
SECTIONS = dict(re.findall(r"^## pushboat (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))


def options(verb: str) -> set[str]:
    found = [one for one in VERBS[verb].params if isinstance(one, click.Option)]
    return {word for one in found for word in (*one.opts, *one.secondary_opts)}


def test_the_page_has_a_section_for_each_verb() -> None:
    assert set(SECTIONS) == set(VERBS)


@pytest.mark.parametrize("verb", SECTIONS)
def test_the_options_of_a_verb_are_those_of_its_section(verb: str) -> None:
    table = [row.partition(" |")[0] for row in SECTIONS[verb].splitlines() if row.startswith("| `-")]
    told = {word for row in table for word in re.findall(r"`(-[\w-]+)", row)}
    assert told == options(verb)


@pytest.mark.parametrize("verb", SECTIONS)
def test_the_synopsis_uses_the_verbs_own_words(verb: str) -> None:
    synopsis = re.match(r"\n`pushboat (\w+)(.*)`\n", SECTIONS[verb])
    assert synopsis
    assert synopsis[1] == verb
    assert set(re.findall(r"(?<![\w-])-[\w-]+", synopsis[2])) <= options(verb)
    for argument in (one for one in VERBS[verb].params if isinstance(one, click.Argument)):
        assert (argument.name or "").upper().rstrip("S") in synopsis[2]
