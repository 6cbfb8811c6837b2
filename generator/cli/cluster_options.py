"""The options of every verb that asks a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


def cluster_options(command: F) -> F:
    """Adds -n, --kubeconfig and --context."""
    for option in (
        click.option("--context", help="The context of the kubeconfig."),
        click.option("--kubeconfig", help="The kubeconfig; $KUBECONFIG or ~/.kube/config unless given."),
        click.option("-n", "--namespace", default="pushboat", show_default=True, help="The namespace of the bundle."),
    ):
        command = option(command)
    return command
