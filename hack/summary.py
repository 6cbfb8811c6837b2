"""Say plainly what `hack/dev test` ran, from pytest's JUnit files, and what it could not run and why.

summary.py --passed N --failed N [--not-run TEXT]... [LABEL=JUNIT.xml]...

The counts given are the checks made before pytest. Exit code 1 when anything failed.
"""

from __future__ import annotations

import argparse
import sys
import xml.etree.ElementTree as ET  # our own pytest's output
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Part:
    label: str
    passed: int = 0
    failed: int = 0
    seconds: float = 0.0
    skipped: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        skipped = f", {self.skipped.total()} skipped" if self.skipped else ""
        seconds = f" in {self.seconds:.0f} s" if self.seconds else ""
        return f"  {self.label:<22} {self.passed} passed, {self.failed} failed{skipped}{seconds}"


def read(label: str, path: Path) -> Part:
    part = Part(label)
    if not path.exists():  # pytest itself broke off; its exit code has been counted by the caller
        return part
    for suite in ET.parse(path).getroot().iter("testsuite"):  # noqa: S314
        part.seconds += float(suite.get("time", "0"))
        for case in suite.iter("testcase"):
            count(part, case)
    return part


def count(part: Part, case: ET.Element) -> None:
    skipped = case.find("skipped")
    if case.find("failure") is not None or case.find("error") is not None:
        part.failed += 1
    elif skipped is not None:
        part.skipped[skipped.get("message", "no reason given")] += 1
    else:
        part.passed += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", metavar="LABEL=JUNIT.xml")
    parser.add_argument("--passed", type=int, default=0)
    parser.add_argument("--failed", type=int, default=0)
    parser.add_argument("--not-run", action="append", default=[])
    arguments = parser.parse_args()

    parts = [Part("checks", arguments.passed, arguments.failed)]
    parts += [read(label, Path(path)) for label, _, path in (item.partition("=") for item in arguments.files)]
    not_run = list(arguments.not_run)
    for part in parts:
        not_run += [f"{part.label}: {number} skipped: {reason}" for reason, number in part.skipped.items()]

    print("\nran")
    for part in parts:
        print(part.line())
    print("could not run" if not_run else "nothing was left out")
    for line in not_run:
        print(f"  {line}")
    passed, failed = sum(part.passed for part in parts), sum(part.failed for part in parts)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
