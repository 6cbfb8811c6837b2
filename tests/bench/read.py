"""hack/dev bench read: how fast a repository of 10,000 definitions is read, beside what else could read it."""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.bench.read_page import Table, write

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
# Each has a function measure(folder, rounds, say) that gives its tables: (a), then (b) and (c).
PARTS = ("tests.bench.read_changes", "tests.bench.read_definitions")


def main() -> int:
    parser = ArgumentParser(prog="hack/dev bench read", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=PAGE, help="the page whose part is written")
    options = parser.parse_args()
    tables: list[Table] = []
    for part in PARTS:
        measure = getattr(import_module(part), "measure", None) if find_spec(part) else None
        if measure:
            with tempfile.TemporaryDirectory(prefix="pushboat-bench-") as folder:
                tables += measure(Path(folder), options.rounds, _say)
    write(options.output, tables)
    claims = [claim for table in tables for claim in table.claims]
    for claim in claims:
        print(claim)
    return 0 if all(claim.met for claim in claims) else 1


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
