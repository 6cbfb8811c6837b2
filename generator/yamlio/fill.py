"""Fill `{{ name }}` in the scalars of an already parsed tree; text never becomes structure by accident."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import StrictUndefined, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_LONE = re.compile(r"\{\{\s*([a-z_][a-z0-9_.]*)\s*\}\}")


def fill(tree: Any, values: dict[str, Any]) -> Any:
    """A copy of `tree` with its expressions replaced.

    A scalar that is nothing but one expression takes the value with its type, so a list may stand in for it.
    Raises KeyError naming an expression that has no value.
    """
    if isinstance(tree, dict):
        return {key: fill(child, values) for key, child in tree.items()}
    if isinstance(tree, list):
        return [fill(child, values) for child in tree]
    if isinstance(tree, str) and "{{" in tree:
        return _fill_text(tree, values)
    return tree


def _fill_text(text: str, values: dict[str, Any]) -> Any:
    lone = _LONE.fullmatch(text)
    if lone:
        return _look_up(lone.group(1), values)
    try:
        return _ENVIRONMENT.from_string(text).render(values)
    except UndefinedError as error:
        raise KeyError(f"{text}: {error.message}") from error


def _look_up(name: str, values: dict[str, Any]) -> Any:
    found: Any = values
    for part in name.split("."):
        if not isinstance(found, dict) or part not in found:
            raise KeyError(f"{{{{ {name} }}}} has no value")
        found = found[part]
    return found
