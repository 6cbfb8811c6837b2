"""A mapping with known fields: how it is read into a dataclass, with every unknown or missing field told."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.schema.report import Place, one_of, shown
from generator.yamlio.node import Mapping, Node, Scalar

if TYPE_CHECKING:
    from generator.schema.report import Report
    from generator.schema.types import Type


@dataclass(frozen=True, slots=True)
class Field:
    """A field as people write it. `doc` is its line in the reference and in `explain`; `example` is YAML.

    `default` is the default in words where the dataclass' own default does not tell it. `only` are the kinds of a
    component that have the field. The value goes to the attribute `to`, else to the field's name in snake case.
    """

    name: str
    type: Type
    doc: str
    required: bool = False
    default: str = ""
    example: str = ""
    only: tuple[str, ...] = ()
    to: str = ""

    @property
    def attribute(self) -> str:
        """The attribute of the dataclass."""
        return self.to or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.name).lower()


@dataclass(frozen=True, slots=True)
class Object:
    """A mapping read into the dataclass `make`, whose defaults stand for fields that are not written.

    Of each group in `one_of` exactly one field is given; `at_most` are groups that may also be left out. `check`
    adds the rules that concern several fields.
    """

    make: Callable[..., Any]
    fields: tuple[Field, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    at_most: tuple[tuple[str, ...], ...] = ()
    check: Callable[[Any, Place], None] | None = None

    @property
    def word(self) -> str:
        return "mapping"

    @property
    def stand_in(self) -> Any:
        return self.make(**{field.attribute: field.type.stand_in for field in self.fields if field.required})

    def field(self, name: str) -> Field | None:
        """The field called `name`."""
        return next((field for field in self.fields if field.name == name), None)

    def default_of(self, field: Field) -> Any:
        """What the dataclass takes where the field is not written; MISSING where it has no default."""
        made: Any = getattr(self.make, "func", self.make)  # a partial hides the dataclass
        known = {one.name: one for one in dataclasses.fields(made)} if dataclasses.is_dataclass(made) else {}
        found = known.get(field.attribute)
        if found is None or found.default is not dataclasses.MISSING:
            return found.default if found else dataclasses.MISSING
        return found.default_factory() if found.default_factory is not dataclasses.MISSING else dataclasses.MISSING

    def read(self, node: Node, where: str, report: Report) -> Any:
        """The dataclass; with stand-ins where something was reported."""
        if not isinstance(node, Mapping):
            report.add(node.mark, f"{where or 'the document'} must be a mapping, not {shown(node)}")
            return self.stand_in
        place = Place(node, where, report)
        values = {}
        for field in self.fields:
            if place.has(field.name):
                values[field.attribute] = field.type.read(node.entries[field.name], place.full(field.name), report)
            elif field.required:
                report.add(node.mark, f"{place.full(field.name)} is missing")
                values[field.attribute] = field.type.stand_in
        self._refuse_unknown(place)
        self._refuse_of_other_kinds(place)
        self._choose(place)
        made = self.make(**values)
        if self.check:
            self.check(made, place)
        return made

    def _refuse_unknown(self, place: Place) -> None:
        known = [field.name for field in self.fields]
        for key, mark in place.node.key_marks.items():
            if place.report.is_full:
                return  # guessing what was meant is the dearest part of a problem
            if key not in known:
                place.report.add(mark, f"{place.full(key)} is not a field{one_of(key, known)}")

    def _refuse_of_other_kinds(self, place: Place) -> None:
        kind = place.node.entries.get("kind")
        for field in self.fields:
            if field.only and place.has(field.name) and isinstance(kind, Scalar) and kind.text not in field.only:
                place.add(f"{place.full(field.name)} needs kind: {' or '.join(field.only)}", at=field.name)

    def _choose(self, place: Place) -> None:
        for group in (*self.one_of, *self.at_most):
            found = [name for name in group if place.has(name)]
            if len(found) > 1 or (not found and group in self.one_of):
                exactly = "exactly" if group in self.one_of else "at most"
                names = " and ".join(", ".join(group).rsplit(", ", 1))
                but = f", not {' and '.join(found)}" if found else ""
                place.add(f"{place.where or 'the document'} needs {exactly} one of {names}{but}")

    def schema(self) -> dict[str, Any]:
        """As JSON Schema; the rules of `check` are the parser's alone."""
        found: dict[str, Any] = {
            "type": "object",
            "additionalProperties": False,
            "properties": {field.name: self._describe(field) for field in self.fields},
        }
        required = [field.name for field in self.fields if field.required]
        rules: list[dict[str, Any]] = [{"oneOf": [{"required": [name]} for name in group]} for group in self.one_of]
        rules += [{"not": {"required": list(pair)}} for group in self.at_most for pair in _pairs(group)]
        rules += [_only(field) for field in self.fields if field.only]
        return found | ({"required": required} if required else {}) | ({"allOf": rules} if rules else {})

    def _describe(self, field: Field) -> dict[str, Any]:
        # A field without a value counts as not written; where a rule asks which is, a schema cannot say that.
        inner = field.type.schema()
        grouped = any(field.name in group for group in (*self.one_of, *self.at_most))
        shape = inner if field.required or grouped else {"anyOf": [inner, {"type": "null"}]}
        return {"description": field.doc, **shape}


def _pairs(group: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(one, other) for index, one in enumerate(group) for other in group[index + 1 :]]


def _only(field: Field) -> dict[str, Any]:
    return {
        "if": {"required": [field.name], "properties": {field.name: {"not": {"type": "null"}}}},
        "then": {"properties": {"kind": {"enum": list(field.only)}}},
    }
