"""Every hostile file gets the answer written beside it, within bounds, and nothing is written, run or connected.

The files are read in a child process by the same entry the product uses; tests/hostile/README.md tells how to add one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.core.parse_app import parse_app
from generator.core.parse_platform import parse_platform
from generator.yamlio.characters import UNSEEN
from generator.yamlio.problem import Problem
from tests.conftest import Golden
from tests.hostile import child
from tests.hostile.cases import HERE, ONE_FILE, Case, all_cases
from tests.hostile.child import CPU, MEMORY

ROOT = HERE.parents[1]
CASES = all_cases()
CANARY = "canary-8d1f0c63b7"
# Semantic messages are worded by the schema: here only their place and their subject are held.
LOOSE = ("definition-semantics", "platform", "templates", "large")


@pytest.fixture(scope="session")
def answers() -> dict[str, dict[str, Any]]:
    """What the child tells of each case. Where it dies in one, another child goes on behind it."""
    found: dict[str, dict[str, Any]] = {}
    while len(found) < len(CASES):
        done = _child(len(found))
        for line in done.stdout.splitlines():
            found[json.loads(line)["id"]] = json.loads(line)
        if len(found) < len(CASES):
            case = CASES[len(found)]
            found[case.id] = {"died": f"exit code {done.returncode}: {done.stderr[-2000:]}"}
    return found


def _child(first: int) -> subprocess.CompletedProcess[str]:
    secrets = ("PUSHBOAT_TOKEN", "GIT_TOKEN", "AWS_SECRET_ACCESS_KEY", "KUBECONFIG", "PASSWORD", "HOME")
    return subprocess.run(
        [sys.executable, "-B", "-m", "tests.hostile.child", str(first)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **dict.fromkeys(secrets, CANARY)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_answer(case: Case, answers: dict[str, dict[str, Any]], golden: Golden) -> None:
    answer = answers[case.id]
    assert "died" not in answer, answer["died"]
    assert not answer["trace"], answer["trace"]
    assert not [line for line in answer["problems"] if "internal error" in line]
    golden(case.expected, _expected(case, answer))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_bounds(case: Case, answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[case.id]
    assert "died" not in answer, answer["died"]
    assert answer["cpu"] <= CPU
    assert answer["memory"] <= MEMORY
    assert answer["forbidden"] == []
    assert answer["modules"] == [], "a template engine or a client has no place in reading"
    assert CANARY not in json.dumps(answer)
    problems = answer["problems"]
    assert (answer["result"] == "refused") == bool(problems), "refused exactly when there is a reason"
    assert not problems or answer["objects"] == [], "nothing is built of what is refused"
    for line in problems:
        assert line.isprintable()
        assert not UNSEEN.search(line)
        assert len(line) < 2000
        assert "Traceback" not in line


def _expected(case: Case, answer: dict[str, Any]) -> str:
    lines = [answer["result"]]
    problems = [line.partition("; it can be ")[0] for line in answer["problems"]]  # the list grows with the schema
    if case.group in LOOSE:
        problems = [line.split("; ")[0].split(" (")[0] for line in problems]
    lines += problems[:25] + ([f"and {len(problems) - 25} more"] if len(problems) > 25 else [])
    if case.group == "manifests":
        lines += [json.dumps(one)[1:-1] for one in answer["objects"]]
        lines += [json.dumps(one) for one in answer["values"] if one]
    lines += [json.dumps(text) for text in answer["data"]]
    return "\n".join(lines) + "\n"


FILES = [case for case in CASES if case.group not in ("large", "manifests")]
LINES = st.sampled_from(FILES).flatmap(lambda case: st.sampled_from(case.read()[ONE_FILE].split(b"\n")))
EDITS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2), LINES), min_size=1, max_size=4)


@settings(max_examples=400)
@given(st.sampled_from(FILES), EDITS)
def test_any_mixture_of_files_is_answered(case: Case, edits: list[tuple[int, int, bytes]]) -> None:
    """Lines of some cases in the place of lines of others: an app or problems, each at a place in the file."""
    lines = case.read()[ONE_FILE].split(b"\n")
    for at, count, line in edits:
        lines[at : at + count] = [line]
    data = b"\n".join(lines)
    parse = parse_platform if case.group == "platform" else _parse_app
    found, problems = parse(data, ONE_FILE)
    assert (found is None) == bool(problems)
    for problem in problems:
        assert 1 <= problem.line <= len(data.split(b"\n")) + 1
        assert problem.column >= 1


def _parse_app(data: bytes, path: str) -> tuple[object, tuple[Problem, ...]]:
    parsed = parse_app(data, path)
    return parsed.app, parsed.problems


def test_the_child_notices_what_it_is_to_notice() -> None:
    events: list[tuple[str, tuple[Any, ...]]] = [
        ("open", ("x", "w", 0)),
        ("open", ("x", None, os.O_RDWR)),
        ("socket.connect", ("x",)),
        ("subprocess.Popen", ("x",)),
        ("os.exec", ("x",)),
        ("os.system", ("x",)),
        ("os.remove", ("x", -1)),
    ]
    child.watch("open", ("x", "rb", os.O_RDONLY | os.O_CLOEXEC))
    assert child.forbidden == []
    for event in events:
        child.watch(*event)
    assert len(child.forbidden) == len(events)
    child.forbidden.clear()


def test_the_corpus_is_whole() -> None:
    """Enough cases in each group, every file in use, and no expectation without its case."""
    assert len(CASES) >= 220
    assert len({case.id for case in CASES}) == len(CASES)
    assert min(Counter(case.group for case in CASES).values()) >= 10
    known = {case.expected for case in CASES}
    assert [file for file in sorted(HERE.glob("*/*.expected")) if file not in known] == []
    for file in _stored():
        text = file.read_text(encoding="utf-8")  # printable lines: what is not is spelt, so that nothing mangles it
        assert text.replace("\n", "").isprintable(), file


def _stored() -> list[Path]:
    return [file for file in sorted(HERE.glob("*/*")) if file.suffix in (".yaml", ".esc", ".files", ".expected")]
