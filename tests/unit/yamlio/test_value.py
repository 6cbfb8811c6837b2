from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator.yamlio.problem import Problem
from generator.yamlio.read import read_documents
from generator.yamlio.value import value_of


def value(text: str) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    (document,) = read_documents(text.encode(), "a.yaml")
    return value_of(document, "a.yaml", problems), problems


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1", 1),
        ("-7", -7),
        ("0", 0),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("a:", {"a": None}),
        ('"1"', "1"),
        ("'true'", "true"),
        ("'~'", "~"),
        ("1.10.2", "1.10.2"),
        ("2001-01-01", "2001-01-01"),
        ("25m", "25m"),
        ("{a: [1, x, {b: 0.5}]}", {"a": [1, "x", {"b": 0.5}]}),
        ("|\n  1\n", "1\n"),
    ],
)
def test_values(text: str, wanted: Any) -> None:
    found, problems = value(text)
    assert (found, type(found), problems) == (wanted, type(wanted), [])


TRAPS = ["y", "N", "yes", "No", "ON", "off", "010", "08", "0x1F", "0b11", "0o17", "12:30", "12:30:45", "1_000"]
TRAPS += [
    ".5",
    "1.",
    ".inf",
    "-.Inf",
    ".nan",
    "+0x1",
    "01e5",
    "08.5",
    ".5e3",
    "1.e5",
    "1_000.5",
    "0X1F",
    "1e400",
    "-1e999",
]


@pytest.mark.parametrize("text", TRAPS)
def test_traps_are_named_with_their_position(text: str) -> None:
    found, problems = value(f"a: {text}\n")
    assert found == {"a": text}
    assert [(one.where, one.message) for one in problems] == [
        ("a.yaml:1:4", f"{text} is read differently by different YAML readers")
    ]


def test_a_number_of_very_many_digits_breaks_nothing() -> None:
    assert value("9" * 100) == (10**100 - 1, [])
    assert value("1" + "0" * 200) == (1e200, [])
    found, problems = value("9" * 5000)
    assert (found, len(problems)) == ("9" * 5000, 1)


@pytest.mark.parametrize("text", TRAPS)
def test_a_quoted_trap_is_text(text: str) -> None:
    assert value(f'a: "{text}"\n') == ({"a": text}, [])


KUBECTL = shutil.which("kubectl", path=f"{Path.home()}/.cache/devcluster/bin:{os.environ.get('PATH', '')}")
# What JSON cannot say is refused by kubectl altogether.
SCALARS = [text for text in TRAPS if text.strip("-").lower() not in (".inf", ".nan", "1e400", "1e999")]
SCALARS += """
1 -1 +1 -0 1e3 1E-2 0.5 1.0 true TRUE False ~ null Null 2001-01-01 2001-01-01T10:00:00Z 1.2.3 25921e05 0123e45
1234e56 = a 1k 0x - 1e e1 _1 + 1-2 00 -01 0.0.1 1__0 0_1 0b2 1,000 tRue nULL oN 123456789012345678901234567890
""".replace(" - ", " ").split()


@pytest.mark.skipif(not KUBECTL, reason="kubectl is neither on PATH nor in ~/.cache/devcluster/bin")
def test_kubectl_reads_the_same_values() -> None:
    """Each plain scalar has the value kubectl gives it, or is reported as a trap."""
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n"
    manifest = head + "".join(f"  k{number}: {text}\n" for number, text in enumerate(SCALARS))
    read = kubectl_reads(manifest)["data"]
    different = []
    for number, text in enumerate(SCALARS):
        found, problems = value(f"a: {text}\n")
        ours = found["a"]
        if not problems and not _equal(ours, read.get(f"k{number}")):
            different.append((text, ours, read.get(f"k{number}")))
    assert different == []


def kubectl_reads(manifest: str) -> Any:
    """The object as kubectl would send it; it asks no server."""
    done = subprocess.run(
        [str(KUBECTL), "annotate", "--local", "-f", "-", "-o", "json", "read=yes"],
        input=manifest,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "KUBECONFIG": os.devnull},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _equal(ours: Any, theirs: Any) -> bool:
    numbers = (int, float)
    if isinstance(ours, numbers) and isinstance(theirs, numbers) and not isinstance(ours, bool):
        return float(ours) == float(theirs) and not isinstance(theirs, bool)
    return type(ours) is type(theirs) and bool(ours == theirs)
