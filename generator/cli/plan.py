"""pushboat plan: what a push would do, without a cluster or compared with one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from generator.cli.cluster_options import existing
from generator.cli.commits import opened, read, root_of
from generator.cli.planned import FORMATS, Planned
from generator.cli.reading import BrokenPlatformError, given_platform
from generator.core.define import define
from generator.core.foresee import against, foresee
from generator.core.render import render
from generator.core.stand_in import define_anywhere, stand_in
from generator.model.change import STARTS, Change, Push
from generator.threads import each
from generator.tools.run import run_tool

if TYPE_CHECKING:
    from generator.cli.reading import Given
    from generator.core.live import Difference
    from generator.gitrepo.local import Local
    from generator.model.change import Delta, Version
    from generator.model.platform import Platform, Repository

_AT_ONCE = 8


@click.command()
@click.option(
    "--repo",
    "folder",
    default=".",
    show_default=True,
    type=click.Path(exists=True, file_okay=False),
    help="A Git repository on this machine.",
)
@click.option(
    "--platform",
    "platform_file",
    type=click.Path(exists=True, dir_okay=False),
    help="The platform; platform.yaml if that is there. Without one, any target and kind is taken.",
)
@click.option("--repository", "name", help="Which of the platform's repositories this is; the first unless given.")
@click.option("--from", "base", help="The commit that counts as delivered; without it everything is new.")
@click.option("--to", "head", default="HEAD", show_default=True, help="The commit that is pushed.")
@click.option("--runs", is_flag=True, help="Show the rendered PipelineRuns and manifests too.")
@click.option("--live", is_flag=True, help="Compare with the cluster instead of --from; nothing is changed there.")
@click.option(
    "--kubeconfig", callback=existing, help="For --live: the kubeconfig; $KUBECONFIG or ~/.kube/config unless given."
)
@click.option("--context", help="For --live: the context of the kubeconfig.")
@click.option("-o", "--output", type=click.Choice([*FORMATS]), default="text", show_default=True, help="The format.")
def plan(
    folder: str,
    platform_file: str | None,
    name: str | None,
    base: str | None,
    head: str,
    runs: bool,
    live: bool,
    kubeconfig: str | None,
    context: str | None,
    output: str,
) -> None:
    """Show what a push would do, and why.

    The commits are compared, or with --live the last of them with the cluster: every object is sent to the API server
    as a dry run. Exit 1 when a definition has problems or the cluster would refuse an object.
    """
    _check_words(base, kubeconfig, context, live=live)
    given = _given(platform_file, name, output)
    with opened(folder) as source:
        before, after = source.commit(base) if base else "", source.commit(head)
        differences = None
        if live:
            platform, repository = _needed(given)
            changes, differences = _compared(source, after, platform, repository, kubeconfig, context)
        else:
            platform, repository, changes = _changes(source, before, after, given)
    push = Push(repository.name, after, before, 1, "")
    starting = [change for change in changes if change.action in STARTS]
    rendered = [render(change, push, platform) for change in starting] if runs else None
    planned = Planned(changes, rendered, differences)
    click.echo(FORMATS[output](planned), nl=False)
    sys.exit(1 if planned.problems or planned.refused else 0)


def _check_words(base: str | None, kubeconfig: str | None, context: str | None, *, live: bool) -> None:
    if live and base:
        raise click.UsageError("--live compares with the cluster: --from has no meaning with it")
    if not live and (kubeconfig or context):
        raise click.UsageError("--kubeconfig and --context go with --live: nothing else asks a cluster")


def _given(platform_file: str | None, name: str | None, output: str) -> Given | None:
    """The platform, if there is one; where data is asked for, its problems are told as data too."""
    try:
        return given_platform(platform_file, name)
    except BrokenPlatformError as error:
        if output != "text":
            click.echo(FORMATS[output](Planned([], None, None, error.problems)), nl=False)
        raise


def _needed(given: Given | None) -> Given:
    if given is None:
        raise click.UsageError("--live needs a platform: it names the bundle's namespace and those of the targets")
    return given


def _changes(source: Local, before: str, after: str, given: Given | None) -> tuple[Platform, Repository, list[Change]]:
    """The changes between two commits, with the platform that they are for."""
    root = given[1].path if given else root_of(source, after)
    deltas, paths = read(source, before, after, root)
    definer = define if given else define_anywhere
    platform = given[0] if given else stand_in((side for one in deltas for side in _sides(one)), root)
    repository = given[1] if given else platform.repositories[0]
    return platform, repository, foresee(deltas, paths, platform, repository, run_tool, definer)


def _sides(delta: Delta) -> list[Version]:
    return [side for side in (delta.before, delta.after) if side]


def _compared(
    source: Local, after: str, platform: Platform, repository: Repository, kubeconfig: str | None, context: str | None
) -> tuple[list[Change], list[Difference]]:
    """The changes from what the cluster has, and what they do to its objects."""
    from generator.cluster.connect import from_kubeconfig  # noqa: PLC0415 - only --live pays for these
    from generator.cluster.records import Records  # noqa: PLC0415
    from generator.rollout.rehearse import rehearse  # noqa: PLC0415

    deltas, _ = read(source, "", after, repository.path)
    api = from_kubeconfig(kubeconfig, context)
    inventories = Records(api, platform.namespace).inventories()
    changes = against(deltas, platform, repository, tuple(inventories), run_tool)
    known = {(one.app, one.target): one for one in inventories}
    starting = [change for change in changes if change.action in STARTS]
    found = each(lambda one: rehearse(api, one, known.get((one.app, one.target))), starting, at_once=_AT_ONCE)
    return changes, [difference for one in found for difference in one]
