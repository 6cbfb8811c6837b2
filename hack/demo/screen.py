"""What the demo prints: calm text, with colours only on a terminal that wants them (NO_COLOR)."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap

_CODES = {"bold": "1", "dim": "2", "green": "32", "red": "31", "yellow": "33", "cyan": "36"}
_COLOURS = {"create": "green", "upgrade": "cyan", "delete": "yellow", "invalid": "red"}


def paint(text: str, *looks: str) -> str:
    """The text in a colour, or as it is."""
    if not looks or not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\033[{';'.join(_CODES[look] for look in looks)}m{text}\033[0m"


def put(text: str = "") -> None:
    """A line, at once."""
    print(text, flush=True)


def width() -> int:
    return max(60, min(110, shutil.get_terminal_size((100, 24)).columns))


def title(text: str) -> None:
    """The head of a screenful."""
    put()
    put(paint(text, "bold"))
    put(paint("-" * min(len(text), width()), "dim"))


def prose(text: str) -> None:
    """A paragraph."""
    for line in textwrap.wrap(" ".join(text.split()), width()):
        put(line)


def command(*words: str) -> None:
    """A command that is run, as one would type it."""
    put()
    put(paint(f"$ {' '.join(words)}", "bold"))


def diff(text: str) -> None:
    """A diff with no more of its heads than the files' names."""
    for line in text.splitlines():
        if line.startswith("diff "):
            put("  " + paint(line.rpartition(" b/")[2], "dim"))
        if line.startswith(("diff ", "index ", "--- ", "+++ ", "@@", "new file", "deleted file", "similarity")):
            continue
        put("  " + paint(line, *({"+": ["green"], "-": ["red"]}.get(line[:1], ["dim"]))))


def changes(text: str) -> None:
    """What `pushboat plan` says, the action coloured."""
    for line in text.splitlines():
        action = line.split(" ")[0]
        colour = _COLOURS.get(action)
        put("  " + (paint(action, colour) + line[len(action) :] if colour else line))


def fields(pairs: list[tuple[str, str]]) -> None:
    """Names and values below each other; long values are folded."""
    wide = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        lines = textwrap.wrap(value, width() - wide - 4, break_on_hyphens=False) or [""]
        put(f"  {paint(name.ljust(wide), 'dim')}  {lines[0]}")
        for line in lines[1:]:
            put(f"  {' ' * wide}  {line}")


def table(rows: list[tuple[str, ...]]) -> None:
    """Rows; the first is the head. All columns but the first are numbers."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(size) for cell, size in zip(row[1:], widths[1:], strict=True))]
        put("  " + paint("  ".join(cells), *(["dim"] if number == 0 else [])))
