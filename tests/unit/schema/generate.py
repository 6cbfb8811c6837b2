"""Hypothesis strategies for documents, made from the declared language itself."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from generator.schema.collections import ListOf, MapOf, OrWord, Values
from generator.schema.component import COMPONENT
from generator.schema.object import Field, Object
from generator.schema.types import Choice, Duration, Flag, Integer, Text, Type

# What text in a definition must never become: a variable of Tekton's or of the kubelet's, a template, a shell's work.
HOSTILE = (
    "$(params.plans)",
    "$$(context.taskRun.name)",
    "$(tasks.x.results.y)",
    "{{ 7 * 7 }}",
    "`id`",
    "${HOME}",
    "\u00e9",
)


def value(type_: Type) -> st.SearchStrategy[Any]:
    """A value that the type takes, as YAML would hold it."""
    if isinstance(type_, Object):
        return mapping(type_)
    if isinstance(type_, ListOf):
        return _list(type_)
    if isinstance(type_, MapOf):
        return st.dictionaries(st.from_regex(type_.keys, fullmatch=True), value(type_.value), max_size=2)
    if isinstance(type_, OrWord):
        return st.one_of(st.just(type_.name), value(type_.type))
    return _scalar(type_)


def _scalar(type_: Type) -> st.SearchStrategy[Any]:
    if isinstance(type_, Text):
        if type_.like is None:
            return st.one_of(st.sampled_from(HOSTILE), st.text("abc \n\t:#-'\"", max_size=20))
        return st.from_regex(type_.like, fullmatch=True).filter(lambda text: len(text) <= type_.most)
    if isinstance(type_, Integer):
        return st.integers(type_.low, type_.high)
    if isinstance(type_, Flag):
        return st.booleans()
    if isinstance(type_, Choice):
        return st.sampled_from(type_.options)
    if isinstance(type_, Duration):
        return st.integers(1, 60).map("{}m".format)
    assert isinstance(type_, Values)
    return st.dictionaries(st.sampled_from("abc"), st.one_of(st.integers(), st.sampled_from(HOSTILE)), max_size=2)


def _list(type_: ListOf) -> st.SearchStrategy[list[Any]]:
    unique = None
    if type_.unique == "self":
        unique = repr
    elif type_.unique:
        unique = _unique_by(type_.item, type_.unique)
    return st.lists(value(type_.item), min_size=max(type_.least, 1), max_size=2, unique_by=unique)


def _unique_by(item: Type, attribute: str) -> Any:
    assert isinstance(item, Object)
    name = next(field.name for field in item.fields if field.attribute == attribute)
    return lambda one: one[name]


@cache
def mapping(owner: Object) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with all required fields, some of the others, and of each group as many as may be."""
    grouped = {name for group in (*owner.one_of, *owner.at_most) for name in group}
    always = {field.name: value(field.type) for field in owner.fields if field.required}
    sometimes = {
        field.name: value(field.type) for field in owner.fields if not field.required and field.name not in grouped
    }
    whole = st.fixed_dictionaries(always, optional=sometimes)
    for group in owner.one_of:
        whole = st.tuples(whole, _one(owner, group)).map(lambda pair: {**pair[0], **pair[1]})
    return whole.map(lambda one: _of_its_kind(owner, one))


def _of_its_kind(owner: Object, one: dict[str, Any]) -> dict[str, Any]:
    kept = {field.name for field in owner.fields if not field.only or one.get("kind") in field.only}
    return {name: found for name, found in one.items() if name in kept}


def _one(owner: Object, group: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    fields = [field for name in group if (field := owner.field(name))]
    return st.one_of(*(_alone(field) for field in fields))


def _alone(field: Field) -> st.SearchStrategy[dict[str, Any]]:
    return value(field.type).map(lambda found: {field.name: found})


def component(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """A component of one kind."""
    needed = {"kind": str(kind), "image": "registry.example:5000/team/app:1.0"} | (
        {"schedule": "30 3 * * *"} if kind == "CronJob" else {}
    )
    return mapping(COMPONENT).map(lambda one: _of_its_kind(COMPONENT, {**one, **needed}))
