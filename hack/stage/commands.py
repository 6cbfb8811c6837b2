"""Commands as a user types them, and waiting for what they bring about."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

BIN = Path(sys.executable).parent  # where `pushboat` is installed beside this Python
DEADLINE = 240.0


def run(
    *command: str,
    data: str | None = None,
    check: bool = True,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> str:
    """A command's standard output; a failure raises with all it said."""
    full = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", **(env or {})}
    done = subprocess.run(command, input=data, capture_output=True, text=True, check=False, cwd=cwd, env=full)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command[:6])} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def wait(what: str, ask: Callable[[], Any], seconds: float = DEADLINE, every: float = 0.25) -> Any:
    """The first true answer of `ask`; TimeoutError says what was waited for and what the last answer was."""
    deadline, answer = time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(every)
    raise TimeoutError(f"waited {seconds:.0f} s for {what}; last seen: {answer!r}")
