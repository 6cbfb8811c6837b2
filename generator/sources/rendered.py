"""What helm and kustomize give: read like any manifests, and brought back to the file it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.sources.manifests import objects_in, parse
from generator.yamlio.node import Mapping, Node, Scalar, Sequence
from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from generator.sources.given import Given, Step

MAX_OBJECTS = 2000
HOLDS = re.compile(r"^(?!---)[^#\n]*[^#\s]", re.MULTILINE)  # more than comments and ends of documents
_OCTAL = re.compile(r"0o?[0-7]{1,21}")  # of more digits than Go's 64 bits hold it is no number


@dataclass(slots=True)
class Source:
    """The file that a part was made from. Without its text, `before` is what is said before a message about it."""

    path: str
    text: str = ""
    before: str = ""
    _lines: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def only_line(self, text: str) -> tuple[int, int]:
        """Number and indentation of the one line that reads so but for its indentation; (0, 0) without such a one."""
        if not self._lines:
            for number, line in enumerate(self.text.splitlines(), 1):
                self._lines.setdefault(line.strip(), []).append((number, _indent(line)))
        found = self._lines.get(text.strip(), [])
        return found[0] if len(found) == 1 and text.strip() else (0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A document that was rendered, with where it is from."""

    text: str
    source: Source


def read_parts(parts: list[Part], given: Given, way: tuple[Step, ...]) -> list[tuple[Part, dict[str, Any]]]:
    """The objects, under the same rules as a file of manifests; each with the part that it is in."""
    parts = [part for part in parts if HOLDS.search(part.text)]
    if len(parts) > MAX_OBJECTS:
        given.report(
            way, f"it renders {len(parts)} objects; an app has at most {MAX_OBJECTS}", "make several apps of it"
        )
        return []
    return [(part, item) for part in parts for item in _read(part, given)]


def _read(part: Part, given: Given) -> list[dict[str, Any]]:
    problems: list[Problem] = []
    documents = [_as_go_reads(document) for document in parse(part.text.encode(), part.source.path, problems)]
    found = objects_in(documents, part.source.path, given.target, problems)
    lines = part.text.splitlines() if problems else []
    given.problems.extend(_placed(problem, part.source, lines) for problem in problems)
    return found


def _placed(problem: Problem, source: Source, lines: list[str]) -> Problem:
    """The problem where people can mend it: at the one line of the source that is the rendered one, if there is."""
    text = lines[problem.line - 1] if problem.line <= len(lines) else ""
    message, (number, indent) = source.before + problem.message, source.only_line(text)
    if number:
        column = max(problem.column - _indent(text) + indent, 1)
        return Problem(source.path, number, column, message, problem.hint)
    if text.strip():
        message += f", in the rendered line '{text.strip()[:80]}'"
    return Problem(source.path, 1, 1, message, problem.hint)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _as_go_reads(node: Node) -> Node:
    """With octal numbers as decimal ones. In a chart of somebody else `defaultMode: 0644` is no slip to be asked about:
    its author saw what Go's reader, helm's and kubectl's, makes of it.
    """
    if isinstance(node, Mapping):
        return Mapping({key: _as_go_reads(child) for key, child in node.entries.items()}, node.key_marks, node.mark)
    if isinstance(node, Sequence):
        return Sequence(tuple(_as_go_reads(item) for item in node.items), node.mark)
    if node.plain and _OCTAL.fullmatch(node.text):
        return Scalar(str(int(node.text.replace("o", ""), 8)), node.plain, node.mark)
    return node
