"""A finding about a file, as a value with a position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from generator.yamlio.characters import distinct, shown

LONGEST = 600  # characters of a message; what people wrote is cut where it is quoted, this is the last resort


class Mark(NamedTuple):
    """A position in a file; line and column count from 1. Every value has one, so it is a plain tuple."""

    line: int
    column: int


START = Mark(1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, where, and what to do about it.

    Messages quote what strangers wrote and end in terminals, logs, commit statuses and CI annotations: whatever is
    handed in, they hold one printable line of bounded length.
    """

    path: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        for name, text in (("path", shown(self.path)), ("message", _line(self.message)), ("hint", _line(self.hint))):
            object.__setattr__(self, name, text)

    @property
    def where(self) -> str:
        """`path:line:column`, as editors and compilers write it."""
        return f"{self.path}:{self.line}:{self.column}"

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.where}: error: {self.message}{hint}"


def _line(text: str) -> str:
    return _cut(
        shown(distinct(_cut(text)))
    )  # cut before, because it may be a megabyte, and after, because escapes are longer


def _cut(text: str) -> str:
    """The beginning and the end: a message names the field first and says last what it must be."""
    half = LONGEST // 2 - 2
    return text if len(text) <= LONGEST else f"{text[:half]}...{text[-half:]}"


class YamlProblemError(Exception):
    """A file that cannot be read as YAML at all, with everything that was found before reading ended."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def problem(self) -> Problem:
        """The first one."""
        return self.problems[0]
