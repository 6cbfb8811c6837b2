"""Read a mapping field by field, collecting every problem with its position and never stopping at the first."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from generator.yamlio.node import Mapping, Node, Scalar, Sequence, kind_of
from generator.yamlio.problem import START, Mark, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence as Seq

_DURATION = re.compile(r"([0-9]+)(s|m|h)")
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LONGEST = 24 * 3600


class Fields:
    """The fields of one mapping. A value that is missing or wrong is reported once and its default returned."""

    def __init__(self, node: Node | None, path: str, problems: list[Problem], where: str = "") -> None:
        self.path = path
        self.problems = problems
        self.where = where
        self.mark = node.mark if node else START
        self.asked: list[str] = []
        self.node = node if isinstance(node, Mapping) else Mapping({}, {}, self.mark)
        if node is not None and not isinstance(node, Mapping):
            self.report(self.mark, f"{where or 'the document'} must be a mapping, not {kind_of(node)}")

    def report(self, mark: Mark, message: str, hint: str = "") -> None:
        """Add a problem at `mark`."""
        self.problems.append(Problem(self.path, mark.line, mark.column, message, hint))

    def full(self, name: str) -> str:
        """The field's path from the root of the document, for messages."""
        return f"{self.where}.{name}" if self.where else name

    def has(self, name: str) -> bool:
        """Whether the field is written, whatever its value."""
        return name in self.node.entries

    def given(self, name: str) -> bool:
        """Whether the field has a value."""
        node = self.node.entries.get(name)
        return node is not None and not (isinstance(node, Scalar) and node.is_null)

    def mark_of(self, name: str) -> Mark:
        """The position of the field's value, or of the mapping where it is missing."""
        return self.node.entries[name].mark if name in self.node.entries else self.mark

    def _take(self, name: str) -> Node | None:
        self.asked.append(name)
        return self.node.entries[name] if self.given(name) else None

    def text(
        self,
        name: str,
        default: str | None = None,
        *,
        like: re.Pattern[str] | None = None,
        what: str = "",
        most: int = 4096,
    ) -> str:
        """A scalar as its writer typed it, so that 1.10 stays 1.10. Without a default it is required."""
        node = self._take(name)
        if node is None:
            if default is None:
                self.report(self.mark, f"{self.full(name)} is missing")
            return default or ""
        if not isinstance(node, Scalar):
            self.report(node.mark, f"{self.full(name)} must be text, not {kind_of(node)}")
            return default or ""
        if (like and not like.fullmatch(node.text)) or len(node.text) > most:
            self.report(node.mark, f"{self.full(name)} is '{node.text[:80]}'; it must be {what or 'shorter'}")
            return default or ""
        return node.text

    def integer(self, name: str, default: int | None, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`."""
        node = self._take(name)
        if node is None:
            return default
        if isinstance(node, Scalar) and node.plain and re.fullmatch(r"0|[1-9][0-9]{0,9}", node.text):
            number = int(node.text)
            if low <= number <= high:
                return number
        self.report(node.mark, f"{self.full(name)} must be a whole number from {low} to {high}, not {kind_of(node)}")
        return default

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false, in those words."""
        node = self._take(name)
        if node is None:
            return default
        if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
            return node.text == "true"
        self.report(node.mark, f"{self.full(name)} must be true or false, not {kind_of(node)}")
        return default

    def choice(self, name: str, options: Seq[str], default: str | None = None) -> str:
        """One of a few words."""
        text = self.text(name, default)
        if text and text not in options:
            self.report(self.mark_of(name), f"{self.full(name)} is '{text}'{one_of(text, options)}")
            return default or options[0]
        return text

    def seconds(self, name: str, default: int) -> int:
        """A duration such as 30s, 5m or 1h, of a day at most."""
        text = self.text(name, f"{default}s", like=_DURATION, what="a duration such as 30s, 5m or 1h")
        match = _DURATION.fullmatch(text)
        found = int(match.group(1)) * _SECONDS[match.group(2)] if match else default
        if found > _LONGEST:
            self.report(self.mark_of(name), f"{self.full(name)} is '{text}'; it must be at most 24h")
        return min(found, _LONGEST)

    def child(self, name: str) -> Fields:
        """The fields of a mapping below this one; empty where it is missing."""
        node = self._take(name)
        return Fields(node or Mapping({}, {}, self.mark), self.path, self.problems, self.full(name))

    def items(self, name: str) -> tuple[Node, ...]:
        """The items of a list; empty where it is missing."""
        node = self._take(name)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.report(node.mark, f"{self.full(name)} must be a list, not {kind_of(node)}")
            return ()
        return node.items

    def children(self, name: str) -> list[Fields]:
        """A list of mappings."""
        return [
            Fields(item, self.path, self.problems, f"{self.full(name)}[{index}]")
            for index, item in enumerate(self.items(name))
        ]

    def texts(self, name: str, *, like: re.Pattern[str] | None = None, what: str = "") -> tuple[str, ...]:
        """A list of scalars."""
        found = []
        for item in self.items(name):
            if not isinstance(item, Scalar) or (like and not like.fullmatch(item.text)):
                self.report(item.mark, f"{self.full(name)} holds {kind_of(item)}; each must be {what or 'text'}")
            else:
                found.append(item.text)
        return tuple(found)

    def mapping(
        self, name: str, *, like: re.Pattern[str] | None = None, what: str = "", keys: re.Pattern[str] | None = None
    ) -> dict[str, str]:
        """A mapping of text to text."""
        child = self.child(name)
        for key in child.node.entries:
            if keys and not keys.fullmatch(key):
                child.report(child.node.key_marks[key], f"{child.full(key)}: the key is not a valid name")
        return {key: child.text(key, like=like, what=what) for key in child.node.entries}

    def close(self) -> None:
        """Report every field that nobody asked for, with what was probably meant."""
        for key, mark in self.node.key_marks.items():
            if key not in self.asked:
                self.report(mark, f"{self.full(key)} is not a field{one_of(key, self.asked)}")


def one_of(word: str, options: Seq[str]) -> str:
    """The end of a sentence about an unknown word: a guess where one is close, else the choices."""
    close = difflib.get_close_matches(word, options, n=1)
    return f"; did you mean {close[0]}?" if close else f"; it can be {', '.join(options)}"
