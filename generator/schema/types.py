"""The types of values, and those of single ones. Each reads a node, and describes itself for editors and people.

A value that is wrong is reported and a stand-in returned, so that one file's problems are all told at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from generator.schema.report import one_of, shown
from generator.yamlio.node import Node, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.schema.report import Report

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_DURATION = re.compile(r"([0-9]+)(s|m|h)")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,9}")


class Type(Protocol):
    """What a field may hold. `word` names it in a sentence; `stand_in` replaces a value that is wrong."""

    @property
    def word(self) -> str: ...

    @property
    def stand_in(self) -> Any: ...

    def read(self, node: Node, where: str, report: Report) -> Any:
        """The value of a node that is not null; what is wrong with it is reported."""

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as its writer typed it, so that 1.10 stays 1.10, no stays no, and 010 stays 010."""

    like: re.Pattern[str] | None = None
    what: str = "text"
    most: int = 4096
    word: str = "text"
    stand_in: str = ""

    def read(self, node: Node, where: str, report: Report) -> str:
        if not isinstance(node, Scalar):
            report.add(node.mark, f"{where} must be text, not {shown(node)}")
        elif len(node.text) > self.most:  # before any grammar looks at it
            report.add(node.mark, f"{where} has {len(node.text)} characters; it may have {self.most}")
        elif self.like and not self.like.fullmatch(node.text):
            report.add(node.mark, f"{where} is {shown(node)}; it must be {self.what}")
        else:
            return node.text
        return self.stand_in

    def schema(self) -> dict[str, Any]:
        # An editor's YAML reader turns plain scalars into numbers and truth values before it checks them.
        also = {"number": "1.5", "integer": "1", "boolean": "true"}
        kinds = ["string", *(kind for kind, text in also.items() if not self.like or self.like.fullmatch(text))]
        found: dict[str, Any] = {"type": kinds if len(kinds) > 1 else "string", "maxLength": self.most}
        return found | ({"pattern": f"^(?:{self.like.pattern})$"} if self.like else {})


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number, written plainly."""

    low: int
    high: int

    @property
    def word(self) -> str:
        return "number"

    @property
    def stand_in(self) -> int:
        return self.low

    def read(self, node: Node, where: str, report: Report) -> int:
        if isinstance(node, Scalar) and node.plain and _WHOLE.fullmatch(node.text):
            number = int(node.text)
            if self.low <= number <= self.high:
                return number
        report.add(node.mark, f"{where} must be a whole number from {self.low} to {self.high}, not {shown(node)}")
        return self.low

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false, in those words."""

    word: str = "true or false"
    stand_in: bool = False

    def read(self, node: Node, where: str, report: Report) -> bool:
        if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
            return node.text == "true"
        report.add(node.mark, f"{where} must be true or false, not {shown(node)}")
        return False

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words, turned into the value that `make` gives for it."""

    options: tuple[str, ...]
    make: Callable[[str], Any] = str

    @property
    def word(self) -> str:
        return " or ".join(", ".join(f"`{one}`" for one in self.options).rsplit(", ", 1))

    @property
    def stand_in(self) -> Any:
        return self.make(self.options[0])

    def read(self, node: Node, where: str, report: Report) -> Any:
        if isinstance(node, Scalar) and node.text in self.options:
            return self.make(node.text)
        text = node.text if isinstance(node, Scalar) else ""
        report.add(node.mark, f"{where} is {shown(node)}{one_of(text, self.options)}")
        return self.stand_in

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.options)}


@dataclass(frozen=True, slots=True)
class Duration:
    """A whole number with s, m or h, at most a day, in seconds."""

    word: str = "duration"
    stand_in: int = 60

    def read(self, node: Node, where: str, report: Report) -> int:
        match = _DURATION.fullmatch(node.text) if isinstance(node, Scalar) else None
        if not match:
            report.add(node.mark, f"{where} is {shown(node)}; it must be a duration such as 30s, 5m or 1h")
            return self.stand_in
        seconds = int(match.group(1)[:9]) * _SECONDS[match.group(2)]
        if seconds > 24 * 3600:
            report.add(node.mark, f"{where} is {shown(node)}; it must be at most 24h")
        elif seconds == 0:
            report.add(node.mark, f"{where} is {shown(node)}; it must be at least 1s")
        return min(seconds, 24 * 3600) or self.stand_in

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(?:{_DURATION.pattern})$"}
