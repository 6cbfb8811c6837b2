"""The part of docs/benchmarks.md that `hack/dev bench read` writes, beside what the other benchmarks write there."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.report import _commit, _processor, p95

if TYPE_CHECKING:
    from collections.abc import Sequence

BEGIN, END = "<!-- written by hack/dev bench read -->", "<!-- end of hack/dev bench read -->"

_INTRO = """\
## Reading a repository of 10,000 definitions

Written by `hack/dev bench read`, without a cluster. All of it is measured in one run, in rounds: each way once, and
again; so that whatever else the machine does hits all of them alike. Ratios are those of the medians.
"""
_REPEAT = """\
To repeat: `hack/dev bench read`. Nothing else should run on the machine meanwhile. It ends with 1 when a target is
missed.
"""


@dataclass(frozen=True)
class Claim:
    """A target: the median of `ours` is at most `most`, or at most that part of the median of `theirs`."""

    what: str
    ours: Sequence[float]
    most: float
    theirs: Sequence[float] = ()

    @property
    def value(self) -> float:
        return median(self.ours) / (median(self.theirs) if self.theirs else 1.0)

    @property
    def met(self) -> bool:
        return self.value <= self.most

    def __str__(self) -> str:
        verdict = "met" if self.met else "missed"
        return f"{self.what}: {self.value:.3f}; the target of at most {self.most:g} is {verdict}"


@dataclass(frozen=True)
class Table:
    """Ways of doing the same, with the seconds of each round, and what is claimed of them."""

    title: str
    rows: dict[str, list[float]]
    claims: list[Claim] = field(default_factory=list)
    text: str = ""

    def __str__(self) -> str:
        rounds = len(next(iter(self.rows.values())))
        lines = [f"### {self.title}\n"]
        lines += [f"**{claim}.**\n" for claim in self.claims]
        lines += [f"| {rounds} rounds | p50 | p95 | least |", "|---|---|---|---|"]
        lines += [
            f"| {name} | {_s(median(row))} | {_s(p95(row))} | {_s(min(row))} |" for name, row in self.rows.items()
        ]
        return "\n".join(lines) + "\n" + (f"\n{self.text}" if self.text else "")


def _s(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{1000 * seconds:.1f} ms"


def write(page: Path, tables: list[Table]) -> None:
    """Replace this benchmark's part of the page and leave the others' as they are."""
    part = "\n".join([BEGIN, _INTRO, *(str(table) for table in tables), _machine(), _REPEAT + END]) + "\n"
    there = page.read_text() if page.is_file() else "# Benchmarks\n"
    before, found, rest = there.partition(BEGIN)
    after = rest.partition(END)[2].lstrip("\n") if found else ""
    page.parent.mkdir(exist_ok=True)
    page.write_text(before.rstrip("\n") + "\n\n" + part + (f"\n{after}" if after else ""))


def kept(page: Path) -> str:
    """This benchmark's part of the page, for another one that writes the rest anew; empty where there is none."""
    _, found, rest = page.read_text().partition(BEGIN) if page.is_file() else ("", "", "")
    return f"\n{BEGIN}{rest.partition(END)[0]}{END}\n" if found else ""


def _machine() -> str:
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    cores = f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB of memory, Linux {platform.release()}"
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, Pushboat at commit {_commit()}, {cores}, "
        f"Python {platform.python_version()}.\n"
    )
