"""Collect the problems of one file with their places."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.yamlio.node import Mapping, Node, Scalar, kind_of, mark_at
from generator.yamlio.problem import Mark, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable


MOST = 100  # problems of one file: who made more has made one, many times over


@dataclass(frozen=True, slots=True)
class Report:
    """The problems found so far in the file at `path`; from MOST on they are left out."""

    path: str
    problems: list[Problem]

    def add(self, mark: Mark, message: str, hint: str = "") -> None:
        """Add a problem at `mark`."""
        if not self.is_full:
            self.problems.append(Problem(self.path, mark.line, mark.column, message, hint))

    @property
    def is_full(self) -> bool:
        """Whether nothing more is told."""
        return len(self.problems) >= MOST


@dataclass(frozen=True, slots=True)
class Place:
    """A value that has been read, for rules that look at more than one of its fields.

    `where` is its path from the root of the document, as messages write it.
    """

    node: Mapping
    where: str
    report: Report

    def full(self, field: str) -> str:
        """The path of a field of this value."""
        return f"{self.where}.{field}" if self.where else field

    def has(self, field: str) -> bool:
        """Whether the field has a value; one that is written without counts as not written."""
        found = self.node.entries.get(field)
        return found is not None and not (isinstance(found, Scalar) and found.is_null)

    def add(self, message: str, hint: str = "", *, at: str = "") -> None:
        """Add a problem at the field `at`, or at the value itself where the field is not written."""
        self.report.add(self.node.entries.get(at, self.node).mark, message, hint)

    def add_at(self, way: tuple[str | int, ...], message: str, hint: str = "") -> None:
        """Add a problem at a value further down, or at the nearest value above it that is there."""
        self.report.add(mark_at(self.node, way), message, hint)


def one_of(word: str, options: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: a guess where one is close, else the choices."""
    words = list(options)
    close = difflib.get_close_matches(word, words, n=1)
    return f"; did you mean {close[0]}?" if close else f"; it can be {', '.join(words)}"


def shown(node: Node) -> str:
    """What stands there, for a message; a long text is cut."""
    text = kind_of(node)
    return text if len(text) <= 82 else f"{text[:80]}...'"
