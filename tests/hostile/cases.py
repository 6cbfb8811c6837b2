"""Where the hostile files come from: files of this folder, and a table of those too large to keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.hostile.large import LARGE

HERE = Path(__file__).parent
ONE_FILE = "apps/case.yaml"
_ESCAPE = re.compile(rb"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([nrt0\\]))")
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"0": b"\0", b"\\": b"\\"}
_PART = re.compile(rb"^=== (.+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One push: the files of one definition by path, of which `path` is its own. They are made when they are read."""

    group: str
    name: str
    path: str
    read: Callable[[], dict[str, bytes]]

    @property
    def id(self) -> str:
        return f"{self.group}/{self.name}"

    @property
    def expected(self) -> Path:
        return HERE / self.group / f"{self.name}.expected"


def all_cases() -> list[Case]:
    """Every case, sorted."""
    written = [_written(file) for file in HERE.glob("*/*") if file.suffix in (".yaml", ".esc", ".files")]
    made = [Case("large", name, ONE_FILE, partial(_made, name)) for name in LARGE]
    return sorted(written + made, key=lambda case: case.id)


def _made(name: str) -> dict[str, bytes]:
    return {ONE_FILE: LARGE[name]()}


def _written(file: Path) -> Case:
    path = "apps/web/app.yaml" if file.suffix == ".files" else ONE_FILE
    return Case(file.parent.name, file.stem, path, partial(_read, file))


def _read(file: Path) -> dict[str, bytes]:
    data = file.read_bytes()
    if file.suffix == ".yaml":
        return {ONE_FILE: data}
    if file.suffix == ".esc":
        return {ONE_FILE: unescaped(data)}
    parts = _PART.split(unescaped(data))
    return {f"apps/web/{path.decode()}": text for path, text in zip(parts[1::2], parts[2::2], strict=True)}


def unescaped(data: bytes) -> bytes:
    r"""Bytes that editors and Git would mangle are spelt \xNN, \uNNNN, \UNNNNNNNN, \n, \r, \t, \0 and \\."""
    return _ESCAPE.sub(_byte, data)


def _byte(found: re.Match[bytes]) -> bytes:
    byte, short, long, letter = found.groups()
    if letter:
        return _LETTERS[letter]
    return bytes([int(byte, 16)]) if byte else chr(int(short or long, 16)).encode("utf-8", "surrogatepass")
