"""Run a program on files of other people: a fresh folder, an empty environment, no network, bounded time and memory.

What holds on Linux is in `confine`. Elsewhere, such as on a Mac, only the environment, the time and the output are
bounded: a definition is then rendered with the rights of the person who asks for it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from generator.sources.given import ToolError
from generator.tools import failure

_CONFINE = Path(__file__).with_name("confine.py")
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Processor time is what ends a hostile file; `seconds` of the clock allow for a machine with much else to do."""

    processor: int = 5
    seconds: int = 60
    memory: int = 160 * _MIB  # a step has 256 MiB, and a rendering of a usual chart takes 60
    output: int = 4 * _MIB


LIMITS = Limits()


def confined(
    program: Path, words: tuple[str, ...], files: dict[str, bytes], limits: Limits = LIMITS, readable: str = ""
) -> bytes:
    """The standard output of `program words...`, run in a folder with `files`; `readable` is one more folder."""
    import tempfile  # noqa: PLC0415 - 10 ms that only a rendering should cost

    with tempfile.TemporaryDirectory(prefix="pushboat-") as scratch:  # new, and nobody else's
        home, work = Path(scratch, "home"), Path(scratch, "work")
        home.mkdir()
        work.mkdir()
        _lay_out(files, work)
        command = _command(program, words, limits, f"{work}:{readable}" if readable else str(work), home)
        done = _run(command, work, _environment(home, limits), limits)
    if done.code:
        raise ToolError(failure.explain(program.name, done.code, done.errors.decode(errors="replace"), work, limits))
    return done.output


def _lay_out(files: dict[str, bytes], work: Path) -> None:
    for name, data in files.items():
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or "\0" in name:
            raise ToolError(f"'{name}' is no path below a folder")
        path = work.joinpath(*parts)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(data)
        except OSError as error:  # a file where another needs a folder, a name too long
            raise ToolError(f"'{name}' cannot be laid out: {error.strerror}") from error


def _command(program: Path, words: tuple[str, ...], limits: Limits, readable: str, home: Path) -> list[str]:
    python = [sys.executable, "-I", "-S", "-B", str(_CONFINE)]
    bounds = [str(limits.processor), str(limits.memory), str(limits.output)]
    return [*python, *bounds, readable, str(home), str(program), *words]


def _environment(home: Path, limits: Limits) -> dict[str, str]:
    """Nothing of the caller's. Go frees memory at four fifths of the bound, before it would die of it."""
    places = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    helm = ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS", "KUSTOMIZE_PLUGIN_HOME")
    go = {"GOMEMLIMIT": str(limits.memory * 4 // 5), "GOMAXPROCS": "2", "GOTRACEBACK": "none"}
    fixed = {"PATH": "/nonexistent", "TZ": "UTC", "LC_ALL": "C.UTF-8", "KUBECONFIG": "/nonexistent"}
    return dict.fromkeys((*places, *helm), str(home)) | go | fixed


@dataclass(frozen=True, slots=True)
class _Done:
    code: int
    output: bytes
    errors: bytes


def _run(command: list[str], work: Path, environment: dict[str, str], limits: Limits) -> _Done:
    with subprocess.Popen(
        command,
        cwd=work,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            output, errors = _read(process, limits)
            return _Done(process.wait(), output, errors)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def _read(process: subprocess.Popen[bytes], limits: Limits) -> tuple[bytes, bytes]:
    """Both streams to their end, as far as time and size allow."""
    import selectors  # noqa: PLC0415 - with subprocess, which has it already

    assert process.stdout  # noqa: S101 - both are pipes
    assert process.stderr  # noqa: S101
    deadline = time.monotonic() + limits.seconds
    found: dict[IO[bytes], bytearray] = {process.stdout: bytearray(), process.stderr: bytearray()}
    with selectors.DefaultSelector() as selector:
        for stream in found:
            selector.register(stream, selectors.EVENT_READ, stream)
        while selector.get_map():
            ready = selector.select(max(deadline - time.monotonic(), 0))
            if not ready:
                raise ToolError(f"rendering took more than {limits.seconds} s")
            for key, _ in ready:
                data = os.read(key.fd, 1 << 16)
                found[key.data] += data
                if len(found[key.data]) > limits.output:
                    raise ToolError(f"rendering gives more than {limits.output // _MIB} MiB")
                if not data:
                    selector.unregister(key.fileobj)
    return bytes(found[process.stdout]), bytes(found[process.stderr])
