"""A repository of 10,000 definitions with some history, served over HTTP as a Git host does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.unit.fakes.git_host import GitHost, git

if TYPE_CHECKING:
    from pathlib import Path

DEFINITIONS, COMMITS, TEAMS = 10_000, 200, 100
TOKEN = "reader"  # of a host that lives as long as the benchmark
_TEXT = """\
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata:
  name: {name}
  labels: {{team: team-{team:02}}}
spec:
  version: "{version}"
  components:
    - name: api
      kind: Deployment
      image: registry.example/team-{team:02}/{name}:{version}
      replicas: 4
      ports: [{{name: http, port: 8080}}]
      env:
        - {{name: LOG_LEVEL, value: info}}
        - {{name: DATABASE, value: "postgres://db.team-{team:02}:5432/{name}"}}
"""


@dataclass(frozen=True)
class Served:
    """The repository: its folder, its URL, and the commit before main's head for each number of changes."""

    folder: Path
    url: str
    head: str
    before: dict[int, str]


def definition(number: int, version: str) -> str:
    return _TEXT.format(name=f"app-{number:05}", team=number % TEAMS, version=version)


def path(number: int) -> str:
    return f"apps/team-{number % TEAMS:02}/app-{number:05}.yaml"


def make(host: GitHost, counts: tuple[int, ...]) -> Served:
    """All definitions, then commits of ten changes each; and for each count a commit that differs by so many."""
    upstream = host.repository("team/shop")
    stream = [_commit(_versions(range(DEFINITIONS), "1.0.0"))]
    stream += [_commit(_versions(range(10 * one, 10 * one + 10), f"1.{one}.0")) for one in range(1, COMMITS)]
    for count in counts:  # beside main, as after a force-push
        changes = _versions(range(0, DEFINITIONS, DEFINITIONS // count), "0.9.0")
        stream.append(_commit(changes, branch=f"before-{count}", parent="refs/heads/main"))
    git(upstream.folder, "fast-import", "--quiet", data=b"".join(stream))
    git(upstream.folder, "repack", "-a", "-d", "--quiet", "--write-bitmap-index")
    before = {count: upstream.head(f"before-{count}") for count in counts}
    return Served(upstream.folder, f"{host.url}/team/shop", upstream.head(), before)


def _versions(numbers: range, version: str) -> dict[int, str]:
    return dict.fromkeys(numbers, version)


def _commit(changes: dict[int, str], *, branch: str = "main", parent: str = "") -> bytes:
    lines = [f"commit refs/heads/{branch}\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 6\na push\n"]
    if parent:
        lines.append(f"from {parent}\n")
    for number, version in changes.items():
        text = definition(number, version)
        lines.append(f"M 100644 inline {path(number)}\ndata {len(text)}\n{text}\n")
    return "".join(lines).encode()
