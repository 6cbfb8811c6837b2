"""Show problems: as text, as data, or as a CI's annotations. A problem holds no characters that are not shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.model.serial import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.yamlio.problem import Problem


def as_text(problems: Iterable[Problem]) -> str:
    """One line for each problem, as editors and compilers write it."""
    return "".join(f"{one}\n" for one in problems)


def as_json(problems: Iterable[Problem]) -> str:
    """The problems as data."""
    return json.dumps({"problems": [to_plain(one) for one in problems]}, indent=2) + "\n"


def as_github(problems: Iterable[Problem]) -> str:
    """GitHub's workflow commands: each problem is shown at its line of the pull request."""
    return "".join(f"{_annotation(one)}\n" for one in problems)


def _annotation(one: Problem) -> str:
    place = f"file={_property(one.path)},line={one.line},col={one.column},title=pushboat lint"
    return f"::error {place}::{_data(f'{one.message} ({one.hint})' if one.hint else one.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS = {"text": as_text, "json": as_json, "github": as_github}


def count(number: int, word: str) -> str:
    """Such as `1 problem` and `2 problems`."""
    return f"{number} {word}{'' if number == 1 else 's'}"
