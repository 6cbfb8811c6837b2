"""The end-to-end cluster where Docker is: kind, made by pytest-kind, kept in a cache folder.

kind.py up | down | load IMAGE | load-archive FILE

`up` prints the paths of its kubeconfig and of a folder with kubectl.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HOME = Path(os.environ.get("PUSHBOAT_KIND_HOME", Path.home() / ".cache" / "pushboat-kind"))
NAME = "pushboat"


def cluster(kubernetes: str):
    """Its versions come from the environment, at import."""
    HOME.mkdir(parents=True, exist_ok=True)
    os.chdir(HOME)
    os.environ.setdefault("KIND_VERSION", "v0.30.0")
    os.environ.setdefault("KUBECTL_VERSION", kubernetes)
    from pytest_kind import KindCluster  # noqa: PLC0415

    binaries = HOME / "bin"
    binaries.mkdir(exist_ok=True)
    return KindCluster(
        NAME,
        kubeconfig=HOME / "kubeconfig",
        image=f"kindest/node:{kubernetes}",
        kind_path=binaries / "kind",
        kubectl_path=binaries / "kubectl",
    )


def up(kubernetes: str) -> None:
    made = cluster(kubernetes)
    made.ensure_kubectl()
    made.create()
    # a cluster that is older than the cache folder: its kubeconfig is written again
    kind(made, "export", "kubeconfig", f"--kubeconfig={made.kubeconfig_path}")
    print(made.kubeconfig_path, made.kubectl_path.parent)


def kind(made, *arguments: str) -> None:
    """Its talk goes to stderr: stdout is for the result."""
    subprocess.run([made.kind_path, *arguments, f"--name={NAME}"], check=True, stdout=sys.stderr)


def main() -> int:
    verb, *rest = sys.argv[1:] or ["help"]
    kubernetes = os.environ.get("KIND_KUBERNETES", "v1.34.0")
    match verb:
        case "up":
            up(kubernetes)
        case "down":
            made = cluster(kubernetes)
            if made.kind_path.exists():
                kind(made, "delete", "cluster")
        case "load":
            kind(cluster(kubernetes), "load", "docker-image", *rest)
        case "load-archive":
            kind(cluster(kubernetes), "load", "image-archive", *rest)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
