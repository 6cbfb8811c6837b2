"""The command line as a person would use it; the runner keeps what is printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from generator.cli import pushboat


def run(*words: str) -> Result:
    return CliRunner().invoke(pushboat, words)


def data_of(*words: str) -> Any:
    return json.loads(run(*words, "-o", "json").stdout)


def write(place: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
