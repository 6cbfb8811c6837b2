"""Whether a chart gives the same manifests each time: what runs must follow from the commit alone.

A chart that uses chance or the clock is rendered a second time, with a clock that stands in another year. Words in
templates prove nothing by themselves: many a chart makes a password only where none is given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CHANCE = (
    "randAlphaNum|randAlpha|randAscii|randNumeric|randBytes|randInt|shuffle|uuidv4|bcrypt|htpasswd|encryptAES"
    "|genPrivateKey|genCAWithKey|genCA|genSelfSignedCertWithKey|genSelfSignedCert|genSignedCertWithKey|genSignedCert"
    "|keys|values|now|ago|date|htmlDate"
)
_CALL = re.compile(rf"(?<![.$\w\"/-])(?:{_CHANCE})(?![\w\"/:-])")
_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# text in quotes stays as it is
_NOW = re.compile(r"\"(?:\\.|[^\"\\])*\"|`[^`]*`|(?<![.$\w])now\b")
_OTHER_TIME = "(toDate `2006-01-02` `2001-02-03`)"


@dataclass(frozen=True, slots=True)
class Use:
    """A function that may give another result each time, where a file of the chart calls it."""

    file: str
    line: int
    function: str


def uses(files: dict[str, bytes]) -> list[Use]:
    """The calls in templates, and in values, which a template may take for templates."""
    found = []
    for file, data in sorted(files.items()):
        if file.endswith((".yaml", ".yml", ".tpl", ".txt", ".json")) and b"{{" in data:
            text = data.decode(errors="replace")
            for action in _ACTION.finditer(text):
                for call in _CALL.finditer(action.group()):
                    line = text.count("\n", 0, action.start() + call.start()) + 1
                    found.append(Use(file, line, call.group()))
    return found


def another_day(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files with a clock that shows another time."""
    return {file: _shift(data) if b"now" in data and b"{{" in data else data for file, data in files.items()}


def _shift(data: bytes) -> bytes:
    text = data.decode(errors="surrogateescape")
    changed = _ACTION.sub(lambda action: _NOW.sub(_other, action.group()), text)
    return changed.encode(errors="surrogateescape")


def _other(match: re.Match[str]) -> str:
    return _OTHER_TIME if match.group() == "now" else match.group()
