"""A stage for the demo, the end-to-end tests and the benchmarks: a Git host, a repository, the bundle, and people.

It does what the install guide says, with the commands a user types: git, kubectl, tkn and pushboat.
"""

from hack.stage.bundle import Stage
from hack.stage.cluster import Cluster
from hack.stage.commands import run, wait
from hack.stage.githost import Checkout, Gitea

__all__ = ["Checkout", "Cluster", "Gitea", "Stage", "run", "wait"]
