"""What is told on a commit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

SUMMARY = "pushboat"
MAX_DESCRIPTION = 140


class Mood(StrEnum):
    """The states every forge knows."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"

    @classmethod
    def _missing_(cls, value: object) -> Mood:  # noqa: ARG003 - the signature is Enum's
        """A state that a forge has invented since: it is nobody's success."""
        return cls.ERROR


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """One line on a commit under one context."""

    context: str
    mood: Mood
    description: str


_SECRETS = re.compile(
    r"(?i)(?P<url>://)[^/\s:@]+:[^/\s@]+@|(?P<name>(password|passwd|pwd|token|secret|api[_-]?key)[\"']?\s*[=:]\s*)\S+"
    r"|(?P<scheme>\b(bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}"
)


def redact(text: str) -> str:
    """`text` that a program wrote, without what looks like a credential in it."""
    return _SECRETS.sub(lambda m: f"{m['url'] or m['name'] or m['scheme']}***{'@' if m['url'] else ''}", text)


def one_line(text: str, limit: int = MAX_DESCRIPTION) -> str:
    """`text` on one line of printable characters, cut to what forges show (GitHub refuses more than 140)."""
    flat = "".join(char if char.isprintable() else " " for char in text)
    flat = " ".join(flat.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"
