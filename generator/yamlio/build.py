"""Events of the C parser become documents; what the guard forbids is reported on the way.

Reading goes on after most findings, so that all are told at once; not where that would cost time or memory.
"""

from __future__ import annotations

from typing import Any

import yaml

from generator.yamlio.node import Mapping, Node, Scalar, Sequence, kind_of
from generator.yamlio.problem import Mark, Problem, YamlProblemError
from generator.yamlio.text import MAX_PROBLEMS
from generator.yamlio.value import QUOTED, is_text, odd_key

MAX_DEPTH = 64
MAX_NODES = 100_000


class _OpenList:
    """A list whose end has not been read yet."""

    __slots__ = ("items", "mark")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.items: list[Node] = []

    def close(self) -> Node:
        return Sequence(tuple(self.items), self.mark)


class _OpenMapping:
    """A mapping whose end has not been read yet; `key` waits for its value."""

    __slots__ = ("entries", "key", "key_marks", "mark")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.key: str | None = None
        self.entries: dict[str, Node] = {}
        self.key_marks: dict[str, Mark] = {}

    def close(self) -> Node:
        return Mapping(self.entries, self.key_marks, self.mark)


class Builder:
    """Turns one file's events into documents, reporting what the guard forbids and going on where it can."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self.documents: list[Node] = []
        self.stack: list[_OpenList | _OpenMapping] = []
        self.top: _OpenList | _OpenMapping | None = None  # of the stack
        self.nodes = 0
        # A table instead of a chain of isinstance: half of what reading costs in Python is spent here.
        self.take: dict[type, Any] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._list,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def report(self, mark: Mark, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.path, mark.line, mark.column, message, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise YamlProblemError(*self.problems)

    def stop(self, mark: Mark, message: str, hint: str) -> YamlProblemError:
        return YamlProblemError(*self.problems, Problem(self.path, mark.line, mark.column, message, hint))

    def _document(self, event: Any) -> None:
        if event.version or event.tags:
            self.report(_mark(event), "directives (%YAML, %TAG) are not allowed", "remove the line")

    def _scalar(self, event: Any) -> None:
        mark = self._guard(event)
        style = event.style
        if style == '"' and "\0" in event.value:  # all other escapes can be meant
            self.report(mark, r"a NUL character (\0) is not allowed", "no program can take it")
        self._add(Scalar(event.value, not style, mark))

    def _mapping(self, event: Any) -> None:
        self._open(_OpenMapping(self._guard(event)))

    def _list(self, event: Any) -> None:
        self._open(_OpenList(self._guard(event)))

    def _open(self, opened: _OpenList | _OpenMapping) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise self.stop(opened.mark, f"nested deeper than {MAX_DEPTH} levels", "flatten it")
        self.stack.append(opened)
        self.top = opened

    def _end(self, _: Any) -> None:
        node = self.stack.pop().close()
        self.top = self.stack[-1] if self.stack else None
        self._add(node)

    def _alias(self, event: Any) -> None:
        mark = _mark(event)
        self.report(mark, "aliases (*name) are not allowed", "write the value out; text with * takes quotes")
        self._add(Scalar("", plain=False, mark=mark))

    def _guard(self, event: Any) -> Mark:
        start = event.start_mark
        mark = Mark(start.line + 1, start.column + 1)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.stop(mark, f"more than {MAX_NODES} values in one file", "split the file")
        if event.anchor or event.tag:
            self._refuse_properties(event, mark)
        return mark

    def _refuse_properties(self, event: Any, mark: Mark) -> None:
        if event.anchor:
            self.report(mark, "anchors (&name) are not allowed", "write the value out where it is used")
        if event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
            self.report(mark, f"the tag {tag[:QUOTED]} is not allowed", "remove the tag")

    def _add(self, node: Node) -> None:
        top = self.top
        if top is None:
            self.documents.append(node)
        elif isinstance(top, _OpenList):
            top.items.append(node)
        elif top.key is None:
            top.key = self._as_key(node, top)
        else:
            top.entries.setdefault(top.key, node)  # of two equal keys the first one stays
            top.key = None

    def _as_key(self, node: Node, top: _OpenMapping) -> str:
        if not isinstance(node, Scalar):
            self.report(node.mark, f"a key must be text, not {kind_of(node)}", "text with [ or { takes quotes")
            return ""
        text = node.text
        if text in top.key_marks:
            first = top.key_marks[text].line
            self.report(node.mark, f"the key '{text[:QUOTED]}' stands twice (first in line {first})", "keep one")
        else:
            top.key_marks[text] = node.mark
        if (node.plain and not is_text(text)) or not text.isprintable() or not text.isascii():
            self._check_key(node)
        return text

    def _check_key(self, node: Scalar) -> None:
        found = odd_key(node)
        if found:
            self.report(node.mark, *found)


def _mark(event: Any) -> Mark:
    start = event.start_mark
    return Mark(start.line + 1, start.column + 1)
