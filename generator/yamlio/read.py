"""Read YAML from people: a guard over the event stream that builds the tree in the same pass.

The C parser only makes events here, so a hostile file can neither exhaust the interpreter's stack
(40,000 nested lists crash PyYAML's own composer) nor multiply itself through aliases.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from generator.yamlio.node import Mapping, Node, Scalar, Sequence
from generator.yamlio.problem import START, Mark, Problem, YamlProblemError

MAX_BYTES = 1_048_576
MAX_DEPTH = 64
MAX_NODES = 100_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    mark: Mark
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    key: Scalar | None = None
    entries: dict[str, Node] = field(default_factory=dict)
    key_marks: dict[str, Mark] = field(default_factory=dict)

    def close(self) -> Node:
        if self.is_mapping:
            return Mapping(self.entries, self.key_marks, self.mark)
        return Sequence(tuple(self.items), self.mark)


class _Builder:
    """Turns one file's events into documents, refusing what the guard forbids."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.documents: list[Node] = []
        self.stack: list[_Open] = []
        self.nodes = 0

    def refuse(self, mark: Mark, message: str, hint: str = "") -> YamlProblemError:
        return YamlProblemError(Problem(self.path, mark.line, mark.column, message, hint))

    def take(self, event: Any) -> None:
        mark = _mark(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise self.refuse(mark, "aliases (*name) are not allowed", "write the value out")
        if isinstance(event, yaml.NodeEvent):
            self._guard(event, mark)
        if isinstance(event, yaml.ScalarEvent):
            self._add(Scalar(event.value, not event.style, mark))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self.stack.append(_Open(mark, isinstance(event, yaml.MappingStartEvent)))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._add(self.stack.pop().close())

    def _guard(self, event: Any, mark: Mark) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.refuse(mark, f"more than {MAX_NODES} values in one file", "split the file")
        if len(self.stack) >= MAX_DEPTH:
            raise self.refuse(mark, f"nested deeper than {MAX_DEPTH} levels")
        if event.anchor:
            raise self.refuse(mark, "anchors (&name) are not allowed", "write the value out where it is used")
        if getattr(event, "tag", None):
            raise self.refuse(mark, f"the tag {event.tag} is not allowed", "remove the tag")

    def _add(self, node: Node) -> None:
        if not self.stack:
            self.documents.append(node)
            return
        top = self.stack[-1]
        if not top.is_mapping:
            top.items.append(node)
        elif top.key is None:
            top.key = self._as_key(node, top)
        else:
            top.entries[top.key.text] = node
            top.key = None

    def _as_key(self, node: Node, top: _Open) -> Scalar:
        if not isinstance(node, Scalar):
            raise self.refuse(node.mark, "a key must be text")
        if node.text in top.entries:
            first = top.key_marks[node.text].line
            raise self.refuse(node.mark, f"the key '{node.text}' stands twice (first in line {first})", "keep one")
        top.key_marks[node.text] = node.mark
        return node


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)


def _text(data: bytes, path: str) -> str:
    if len(data) > MAX_BYTES:
        raise YamlProblemError(Problem(path, 1, 1, f"the file has {len(data)} bytes; at most {MAX_BYTES} are read"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise YamlProblemError(Problem(path, line, 1, "the file is not UTF-8", "save it as UTF-8")) from error


def read_documents(data: bytes, path: str) -> list[Node]:
    """Every document of a file.

    Raises YamlProblemError at the first thing that makes the file unreadable or unsafe.
    """
    builder = _Builder(path)
    loader = _LOADER(_text(data, path))
    try:
        while loader.check_event():
            builder.take(loader.get_event())
    except yaml.YAMLError as error:
        mark = _error_mark(error)
        message = " ".join(str(getattr(error, "problem", None) or getattr(error, "reason", None) or error).split())
        raise YamlProblemError(Problem(path, mark.line, mark.column, f"not valid YAML: {message}")) from error
    finally:
        loader.dispose()
    return builder.documents


def _error_mark(error: yaml.YAMLError) -> Mark:
    mark = getattr(error, "problem_mark", None)
    return START if mark is None else _mark(mark)
