"""Compare what is on disk with what the platform gives now."""

from __future__ import annotations

import difflib
from pathlib import Path

from generator.bundle.output import MARK


def differences(wanted: dict[str, str], place: Path, *, single: bool) -> str:
    """A unified diff from the disk to the wanted files; empty where they are the same."""
    parts = []
    for name, text in wanted.items():
        file = place if single else place / name
        there = file.read_text() if file.is_file() else ""
        parts += _diff(there, text, str(file))
    if not single and place.is_dir():
        for file in sorted(place.glob("*.yaml")):
            if file.name not in wanted and file.read_text().startswith(MARK):
                parts += _diff(file.read_text(), "", str(file))
    return "".join(parts)


def _diff(old: str, new: str, name: str) -> list[str]:
    return list(
        difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), name, f"{name} (generated)")
    )
