"""What libyaml says of text that is not YAML, in words that tell what to do."""

from __future__ import annotations

import re
from typing import Any

from generator.yamlio.problem import START, Mark, Problem

_INDENT = "indent with spaces"
_QUOTE = "put the text in quotes"
_DIRECTIVE = ("directives (%...) are not allowed", "remove the line")
_TAG = ("tags (!name) are not allowed", "remove the tag")
_LEVEL = "check the indentation, and quote text that holds ': '"
_CONFLICT = re.compile(r"^(<<<<<<< |>>>>>>> )", re.MULTILINE)
_TOLD_AT_THEIR_START = ("directive", "tag")  # as what libyaml was scanning ends
# By what libyaml says: what we say, and the hint.
_SAID = {
    "found a tab character that violates indentation": ("a tab in the indentation", _INDENT),
    "found a tab character where an indentation space is expected": ("a tab in the indentation", _INDENT),
    "mapping values are not allowed in this context": ("a 'key: value' cannot stand here", _LEVEL),
    "block sequence entries are not allowed in this context": ("a '- item' cannot stand here", _LEVEL),
    "did not find expected key": ("neither a key nor the end of the mapping", "check indentation, quotes and brackets"),
    "did not find expected '-' indicator": ("neither a '- item' nor the end of the list", "check the indentation"),
    "did not find expected node content": ("a value is missing before this", "quote it if it is text"),
    "found unknown escape character": ("no such escape in double quotes", r"write \\ for one \, or use single quotes"),
    "found invalid Unicode character escape code": ("no such character", "write it as itself, or as \\U and 8 digits"),
    "found undefined tag handle": _TAG,
    "found incompatible YAML document": _DIRECTIVE,
    "found duplicate %YAML directive": _DIRECTIVE,
    "found duplicate %TAG directive": _DIRECTIVE,
    "mapping keys are not allowed in this context": ("a '? key' cannot stand here", _QUOTE),
    "did not find expected hexdecimal number": ("no such escape in double quotes", "give all digits of the character"),
    "did not find expected comment or line break": ("text right after | or >", "begin it in the next line"),
    "found unexpected document indicator": ("a --- or ... inside quotes", "close the quote, or indent the text"),
    "found unexpected ':'": ("a ':' in text without quotes", _QUOTE),
    "did not find expected <document start>": ("a second document without --- before it", "remove it"),
    "could not find expected ':'": ("a key without ': '", "check the lines above; quotes or a ': ' may be missing"),
    "found unexpected end of stream": ("the quote that opens here is never closed", "close it"),
}


def syntax_problem(error: Any, text: str, path: str) -> Problem:
    """The problem behind an error of the C parser."""
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = _mark(getattr(error, "problem_mark", None), START)
    context = str(getattr(error, "context", None) or "")
    opened = _mark(getattr(error, "context_mark", None), mark)
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        return Problem(path, line, 1, "a merge conflict is not resolved", "keep one side and remove the marks")
    if said == "found unexpected end of stream" or context.endswith(_TOLD_AT_THEIR_START):
        mark = opened
    what, hint = _words(said, context, opened, text, mark)
    return Problem(path, mark.line, mark.column, f"not valid YAML: {what}", hint)


def _words(said: str, context: str, opened: Mark, text: str, mark: Mark) -> tuple[str, str]:
    if context.endswith(_TOLD_AT_THEIR_START):
        return _TAG if context.endswith("tag") else _DIRECTIVE
    if said == "found character that cannot start any token":
        letter = _letter_at(text, mark)
        return _SAID["found a tab character that violates indentation"] if letter == "\t" else _starts(letter)
    if "alphabetic or numeric" in said:
        return _starts("&" if "anchor" in context else "*")
    if said.startswith("did not find expected ','"):
        closing = said.rpartition(" ")[2]
        return f"neither ',' nor {closing} in what opens in line {opened.line}", f"close it with {closing}"
    return _SAID.get(said, (" ".join(said.split()), ""))


def _starts(letter: str) -> tuple[str, str]:
    return f"text cannot start with {letter}", _QUOTE


def _letter_at(text: str, mark: Mark) -> str:
    lines = text.split("\n", mark.line)
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    return line[mark.column - 1 : mark.column]


def _mark(mark: Any, default: Mark) -> Mark:
    return default if mark is None else Mark(mark.line + 1, mark.column + 1)
