"""How one object is doing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HealthState(StrEnum):
    """From good to bad; FAILING may still heal, FAILED will not."""

    HEALTHY = "healthy"
    PROGRESSING = "progressing"
    FAILING = "failing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Health:
    """A verdict and what is being waited for, in words with numbers."""

    state: HealthState
    message: str = ""


HEALTHY = Health(HealthState.HEALTHY)
