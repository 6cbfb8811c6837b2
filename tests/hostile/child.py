"""Read hostile files in a process of their own, under limits, and tell what became of each as a line of JSON.

python -B -m tests.hostile.child FIRST_CASE_NUMBER
"""

from __future__ import annotations

import base64
import json
import math
import re
import resource
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.core.define import define
from generator.core.parse_platform import parse_platform
from generator.model.change import Version
from generator.model.platform import Platform
from generator.yamlio.problem import Problem
from tests.hostile.cases import ONE_FILE, Case, all_cases

MEMORY = 256 * 2**20
CPU = 2
PEAK = Path("/proc/self/clear_refs")
STATUS = Path("/proc/self/status")
PLATFORM = Path(__file__).parents[1] / "cases" / "platform.yaml"

# What reading a definition has no business with.
_FORBIDDEN = ("socket.", "subprocess.", "os.", "shutil.", "pty.", "ctypes.", "webbrowser.", "tempfile.", "urllib.")
_HARMLESS = ("os.listdir", "os.scandir", "os.walk")  # Python's own imports
_WRITES = 0o3103  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND and what they imply
forbidden: list[str] = []


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: notes what is opened for writing, connected or executed."""
    if event == "open":
        _, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & _WRITES):
            forbidden.append(f"{event} {arguments!r:.200}")
    elif event.startswith(_FORBIDDEN) and event not in _HARMLESS:
        forbidden.append(f"{event} {arguments!r:.200}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a case."""

    result: str
    problems: tuple[Problem, ...]
    objects: list[dict[str, Any]]
    trace: str = ""


def main(first: int) -> None:
    """Read all cases from the one numbered `first` on."""
    platform, _ = parse_platform(PLATFORM.read_bytes(), str(PLATFORM))
    assert platform
    cases = all_cases()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.addaudithook(watch)
    for case in cases[first:]:
        files = case.read()
        _limit_time()
        _forget_peak()
        before = resource.getrusage(resource.RUSAGE_SELF)
        try:
            answer = _answer(case, files, platform)
        except Exception:  # noqa: BLE001 - the test fails with it, and the other cases are read
            answer = Answer("crashed", (), [], traceback.format_exc())
        after = resource.getrusage(resource.RUSAGE_SELF)
        _tell(case, answer, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _answer(case: Case, files: dict[str, bytes], platform: Platform) -> Answer:
    if case.group == "platform":
        parsed, problems = parse_platform(files[case.path], case.path)
        return Answer("ok" if parsed else "refused", problems, [])
    texts = {path: base64.b64encode(data).decode() for path, data in files.items()}
    definition = define(Version(case.path, "0", texts), platform, platform.repositories[0])
    return Answer("ok" if definition.app else "refused", definition.problems, _objects(definition.objects))


def _limit_time() -> None:
    """A case that hangs is killed; the ones before it count with what they took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + 5 * CPU, -1))


def _forget_peak() -> None:
    """Linux counts the most memory anew from here on."""
    if PEAK.exists():
        PEAK.write_text("5")
        forbidden.clear()


def _peak() -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text()) if STATUS.exists() else None
    return 1024 * (int(found.group(1)) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _objects(by_target: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [item for target in sorted(by_target) for item in by_target[target]]


def _tell(case: Case, answer: Answer, cpu: float) -> None:
    objects = answer.objects
    told = {
        "id": case.id,
        "result": answer.result,
        "trace": answer.trace,
        "problems": [_line(problem) for problem in answer.problems],
        "objects": [f"{item['kind']}/{item['metadata']['name']}" for item in objects],
        "data": sorted(_suspicious(objects)) if case.group == "templates" else [],
        "values": [item.get("data") for item in objects] if case.group == "manifests" else [],
        "bytes": len(json.dumps(objects, allow_nan=False)),
        "cpu": cpu,
        "memory": _peak(),
        "forbidden": forbidden,
        "modules": sorted({"jinja2", "kubernetes", "click", "requests"} & set(sys.modules)),
    }
    print(json.dumps(told), flush=True)
    forbidden.clear()


def _line(problem: Problem) -> str:
    text = str(problem)
    return text.removeprefix(f"{ONE_FILE}:")


def _suspicious(value: Any) -> set[str]:
    """The texts in objects that some template language could take for its own."""
    if isinstance(value, dict):
        return set().union(*(_suspicious(item) for item in (*value, *value.values())))
    if isinstance(value, list):
        return set().union(*map(_suspicious, value))
    return {value} if isinstance(value, str) and any(sign in value for sign in ("{{", "{%", "$", "`", "<%")) else set()


if __name__ == "__main__":
    main(int(sys.argv[1]))
