"""What every step shares: parameters from the environment, results into files, errors as one line."""

from __future__ import annotations

import dataclasses
import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from generator import __version__
from generator.console import say
from generator.model.errors import PushboatError, RetryLaterError, UserError
from generator.model.plan import Plan
from generator.model.platform import Platform
from generator.model.serial import from_plain
from generator.model.status import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

Inputs = TypeVar("Inputs")

EXIT_RETRY_LATER = 75  # EX_TEMPFAIL of sysexits.h
# Every bundle says which version wrote it; a step refuses another major version's.
ENV_VERSION = "PUSHBOAT_BUNDLE_VERSION"
ENV_ROOT = "PUSHBOAT_ROOT"
ENV_PLATFORM = "PUSHBOAT_PLATFORM"


def root() -> Path:
    """Where the Task mounts what the steps share: work/ and the credentials."""
    return Path(os.environ.get(ENV_ROOT, "/pushboat"))


@cache
def platform() -> Platform:
    """The platform this bundle was generated for."""
    return from_plain(Platform, json.loads(os.environ[ENV_PLATFORM]))


def plans(text: str) -> list[Plan]:
    """The plans that a run carries as its parameter."""
    return [from_plain(Plan, item) for item in json.loads(text)]


def credential(kind: str) -> str:
    """The token of a mounted Secret, `status` or `write`; empty where the Secret or its key `token` is missing."""
    file = root() / "credentials" / kind / "token"
    return file.read_text().strip() if file.exists() else ""


def step(inputs: type[Inputs], run: Callable[[Inputs], object]) -> int:
    """Run a step: read Inputs, write Outputs, and turn an error into a result, a line in the log and an exit code."""
    try:
        _check_version()
        _write(run(_read(inputs)))
    except PushboatError as error:
        say(f"error: {error}")
        _result("reason", one_line(str(error), 1000))
        return EXIT_RETRY_LATER if isinstance(error, RetryLaterError) else 1
    except Exception as error:  # noqa: BLE001 - a bug must still leave a reason behind
        import traceback  # noqa: PLC0415 - 5 ms that only a bug should cost

        traceback.print_exc()
        _result("reason", one_line(f"internal error: {type(error).__name__}: {error}", 1000))
        return 3
    return 0


def _check_version() -> None:
    written = os.environ.get(ENV_VERSION, __version__)
    if written.partition(".")[0] != __version__.partition(".")[0]:
        raise UserError(
            f"the bundle is of version {written} and the step image of {__version__}: run pushboat generate again"
        )


def _read(inputs: type[Inputs]) -> Inputs:
    values: dict[str, Any] = {}
    for field in dataclasses.fields(inputs):  # type: ignore[arg-type]
        name = f"PARAM_{field.name.upper()}"
        if name not in os.environ:
            raise UserError(f"the Task does not set {name}")
        values[field.name] = os.environ[name]
    return inputs(**values)


def _write(outputs: object) -> None:
    for field in dataclasses.fields(outputs):  # type: ignore[arg-type]
        _result(field.name, str(getattr(outputs, field.name)))


def _result(name: str, text: str) -> None:
    path = os.environ.get(f"RESULT_{name.upper()}")
    if path:
        Path(path).write_text(text)
