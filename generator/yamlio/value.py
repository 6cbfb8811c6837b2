"""The plain value of a node, as kubectl would read it, with YAML 1.1's traps refused."""

from __future__ import annotations

import math
import re
from typing import Any

from generator.yamlio.node import Mapping, Node, Scalar, Sequence
from generator.yamlio.problem import Problem

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,99})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
# Plain scalars that one YAML reader takes for text and another for a number, a truth value or a time.
_TRAP = re.compile(
    r"[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF"
    r"|[-+]?0[xXoObB][0-9A-Fa-f_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9]*)?"
    r"|[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?"  # any number that is not spelt plainly
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_WORDS: dict[str, bool] = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def value_of(node: Node, path: str, problems: list[Problem]) -> Any:
    """The node as Python values; a trap is appended to `problems` and kept as text."""
    if isinstance(node, Mapping):
        return {key: value_of(child, path, problems) for key, child in node.entries.items()}
    if isinstance(node, Sequence):
        return [value_of(child, path, problems) for child in node.items]
    return _scalar(node, path, problems)


def _scalar(node: Scalar, path: str, problems: list[Problem]) -> Any:
    if not node.plain:
        return node.text
    if node.is_null:
        return None
    if node.text in _WORDS:
        return _WORDS[node.text]
    if _INTEGER.fullmatch(node.text):
        return int(node.text)
    if _FLOAT.fullmatch(node.text) and math.isfinite(float(node.text)):
        return float(node.text)
    if _TRAP.fullmatch(node.text):
        message = f"{node.text} is read differently by different YAML readers"
        hint = f'write "{node.text}" for text, or the plain number or true/false you mean'
        problems.append(Problem(path, node.mark.line, node.mark.column, message, hint))
    return node.text
