"""The language for people: the reference page in Markdown, and what `explain` says in a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from generator.schema.walk import KINDS, default_of, find, inner, objects

if TYPE_CHECKING:
    from generator.schema.object import Field, Object

_WIDTH = 100


def page(kind: str) -> str:
    """The reference page of an Application or a Platform; each mapping is a section with a table."""
    parts = [
        f"# {kind} reference\n\n"
        f"Every field of a `kind: {kind}`, as `pushboat explain` tells it too. Made by `hack/dev golden` from "
        f"generator/schema; the parser reads the same.\n"
    ]
    for path, owner in objects(KINDS[kind]):
        rows = "".join(_row(owner, field) for field in owner.fields)
        rules = "".join(f"\n{rule}\n" for rule in _rules(owner))
        head = "| field | type | default | meaning | example |\n|---|---|---|---|---|\n"
        parts.append(f"## {path or 'top'}\n{rules}\n{head}{rows}")
    return "\n".join(parts)


def _row(owner: Object, field: Field) -> str:
    meaning = f"{field.doc} {_only(field)}".strip()
    example = f"`{field.example}`" if field.example else ""
    cells = [f"`{field.name}`", field.type.word, default_of(owner, field), meaning, example]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _only(field: Field) -> str:
    return f"Only for {', '.join(field.only)}." if field.only else ""


def _rules(owner: Object) -> list[str]:
    found = [f"Exactly one of {_names(group)} is given." for group in owner.one_of]
    return found + [f"At most one of {_names(group)} is given." for group in owner.at_most]


def _names(group: tuple[str, ...]) -> str:
    return " and ".join(", ".join(f"`{name}`" for name in group).rsplit(", ", 1))


def explain(kind: str, path: str) -> str | None:
    """One field and what is inside it; None where there is no such field."""
    found = find(KINDS[kind], path)
    if found is None:
        return None
    owner, field = found
    lines = [_plain(f"{path}: {field.type.word} ({default_of(owner, field)})"), ""]
    lines += textwrap.wrap(_plain(f"{field.doc} {_only(field)}"), _WIDTH)
    if field.example:
        lines += ["", f"example: {field.name}: {field.example}"]
    inside = inner(field.type)
    if inside:
        lines += ["", *(_plain(rule) for rule in _rules(inside)), *_fields(inside)]
    return "\n".join(lines) + "\n"


def _fields(owner: Object) -> list[str]:
    width = max(len(field.name) for field in owner.fields) + 2
    lines = []
    for field in owner.fields:
        text = f"{field.type.word} ({_plain(default_of(owner, field))}). {_plain(field.doc)} {_only(field)}"
        lines += textwrap.wrap(
            _plain(text), _WIDTH, initial_indent=f"  {field.name:{width}}", subsequent_indent=" " * (width + 2)
        )
    return lines


def outline(kind: str) -> str:
    """Every field of a document, a line each."""
    lines = []
    for path, owner in objects(KINDS[kind]):
        lines += [path] if path else []
        lines += [f"{'  ' if path else ''}{field.name}: {_plain(field.type.word)}" for field in owner.fields]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return text.replace("`", "")
