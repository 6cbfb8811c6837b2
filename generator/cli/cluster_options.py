"""The options of every verb that asks a cluster."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from generator.cluster.connect import from_kubeconfig

if TYPE_CHECKING:
    from collections.abc import Callable


def cluster_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Adds -n, --kubeconfig and --context to a verb, which is called with `api` and `namespace`."""

    @click.option("-n", "--namespace", default="pushboat", show_default=True, help="The namespace of the bundle.")
    @click.option("--kubeconfig", help="The kubeconfig; $KUBECONFIG or ~/.kube/config unless given.")
    @click.option("--context", help="The context of the kubeconfig.")
    @functools.wraps(verb)
    def connected(*args: Any, kubeconfig: str | None, context: str | None, **rest: Any) -> None:
        verb(*args, api=from_kubeconfig(kubeconfig, context), **rest)

    return connected
