"""pushboat status: the apps, as their inventories have them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from generator.cli.cluster_options import cluster_options
from generator.cluster.records import Records
from generator.model import names
from generator.model.errors import UserError
from generator.model.status import one_line

if TYPE_CHECKING:
    from generator.cluster.api import Api, Object
    from generator.model.inventory import Inventory

_COLUMNS = ("APP", "TARGET", "STATE", "VERSION", "COMMIT", "RUN", "MESSAGE")


@click.command()
@click.argument("app", required=False)
@cluster_options
@click.option(
    "-o", "--output", type=click.Choice(["table", "json"]), default="table", show_default=True, help="The format."
)
def status(app: str | None, api: Api, namespace: str, output: str) -> None:
    """List the apps, or one APP: state, version, commit and run."""
    inventories = Records(api, namespace).inventories({names.APP: app} if app else None)
    runs = api.list("tekton.dev/v1", "PipelineRun", namespace, {names.APP: app or ""})
    rows = [_row(one) for one in inventories] + _waiting(runs, inventories)
    if app and not rows:
        raise UserError(f"there is no app '{app}' in namespace {namespace}")
    rows.sort(key=lambda row: (row["app"], row["target"]))
    if output == "json":
        click.echo(json.dumps({"apps": rows}, indent=2))
    else:
        click.echo(_table(rows) if rows else f"no app has been delivered from namespace {namespace} yet")


def _row(one: Inventory) -> dict[str, str]:
    return {
        "app": one.app, "target": one.target, "state": one.state.value, "version": one.version,
        "commit": one.commit[:7], "run": one.run, "message": one.message, "updated": one.updated,
    }  # fmt: skip


def _waiting(runs: list[Object], inventories: list[Inventory]) -> list[dict[str, str]]:
    """Runs that have not claimed their app yet: those that wait for their turn, and those that create it."""
    known = {(one.app, one.target) for one in inventories}
    rows = []
    for run in runs:
        labels, annotations = run["metadata"]["labels"], run["metadata"].get("annotations", {})
        place = (labels[names.APP], labels[names.TARGET])
        waits = run["spec"].get("status") == "PipelineRunPending"
        if (place in known and not waits) or run.get("status", {}).get("completionTime"):
            continue
        row = dict.fromkeys((column.lower() for column in _COLUMNS), "")
        row |= {
            "app": place[0],
            "target": place[1],
            "state": "waiting" if waits else "starting",
            "run": run["metadata"]["name"],
        }
        row |= {"version": annotations.get("pushboat.dev/version", ""), "commit": labels[names.COMMIT][:7]}
        rows.append(row | {"updated": ""})
    return rows


def _table(rows: list[dict[str, str]]) -> str:
    lines = [_COLUMNS, *(tuple(one_line(row[column.lower()], 100) for column in _COLUMNS) for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(_COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
