"""The small app that the demo and the benchmarks deliver: a web server that answers with its version on port 8080."""

from __future__ import annotations

import os

VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "2.0.0")
_PORTS = "      ports:\n        - name: http\n          port: 8080\n"


def definition(name: str, version: str, *, replicas: int = 1, deleted: bool = False) -> str:
    """Its definition."""
    mark = "  deleted: true\n" if deleted else ""
    return (
        "apiVersion: pushboat.dev/v1alpha1\nkind: Application\n"
        f'metadata:\n  name: {name}\nspec:\n  version: "{version}"\n{mark}'
        f"  components:\n    - name: {name}\n      kind: Deployment\n"
        f"{_server(version)}      replicas: {replicas}\n{_PORTS}"
    )


def _server(version: str) -> str:
    """A cluster of ours has an image per version; a named one has the step image, whose Python can serve too."""
    if os.environ.get("PUSHBOAT_CLUSTER") != "named":
        return f"      image: docker.io/local/demo-web:{version}\n"
    serve = 'trap "exit 0" TERM; python3 -m http.server 8080 --directory /www & wait $!'
    return (
        f"      image: {os.environ['PUSHBOAT_STEP_IMAGE']}\n      command: [sh, -c, '{serve}']\n"
        f'      files:\n        - path: /www/index.html\n          text: "demo-web {version}"\n'
    )
