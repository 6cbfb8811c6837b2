"""Frozen dataclasses to JSON values and back, for what travels between steps and through the API server."""

from __future__ import annotations

import dataclasses
import types
import typing
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


_PLAIN = frozenset({str, int, float, bool, type(None)})


def to_plain(value: Any) -> Any:
    """A JSON value of a dataclass tree."""
    kind = type(value)
    if kind in _PLAIN:  # most values, so first
        return value
    if dataclasses.is_dataclass(kind):
        return {name: to_plain(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


def from_plain(kind: type[T], data: Any) -> T:
    """The dataclass `kind` out of a JSON value; fields that are missing take their defaults.

    Unknown fields are ignored, so that a step can read what a newer minor version wrote.
    Raises TypeError or ValueError for a value of another type than its field's.
    """
    return typing.cast("T", _build(kind, data))


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(kind: Any, data: Any) -> Any:
    if kind is Any:
        return data
    if dataclasses.is_dataclass(kind):
        given = _checked(dict, data)
        hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _build(hint, given[name]) for name, hint in hints.items() if name in given})  # type: ignore[operator]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return tuple(_build(arguments[0], item) for item in _checked(list, data))
    if origin is list:
        return [_build(arguments[0], item) for item in _checked(list, data)]
    if origin is dict:
        return {key: _build(arguments[1], item) for key, item in _checked(dict, data).items()}
    if origin in (types.UnionType, typing.Union):
        inner = next(argument for argument in arguments if argument is not type(None))
        return None if data is None else _build(inner, data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    return _checked(kind, data)


def _checked(kind: type[T], data: Any) -> T:
    if not isinstance(data, kind):
        raise TypeError(f"{data!r:.80} is not of type {kind.__name__}")
    return data
