"""The cluster of hack/cluster for Python programs: its exports become this process's environment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

HACK = Path(__file__).resolve().parents[1]
NEEDED = ("KUBECONFIG", "PUSHBOAT_STEP_IMAGE", "GITEA_URL", "GITEA_USER", "GITEA_TOKEN_FILE")


def borrow(kubeconfig: str = "", verb: str = "up") -> str:
    """Make or find the cluster (`up`), or only find it (`env`), and take over its exports; gives their text.

    Progress goes to standard error.
    """
    named = ["--kubeconfig", kubeconfig] if kubeconfig else []
    done = subprocess.run([str(HACK / "cluster"), verb, *named], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError("the cluster could not be made; what went wrong stands above")
    shell = subprocess.run(
        ["bash", "-c", 'eval "$1" && env -0', "-", done.stdout], capture_output=True, text=True, check=True
    )
    os.environ.update(dict(line.split("=", 1) for line in shell.stdout.split("\0") if "=" in line))
    return done.stdout


def borrow_unless_given() -> None:
    """The cluster that the environment names, as after `eval "$(hack/dev cluster env)"`; else one is made."""
    if not all(os.environ.get(name) for name in NEEDED):
        borrow()
