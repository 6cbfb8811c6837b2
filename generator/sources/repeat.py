"""Whether a chart gives the same manifests each time: what runs must follow from the commit alone.

Every chart is rendered a second time, with a clock that stands in another year; the words that are searched for here
only tell where to look when the two differ. They prove nothing by themselves: many a chart makes a password only where
none is given, and what makes one can be put together at run time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHANCE = (
    "randAlphaNum|randAlpha|randAscii|randNumeric|randBytes|randInt|shuffle|uuidv4|bcrypt|htpasswd|encryptAES"
    "|genPrivateKey|genCAWithKey|genCA|genSelfSignedCertWithKey|genSelfSignedCert|genSignedCertWithKey|genSignedCert"
    "|keys|values|now|ago|date|htmlDate"
)
_CALL = re.compile(rf"(?<![.$\w\"/-])(?:{_CHANCE})(?![\w\"/:-])")
# All of these look at a character a bounded number of times, even where a hostile file closes nothing.
_ACTION = re.compile(r"\{\{(?:(?!\{\{|\}\}).)*\}\}", re.DOTALL)
# text in quotes stays as it is
_NOW = re.compile(r"\"(?:\\.|[^\"\\])*\"?|`[^`]*`?|(?<![.$\w])now\b", re.DOTALL)
_ENOUGH = 8
_OTHER_TIME = "(toDate `2006-01-02` `2001-02-03`)"


@dataclass(frozen=True, slots=True)
class Use:
    """A function that may give another result each time, where a file of the chart calls it."""

    file: str
    line: int
    function: str


def uses(files: dict[str, bytes]) -> list[Use]:
    """The first calls in each template, and in values, which a template may take for templates."""
    found: list[Use] = []
    for file, data in sorted(files.items()):
        if b"{{" in data and ("templates/" in file or file.endswith((".yaml", ".yml", ".tpl", ".txt", ".json"))):
            found += islice(_calls(file, data.decode(errors="replace")), _ENOUGH)
    return found


def _calls(file: str, text: str) -> Iterator[Use]:
    for action in _ACTION.finditer(text):
        for call in _CALL.finditer(action.group()):
            yield Use(file, text.count("\n", 0, action.start() + call.start()) + 1, call.group())


def another_day(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files with a clock that shows another time."""
    return {file: _shift(data) if b"now" in data and b"{{" in data else data for file, data in files.items()}


def _shift(data: bytes) -> bytes:
    text = data.decode(errors="surrogateescape")
    changed = _ACTION.sub(lambda action: _NOW.sub(_other, action.group()), text)
    return changed.encode(errors="surrogateescape")


def _other(match: re.Match[str]) -> str:
    return _OTHER_TIME if match.group() == "now" else match.group()
