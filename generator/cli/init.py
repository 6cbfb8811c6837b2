"""pushboat init: a platform and a first definition to start from."""

from __future__ import annotations

from pathlib import Path

import click

from generator.model.errors import UserError

PLATFORM = """\
# What `pushboat generate` reads. Secrets are only named here; the install guide shows how to make them.
apiVersion: pushboat.dev/v1alpha1
kind: Platform
spec:
  # The namespace of the bundle. It is made by the bundle and enforces Pod Security "restricted".
  namespace: pushboat
  # The image with the Python steps, as you have built and pushed it, with a tag or, better, a digest.
  image: registry.example.com/pushboat/pushboat-step:0.1.0
  # How often the branches are compared with what was delivered, in case a webhook was lost.
  catchUp: "*/5 * * * *"
  repositories:
    - name: shop # the name in `tkn pipeline start deliver -p repository=shop`
      forge: gitea # or github
      url: https://git.example.com/team/shop
      branch: main
      path: apps # the folder that holds the definitions
      # Secrets of the bundle's namespace. The defaults are NAME-webhook (key: secret) and NAME-git (key: token).
      # webhookSecret: shop-webhook
      # credential: shop-git         # reads the repository
      # statusCredential: shop-git   # posts commit statuses
      # writeCredential: shop-git    # pushes the removal of a deleted app's YAML
  targets:
    # Where apps run: namespaces that exist already. The first is the default of every definition.
    - name: default
      namespace: shop
"""

DEFINITION = """\
# Push this file and hello runs; change it and hello is upgraded; add `deleted: true` and hello is removed.
apiVersion: pushboat.dev/v1alpha1
kind: Application
metadata:
  name: hello
spec:
  version: "1.0.0"
  components:
    - name: web
      kind: Deployment # or StatefulSet, DaemonSet, Job, CronJob
      image: registry.example.com/team/hello:1.0.0
      replicas: 2
      ports:
        - name: http # a Service hello-web offers it
          port: 8080
"""


@click.command()
@click.argument("folder", default=".", type=click.Path(file_okay=False))
def init(folder: str) -> None:
    """Write platform.yaml and apps/hello.yaml into FOLDER, with comments. Files that are there stay untouched."""
    files = {Path(folder) / "platform.yaml": PLATFORM, Path(folder) / "apps" / "hello.yaml": DEFINITION}
    there = [str(file) for file in files if file.exists()]
    if there:
        raise UserError(f"{', '.join(there)} exists already; nothing was written")
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        click.echo(f"wrote {file}", err=True)
    click.echo("next: change platform.yaml to your repository, then run: pushboat generate", err=True)
