"""Walk over the language: every mapping with its path, and what a reader of the docs should know of a field."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from generator.schema.application import APPLICATION
from generator.schema.collections import ListOf, OrWord
from generator.schema.object import Field, Object
from generator.schema.platform import PLATFORM
from generator.schema.types import Duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.schema.types import Type

KINDS: dict[str, Object] = {"Application": APPLICATION, "Platform": PLATFORM}


def objects(top: Object, path: str = "") -> Iterator[tuple[str, Object]]:
    """Every mapping of a document with its path, such as `spec.components[].ports[]`; outer ones first."""
    yield path, top
    for field in top.fields:
        inside = inner(field.type)
        if inside:
            yield from objects(inside, f"{path}.{field.name}".lstrip(".") + _brackets(field.type))


def inner(type_: Type) -> Object | None:
    """The mapping that a field holds, or its list's items are."""
    if isinstance(type_, ListOf):
        return inner(type_.item)
    if isinstance(type_, OrWord):
        return inner(type_.type)
    return type_ if isinstance(type_, Object) else None


def _brackets(type_: Type) -> str:
    return "[]" if isinstance(type_, ListOf) else ""


def find(top: Object, path: str) -> tuple[Object, Field] | None:
    """The field at a path, and the mapping it stands in; `spec.` may be left out, and so may indexes."""
    names = re.sub(r"\[[^]]*\]", "", path).strip(".").split(".")
    spec = top.field("spec")
    if top.field(names[0]) is None and spec is not None:
        names = ["spec", *names]
    here: Object | None = top
    found = None
    for name in names:
        field = here.field(name) if here else None
        if here is None or field is None:
            return None
        found, here = (here, field), inner(field.type)
    return found


def default_of(owner: Object, field: Field) -> str:
    """The default of a field as people would write it, or in words."""
    if field.required:
        return "required"
    if field.default:
        return field.default
    value = owner.default_of(field)
    if value in (None, "", (), {}, dataclasses.MISSING) or dataclasses.is_dataclass(value):
        return "see below" if dataclasses.is_dataclass(value) else "none"
    return f"`{_written(value, field.type)}`"


def _written(value: Any, type_: Type) -> str:
    if isinstance(type_, Duration):
        return f"{value // 60}m" if value % 60 == 0 else f"{value}s"
    return str(value).lower() if isinstance(value, bool) else str(value)
