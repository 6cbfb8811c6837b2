from __future__ import annotations

import time
from typing import Any

import pytest

from generator.yamlio.node import Scalar
from generator.yamlio.problem import START, Problem
from generator.yamlio.read import read_documents
from generator.yamlio.value import MOST, value_of
from tests.unit.yamlio.kubectl import kubectl_reads, needs_kubectl, same


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
        ("1e3", 1000),
        ("1.0", 1),
        ("-0.0", 0),
        ("1e21", 1e21),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", 2**63),
        ("1" + "0" * 25, 1e25),
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
    "0b-1",
    "+_7",
    "8E_2",
    "0_O1",
    "-_2",
    "7e018_8",
]


@pytest.mark.parametrize("text", TRAPS)
def test_traps_are_named_with_their_position(text: str) -> None:
    found, problems = value(f"a: {text}\n")
    assert found == {"a": text}
    assert [(one.where, one.message) for one in problems] == [
        ("a.yaml:1:4", f"{text} is read differently by different YAML readers")
    ]


def test_a_number_of_very_many_digits_breaks_nothing() -> None:
    assert value("9" * 100) == (1e100, [])
    assert value("1" + "0" * 200) == (1e200, [])
    found, problems = value("9" * 5000)
    assert (found, len(problems)) == ("9" * 5000, 1)


@pytest.mark.parametrize("end", ["", "x", ".x", ":x", "e", "_", "_x"])
@pytest.mark.parametrize("part", ["1", "1_", "0x1", "1:1", "1.1", "2001-01-01T", "-", "~", "y"])
def test_a_megabyte_that_almost_is_a_number_takes_no_time(part: str, end: str) -> None:
    text = (part * 300_000)[:300_000] + end
    started = time.process_time()
    problems: list[Problem] = []
    value_of(Scalar(text, plain=True, mark=START), "a.yaml", problems)
    assert time.process_time() - started < 1
    assert len("".join(map(str, problems))) < 1000


@pytest.mark.parametrize("text", TRAPS)
def test_a_quoted_trap_is_text(text: str) -> None:
    assert value(f'a: "{text}"\n') == ({"a": text}, [])


# What JSON cannot say is refused by kubectl altogether.
SCALARS = [text for text in TRAPS if text.strip("-").lower() not in (".inf", ".nan", "1e400", "1e999")]
SCALARS += """
1 -1 +1 -0 1e3 1E-2 0.5 1.0 true TRUE False ~ null Null 2001-01-01 2001-01-01T10:00:00Z 1.2.3 25921e05 0123e45
1234e56 = << < a 9223372036854775807 9223372036854775808 18446744073709551616 -9223372036854775809 1e20 1e21 12e-2
1.5e3 -0.0 +1.5 0.0000001 2001-12-14t21:59:43.10-05:00 2001-1-1 nUll 1f Infinity nan inf --1 e3 .e3 http://x:1 a
1k 0x - 1e e1 _1 + 1-2 00 -01 0.0.1 1__0 0_1 0b2 1,000 tRue nULL oN 123456789012345678901234567890
""".replace(" - ", " ").split()


@needs_kubectl
def test_kubectl_reads_the_same_values() -> None:
    """Each plain scalar has the value kubectl gives it, or is reported as a trap."""
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n"
    manifest = head + "".join(f"  k{number}: {text}\n" for number, text in enumerate(SCALARS))
    read = kubectl_reads(manifest)[0]["data"]
    different = []
    for number, text in enumerate(SCALARS):
        found, problems = value(f"a: {text}\n")
        ours = found["a"]
        if not problems and not same(ours, read.get(f"k{number}")):
            different.append((text, ours, read.get(f"k{number}")))
    assert different == []


def test_the_number_of_traps_that_are_told_is_bounded() -> None:
    _, problems = value("[" + "no," * 1000 + "]")
    assert len(problems) == MOST
