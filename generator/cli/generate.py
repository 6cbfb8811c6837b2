"""pushboat generate: write the bundle."""

from __future__ import annotations

from pathlib import Path

import click

from generator.bundle.generate import generate as build
from generator.bundle.output import MARK, as_file, as_folder
from generator.cli.reading import read_platform
from generator.model.errors import UserError
from generator.model.platform import Platform

REMINDER = """\
Before you apply it:
- The bundle's namespace enforces Pod Security "restricted". Tekton's own init container passes it only with the first
  of these flags; the second lets every pod start a second sooner where no sidecars are injected:
    kubectl -n tekton-pipelines patch configmap feature-flags --type merge \\
      -p '{"data":{"set-security-context":"true","running-in-environment-with-injected-sidecars":"false"}}'
- These namespaces of targets must exist: """


def files_of(platform: Platform, platform_file: str, output: str) -> tuple[dict[str, str], bool]:
    """The wanted files by name, and whether they are one single file."""
    single = not is_folder(output)
    command = f"pushboat generate -f {platform_file} -o {output}"
    bundle = build(platform)
    return (as_file if single else as_folder)(bundle, command), single


def is_folder(output: str) -> bool:
    """`-o DIR/` asks for a folder, as does a folder that is there."""
    return output.endswith("/") or Path(output).is_dir()


@click.command()
@click.option("-f", "--file", "platform_file", default="platform.yaml", show_default=True, help="The platform.")
@click.option(
    "-o",
    "--output",
    default="bundle.yaml",
    show_default=True,
    help="A file, DIR/ for a kustomize base, or - for standard output.",
)
def generate(platform_file: str, output: str) -> None:
    """Write the Tekton bundle of a platform, for kubectl apply."""
    platform = read_platform(platform_file)
    files, single = files_of(platform, platform_file, output)
    if output == "-":
        click.echo("".join(files.values()), nl=False)
        return
    try:
        _write(Path(output), files, single=single)
    except OSError as error:
        raise UserError(f"{output} cannot be written: {error}") from error
    hints = ", ".join(target.namespace for target in platform.targets)
    shared = [
        one.name for one in platform.repositories if one.write_credential in (one.credential, one.status_credential)
    ]
    if shared:
        hints += (
            f"\n- One Secret reads, tells and pushes for {', '.join(shared)}; writeCredential sets the pushing apart"
        )
    how = "-f" if single else "-k"
    click.echo(f"wrote {output}; apply it with: kubectl apply {how} {output}\n\n{REMINDER}{hints}", err=True)


def _write(place: Path, files: dict[str, str], *, single: bool) -> None:
    if single:
        place.write_text(next(iter(files.values())))
        return
    place.mkdir(parents=True, exist_ok=True)
    for stale in place.glob("*.yaml"):
        if stale.name not in files and stale.read_text().startswith(MARK):
            stale.unlink()
    for name, text in files.items():
        (place / name).write_text(text)
