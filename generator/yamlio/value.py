"""The plain value of a node, as kubectl would read it, with YAML 1.1's traps refused."""

from __future__ import annotations

import math
import re
from typing import Any

from generator.yamlio.characters import UNSEEN
from generator.yamlio.node import Mapping, Node, Scalar, Sequence
from generator.yamlio.problem import Problem

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,99})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
# Plain scalars that one YAML reader takes for text and another for a number, a truth value or a time; without the
# underscores, which some drop before they look. No two parts of an alternative may match the same characters: a
# megabyte of digits would take hours.
_TRAP = re.compile(
    r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
    r"|[-+]?0[xXoObB][-+]?[0-9A-Fa-f]+|[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?"
    r"|[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?"  # any number that is not spelt plainly
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?")
_WORDS: dict[str, bool] = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = ("", "~", "null", "Null", "NULL")
# What a plain scalar begins with that may be something else than text.
_MAYBE = frozenset("0123456789+-.~<yYnNtTfFoO") | {""}
MOST = 100  # traps told of one app: nobody reads more, and a megabyte holds 300,000
QUOTED = 80  # characters of a value that a message quotes
_WHOLE = 10.0**21  # Go writes floats from here on with an exponent


def is_text(text: str) -> bool:
    """Whether every YAML reader takes this plain scalar for text."""
    if text[:1] not in _MAYBE:
        return True
    if text in _NULLS or text in _WORDS or text == "<<":
        return False
    return not (_is_trap(text) or _DATE.fullmatch(text))


def odd_key(node: Scalar) -> tuple[str, str] | None:
    """What is wrong with a key that not every reader takes for this text, and what to do."""
    text = node.text[:QUOTED]
    if node.plain and not text:
        return "a key is missing before ':'", "write it, or quote the text"
    if node.plain and text == "<<":
        return "merge keys (<<) are not allowed", "write the values out"
    if node.plain and not is_text(node.text):
        return f"the key {text} is not text to every YAML reader", f'write "{text}"'
    if not node.text.isprintable() or UNSEEN.search(node.text):
        return f"the key '{text}' holds characters that cannot be seen", "take them out"
    return None


def value_of(node: Node, path: str, problems: list[Problem]) -> Any:
    """The node as Python values; a trap is appended to `problems` and kept as text."""
    if isinstance(node, Mapping):
        return {key: value_of(child, path, problems) for key, child in node.entries.items()}
    if isinstance(node, Sequence):
        return [value_of(child, path, problems) for child in node.items]
    return _scalar(node, path, problems)


def _scalar(node: Scalar, path: str, problems: list[Problem]) -> Any:
    if not node.plain or node.text[:1] not in _MAYBE:
        return node.text
    if node.is_null:
        return None
    if node.text in _WORDS:
        return _WORDS[node.text]
    if _INTEGER.fullmatch(node.text):
        return _integer(int(node.text))
    if _FLOAT.fullmatch(node.text) and math.isfinite(float(node.text)):
        return _float(float(node.text))
    if _is_trap(node.text) and len(problems) < MOST:
        text = node.text[:QUOTED]
        message = f"{text} is read differently by different YAML readers"
        hint = f'write "{text}" for text, or the plain number or true/false you mean'
        problems.append(Problem(path, node.mark.line, node.mark.column, message, hint))
    return node.text


def _is_trap(text: str) -> bool:
    return _TRAP.fullmatch(text.replace("_", "")) is not None


def _integer(number: int) -> int | float:
    """Go keeps 64 bits and takes what is larger for a float."""
    return number if -(2**63) <= number < 2**63 else _float(float(number))


def _float(number: float) -> int | float:
    """Go writes 1e3 and 1.0 to the API server as 1000 and 1; a field of integers takes nothing else."""
    return int(number) if number.is_integer() and abs(number) < _WHOLE else number
