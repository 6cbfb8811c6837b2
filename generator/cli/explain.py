"""pushboat explain: the language, field by field."""

from __future__ import annotations

import json

import click

from generator.schema.json_schema import json_schema
from generator.schema.reference import explain as explained
from generator.schema.reference import outline
from generator.schema.report import one_of
from generator.schema.walk import KINDS, objects


@click.command()
@click.argument("field", required=False)
@click.option(
    "--kind", type=click.Choice(list(KINDS)), default="Application", show_default=True, help="Which document."
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "schema"]),
    default="text",
    show_default=True,
    help="Text, or the whole JSON Schema for editors.",
)
def explain(field: str | None, kind: str, output: str) -> None:
    """Explain a FIELD, such as spec.components.probes; without one, list them all."""
    if output == "schema":
        click.echo(json.dumps(json_schema(kind), indent=2))
        return
    text = explained(kind, field) if field else outline(kind)
    if text is None:
        names = {one.name for _, owner in objects(KINDS[kind]) for one in owner.fields}
        last = str(field).rpartition(".")[2]
        raise click.BadParameter(f"there is no field {field}{one_of(last, sorted(names))}", param_hint="FIELD")
    click.echo(text, nl=False)
