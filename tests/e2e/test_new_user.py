"""What a new user does: a clean clone, and the README's first command."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _readme_command(word: str) -> str:
    """The line of the README's first code block that runs `word`, without its remark."""
    block = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert block is not None
    (line,) = [line for line in block.group(1).splitlines() if word in line]
    return line.partition("#")[0].strip()


def test_the_readmes_demo_works_from_a_clean_clone(tmp_path: Path) -> None:
    clone = tmp_path / "pushboat"
    subprocess.run(["git", "clone", "-q", f"file://{ROOT}", str(clone)], check=True)
    keep = {
        key: value for key, value in os.environ.items() if not key.startswith(("PUSHBOAT_", "GITEA_", "KUBECONFIG"))
    }
    command = _readme_command("demo")
    assert command == "hack/dev demo"
    done = subprocess.run(
        ["bash", "-c", command], cwd=clone, env=keep, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for words in ("create", "upgrade", "delete", "healthy", "left Git"):
        assert words in done.stdout, f"the demo did not show '{words}':\n{done.stdout[-3000:]}"


def test_the_readmes_install_block_works_from_a_clean_clone(tmp_path: Path) -> None:
    """Its commands as they stand, with the one edit it asks for; the namespaces are this test's own."""
    clone = tmp_path / "pushboat"
    subprocess.run(["git", "clone", "-q", f"file://{ROOT}", str(clone)], check=True)
    block = re.search(r"```sh\n(hack/dev setup.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert block is not None
    setup, init, *rest = block.group(1).strip().splitlines()
    own = "s/namespace: pushboat/namespace: readme-pushboat/; s/namespace: shop/namespace: readme-apps/"
    rest = [line.replace("namespace shop", "namespace readme-apps") for line in rest]
    script = "\n".join(["set -e", setup, init, f"sed -i '{own}' platform.yaml", *rest, "pushboat check"])
    try:
        done = subprocess.run(
            ["bash", "-c", script], cwd=clone, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        assert "eventlistener.triggers.tekton.dev/pushboat created" in done.stdout
        assert "bundle.yaml is up to date" in done.stderr
    finally:
        names = ["namespace/readme-pushboat", "namespace/readme-apps", "clusterrole/readme-pushboat-listener"]
        names.append("clusterrolebinding/readme-pushboat-listener")
        subprocess.run(["kubectl", "delete", "--ignore-not-found", "--wait=false", *names], check=True)
