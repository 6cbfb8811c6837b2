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
