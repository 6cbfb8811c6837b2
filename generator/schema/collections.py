"""The types of values that hold others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.schema.report import shown
from generator.yamlio.node import Mapping, Node, Scalar, Sequence
from generator.yamlio.value import value_of

if TYPE_CHECKING:
    from generator.schema.report import Report
    from generator.schema.types import Type


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; `unique` names the attribute that no two items may share, or is "self"."""

    item: Type
    unique: str = ""
    least: int = 0
    most: int = 1000
    stand_in: tuple[Any, ...] = ()

    @property
    def word(self) -> str:
        word = self.item.word
        return "list" if word == "mapping" else f"list of {word if word == 'text' else f'{word}s'}"

    def read(self, node: Node, where: str, report: Report) -> tuple[Any, ...]:
        if not isinstance(node, Sequence):
            report.add(node.mark, f"{where} must be a list, not {shown(node)}")
            return ()
        if len(node.items) < self.least:
            report.add(node.mark, f"{where} is empty", "name at least one")
        if len(node.items) > self.most:
            report.add(node.mark, f"{where} has {len(node.items)} items; it may have {self.most}")
            return ()
        found = tuple(_read(self.item, item, f"{where}[{index}]", report) for index, item in enumerate(node.items))
        if self.unique:
            self._refuse_doubles(found, node, where, report)
        return found

    def _refuse_doubles(self, found: tuple[Any, ...], node: Sequence, where: str, report: Report) -> None:
        seen: set[str] = set()
        for item, one in zip(found, node.items, strict=True):
            name = item if self.unique == "self" else getattr(item, self.unique)
            if name and name in seen:
                report.add(one.mark, f"{where} names '{name}' twice", "keep one")
            seen.add(name)

    def schema(self) -> dict[str, Any]:
        bounds = {"maxItems": self.most} | ({"minItems": self.least} if self.least else {})
        return {"type": "array", "items": self.item.schema(), **bounds}


def _read(type_: Type, node: Node, where: str, report: Report) -> Any:
    """An item, which has to have a value: what it would stand for otherwise nobody knows."""
    if isinstance(node, Scalar) and node.is_null:
        report.add(node.mark, f"{where} has no value", 'write "" for an empty text, quotes around a word like null')
        return type_.stand_in
    return type_.read(node, where, report)


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping of names to values of one type."""

    value: Type
    keys: re.Pattern[str]
    most: int = 100
    word: str = "mapping"

    @property
    def stand_in(self) -> dict[str, Any]:
        return {}

    def read(self, node: Node, where: str, report: Report) -> dict[str, Any]:
        if not isinstance(node, Mapping):
            report.add(node.mark, f"{where} must be a mapping, not {shown(node)}")
            return {}
        if len(node.entries) > self.most:
            report.add(node.mark, f"{where} has {len(node.entries)} entries; it may have {self.most}")
            return {}
        for key, mark in node.key_marks.items():
            if not self.keys.fullmatch(key):
                report.add(mark, f"{where}: '{key[:80]}' is not a valid name here")
        return {key: _read(self.value, child, f"{where}.{key}", report) for key, child in node.entries.items()}

    def schema(self) -> dict[str, Any]:
        names = {"pattern": f"^(?:{self.keys.pattern})$"}
        found = {"type": "object", "propertyNames": names, "additionalProperties": self.value.schema()}
        return found | {"maxProperties": self.most}


@dataclass(frozen=True, slots=True)
class Values:
    """A mapping that is handed on as it stands, and means what kubectl would read there."""

    word: str = "mapping"

    @property
    def stand_in(self) -> dict[str, Any]:
        return {}

    def read(self, node: Node, where: str, report: Report) -> dict[str, Any]:
        if isinstance(node, Mapping):
            found: dict[str, Any] = value_of(node, report.path, report.problems)
            return found
        report.add(node.mark, f"{where} must be a mapping, not {shown(node)}")
        return {}

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}


@dataclass(frozen=True, slots=True)
class OrWord:
    """A value of another type, or one word that stands for `meaning`."""

    type: Type
    name: str
    meaning: Any

    @property
    def word(self) -> str:
        return f"{self.type.word} or `{self.name}`"

    @property
    def stand_in(self) -> Any:
        return self.meaning

    def read(self, node: Node, where: str, report: Report) -> Any:
        if isinstance(node, Scalar) and node.text == self.name:
            return self.meaning
        return self.type.read(node, where, report)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"const": self.name}, self.type.schema()]}
