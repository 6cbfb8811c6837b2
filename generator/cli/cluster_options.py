"""The options of every verb that asks a cluster."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cluster.connect import from_kubeconfig
from generator.yamlio.characters import shown

if TYPE_CHECKING:
    from collections.abc import Callable


def existing(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """A kubeconfig that was given has to be there; it may be several files, of which kubectl takes what there are."""
    del context
    if value is not None and not any(Path(one).is_file() or Path(one).is_fifo() for one in value.split(os.pathsep)):
        raise click.BadParameter(f"there is no {shown(value)}", param=option)
    return value


def cluster_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Adds -n, --kubeconfig and --context to a verb, which is called with `api` and `namespace`."""

    @click.option("-n", "--namespace", default="pushboat", show_default=True, help="The namespace of the bundle.")
    @click.option("--kubeconfig", callback=existing, help="The kubeconfig; $KUBECONFIG or ~/.kube/config unless given.")
    @click.option("--context", help="The context of the kubeconfig.")
    @functools.wraps(verb)
    def connected(*args: Any, kubeconfig: str | None, context: str | None, **rest: Any) -> None:
        verb(*args, api=from_kubeconfig(kubeconfig, context), **rest)

    return connected
