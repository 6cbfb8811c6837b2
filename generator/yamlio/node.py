"""A YAML document as a tree of nodes that keep their positions and their text."""

from __future__ import annotations

from dataclasses import dataclass

from generator.yamlio.problem import Mark


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf. `text` is what the writer typed; `plain` tells an unquoted scalar from a quoted one."""

    text: str
    plain: bool
    mark: Mark

    @property
    def is_null(self) -> bool:
        """Whether YAML reads this as null."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping with its keys in source order; `key_marks` are the positions of the keys."""

    entries: dict[str, Node]
    key_marks: dict[str, Mark]
    mark: Mark


Node = Scalar | Sequence | Mapping


def kind_of(node: Node) -> str:
    """The word a message uses for a node."""
    if isinstance(node, Mapping):
        return "a mapping"
    return "a list" if isinstance(node, Sequence) else f"'{node.text}'"


def mark_at(node: Node, way: tuple[str | int, ...]) -> Mark:
    """The position of a value below `node`, or of the nearest value above it that is there."""
    for step in way:
        below = _below(node, step)
        if below is None:
            break
        node = below
    return node.mark


def _below(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(step, str):
        return node.entries.get(step)
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None
