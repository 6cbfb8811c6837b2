"""Definitions that the end-to-end tests push."""

from __future__ import annotations

import os
import textwrap

# On a cluster of your own, name images that it can pull: tags 1.0.0, 1.1.0 and 1.2.0 that serve port 8080, and a shell.
IMAGE = os.environ.get("PUSHBOAT_DEMO_IMAGE", "docker.io/local/demo-web")
BUSYBOX = os.environ.get("PUSHBOAT_BUSYBOX_IMAGE", "docker.io/local/busybox:dev")


def application(name: str, version: str, components: str, *, extra: str = "") -> str:
    """An Application; `components` and `extra` are YAML below `spec`."""
    body = textwrap.indent(textwrap.dedent(components).strip(), "    ")
    more = textwrap.indent(textwrap.dedent(extra).strip() + "\n", "  ") if extra else ""
    return (
        "apiVersion: pushboat.dev/v1alpha1\nkind: Application\n"
        f'metadata:\n  name: {name}\nspec:\n  version: "{version}"\n{more}  components:\n{body}\n'
    )


def web(name: str, version: str = "1.0.0", *, replicas: int = 1, tag: str = "", extra: str = "") -> str:
    """A small web app."""
    return application(
        name,
        version,
        f"""
        - name: web
          kind: Deployment
          image: {IMAGE}:{tag or version}
          replicas: {replicas}
          ports: [{{name: http, port: 8080}}]
        """,
        extra=extra,
    )
