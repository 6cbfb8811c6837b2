"""What helm and kustomize give: read like any manifests, and brought back to the file it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.sources.manifests import objects_in, parse
from generator.yamlio.node import Mapping, Node, Scalar, Sequence
from generator.yamlio.problem import Problem

if TYPE_CHECKING:
    from generator.sources.given import Given

_OCTAL = re.compile(r"0[0-7]+|0o[0-7]+")


@dataclass(frozen=True, slots=True)
class Part:
    """Manifests that one file became. `source` is that file's text, `before` goes before what is said of it."""

    text: str
    path: str
    source: str = ""
    before: str = ""


def read_part(part: Part, given: Given) -> list[dict[str, Any]]:
    """The objects, under the same rules as a file of manifests."""
    problems: list[Problem] = []
    documents = [_as_go_reads(document) for document in parse(part.text.encode(), part.path, problems)]
    found = objects_in(documents, part.path, given.target, problems)
    given.problems.extend(placed(problem, part) for problem in problems)
    return found


def placed(problem: Problem, part: Part) -> Problem:
    """The problem where people can mend it: at the one line of the source that is the rendered one, if there is."""
    lines = part.text.splitlines()
    text = lines[problem.line - 1] if problem.line <= len(lines) else ""
    matching = [index for index, line in enumerate(part.source.splitlines()) if line.strip() == text.strip()]
    message = part.before + problem.message
    if len(matching) == 1 and text.strip():
        theirs = part.source.splitlines()[matching[0]]
        shift = len(text) - len(text.lstrip()) - (len(theirs) - len(theirs.lstrip()))
        return Problem(part.path, matching[0] + 1, max(problem.column - shift, 1), message, problem.hint)
    if text.strip():
        message += f", in the rendered line '{text.strip()[:80]}'"
    return Problem(part.path, 1, 1, message, problem.hint)


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
