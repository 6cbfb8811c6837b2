"""What people are told when a program ended badly."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from generator.tools.sandbox import Limits

_MEMORY = re.compile(r"out of memory|cannot allocate memory|goroutine stack exceeds|stack overflow|failed to reserve")
_CRASH = re.compile(r"^(fatal error|panic|runtime): ", re.MULTILINE)
# what helps only where the program is run by hand
_NOISE = re.compile(r"^(Use --debug flag.*|level=\S+.*|WARNING: .*|# Warning: .*)$\n?", re.MULTILINE)
_NETWORK = re.compile(r"socket: (permission denied|operation not permitted)")
_ADDRESS = re.compile(r"https?://[^\s\"']+")
_LONGEST = 4000


def explain(program: str, code: int, errors: str, work: Path, limits: Limits) -> str:
    """The reason in the program's own words, with the paths as its author knows them."""
    if _MEMORY.search(errors):
        return f"rendering needs more than {limits.memory >> 20} MiB of memory; does a template call itself?"
    if code in (-signal.SIGKILL, -signal.SIGXCPU):
        return f"rendering took more than {limits.processor} s of processor time"
    if _CRASH.search(errors):
        return f"{program} crashed: {errors.strip().splitlines()[0][:200]}"
    if _NETWORK.search(errors):
        address = _ADDRESS.search(errors)
        return f"it wants {address.group() if address else 'the network'}, but nothing is downloaded while rendering"
    text = re.sub(r"(/private)?" + re.escape(f"{work}") + r"/?", "", errors)
    text = _NOISE.sub("", text).strip().removeprefix("Error: ").strip()
    return text[-_LONGEST:] or f"{program} ended with exit code {code} and said nothing"
