"""The repository a step is about, as the platform has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.errors import UserError
from generator.steps.shell import platform

if TYPE_CHECKING:
    from generator.model.platform import Repository


def configured(name: str) -> Repository:
    """The platform's repository of that name. Raises UserError that names the ones there are."""
    found = platform().repository(name)
    if found is None:
        known = ", ".join(one.name for one in platform().repositories)
        raise UserError(f"the platform has no repository '{name}'; it can be {known}")
    return found
