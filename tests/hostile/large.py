"""Hostile files that are too large to keep: how each is made."""

from __future__ import annotations

from collections.abc import Callable

_HEAD = (
    "apiVersion: pushboat.dev/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  version: '1'\n"
    "  components:\n    - name: web\n      kind: Deployment\n"
)
_DEFINITION = f"{_HEAD}      image: registry.example/web:1.0.0\n"


def _with(text: str) -> bytes:
    return (_DEFINITION + text).encode()


def _env(value: str) -> bytes:
    return _with(f"      env:\n        - {{name: A, value: {value}}}\n")


def _image(image: str) -> bytes:
    return f"{_HEAD}      image: {image}\n".encode()


def _alias_bomb() -> bytes:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"] + [
        f"{chr(c + 1)}: &{chr(c + 1)} [{f'*{chr(c)},' * 9}]" for c in range(97, 121)
    ]
    return "\n".join(lines).encode()


def _merge_bomb() -> bytes:
    lines = ["a: &a {k0: x, k1: x}"]
    lines += [f"{chr(c + 1)}: &{chr(c + 1)} {{<<: [{f'*{chr(c)},' * 9}]}}" for c in range(97, 121)]
    return "\n".join(lines).encode()


def _nested_mappings(count: int) -> bytes:
    return "".join(f"{' ' * depth}a:\n" for depth in range(count)).encode()


def _keys(count: int, indent: str = "") -> str:
    return "".join(f"{indent}k{number}: 1\n" for number in range(count))


LARGE: dict[str, Callable[[], bytes]] = {
    "40k-nested-lists": lambda: b"[" * 40_000,
    "40k-nested-lists-closed": lambda: b"[" * 40_000 + b"]" * 40_000,
    "40k-nested-flow-mappings": lambda: b"{a: " * 40_000,
    "40k-nested-block-lists": lambda: b"- " * 40_000,
    "40k-nested-complex-keys": lambda: b"? " * 40_000,
    "1400-nested-block-mappings": lambda: _nested_mappings(1_400),
    "alias-bomb": _alias_bomb,
    "merge-bomb": _merge_bomb,
    "200k-keys": lambda: _keys(200_000).encode(),
    "90k-keys": lambda: _keys(90_000).encode(),
    "40k-unknown-fields": lambda: _with(_keys(40_000, "      ")),
    "40k-times-the-same-key": lambda: b"a: 1\n" * 40_000,
    "100k-documents": lambda: b"---\na\n" * 100_000,
    "100k-empty-documents": lambda: b"---\n" * 100_000,
    "10-mb-scalar": lambda: b"a: " + b"x" * 10_000_000,
    "1-mb-plain-scalar": lambda: _env("x" * 1_000_000),
    "1-mb-quoted-scalar": lambda: _env('"' + "x" * 1_000_000 + '"'),
    "1-mb-of-escapes": lambda: _env('"' + r"\x41" * 250_000 + '"'),
    "1-mb-of-digits": lambda: _with(f"      replicas: {'1' * 1_000_000}\n"),
    "1-mb-of-digits-and-a-letter": lambda: _with(f"      replicas: {'1' * 1_000_000}x\n"),
    "1-mb-key": lambda: b'"' + b"k" * 1_000_000 + b'": 1\n',
    "1-mb-unknown-field": lambda: _with(f'      ? "{"k" * 1_000_000}"\n      : 1\n'),
    "1-mb-name": lambda: _DEFINITION.replace("name: web}", "name: " + "a" * 1_000_000 + "}").encode(),
    "1-mb-of-hyphens-as-name": lambda: _DEFINITION.replace("name: web}", "name: a" + "-" * 1_000_000 + "}").encode(),
    "1-mb-version": lambda: _DEFINITION.replace("'1'", "'" + "1." * 500_000 + "'").encode(),
    "1-mb-image": lambda: _image("a" * 1_000_000),
    "1-mb-image-of-slashes": lambda: _image("a/" * 500_000 + "!"),
    "1-mb-image-of-hyphens": lambda: _image("a-" * 500_000 + "!"),
    "1-mb-image-of-dots-and-hyphens": lambda: _image("a" + ".-" * 500_000 + "!"),
    "1-mb-quantity": lambda: _with(f"      resources: {{limits: {{cpu: {'1' * 1_000_000}.}}}}\n"),
    "1-mb-path": lambda: _with(f"      files:\n        - {{path: {'/a' * 500_000}/.., text: x}}\n"),
    "1-mb-path-of-dots": lambda: _with(f"      files:\n        - {{path: {'/..' * 330_000}, text: x}}\n"),
    "1-mb-duration": lambda: _with(f"  timeouts: {{health: {'9' * 1_000_000}s}}\n"),
    "1-mb-kind": lambda: b"apiVersion: v1\nkind: " + b"K" * 1_000_000 + b"\n",
    "1-mb-tag": lambda: b"a: !" + b"t" * 1_000_000 + b" x\n",
    "1-mb-anchor": lambda: b"a: &" + b"t" * 1_000_000 + b" x\n",
    "1-mb-of-spaces": lambda: b" " * 1_000_000,
    "1-mb-of-spaces-before-a-key": lambda: b" " * 1_000_000 + b"a: 1\n",
    "1-mb-of-line-feeds": lambda: b"\n" * 1_000_000,
    "1-mb-of-tabs": lambda: b"\t" * 1_000_000,
    "1-mb-comment": lambda: _with("# " + "x" * 1_000_000),
    "1-mb-of-comments": lambda: b"#\n" * 500_000,
    "1-mb-of-colons": lambda: b":" * 1_000_000,
    "1-mb-of-commas": lambda: b"[" + b"," * 1_000_000,
    "1-mb-of-quotes": lambda: b"'" * 1_000_000,
    "1-mb-of-hyphens": lambda: b"-" * 1_000_000,
    "1-mb-of-ampersands": lambda: b"&" * 1_000_000,
    "1-mb-of-percent-signs": lambda: b"%" * 1_000_000,
    "1-mb-of-backslashes": lambda: _env('"' + "\\" * 900_000 + '"'),
    "1-mb-of-nul": lambda: b"\0" * 1_000_000,
    "1-mb-of-0xff": lambda: b"\xff" * 1_000_000,
    "1-mb-of-carriage-returns": lambda: b"\r" * 1_000_000,
    "1-mb-of-bidi-marks": lambda: b"# " + "\u202e".encode() * 300_000,
    "1-mb-of-joined-emoji": lambda: b"# " + "\U0001f469\u200d".encode() * 140_000,
    "1-mb-of-byte-order-marks": lambda: b"\xef\xbb\xbf" * 300_000,
    "1-mb-literal-block": lambda: _with(
        "      files:\n        - path: /a\n          text: |\n" + "            line\n" * 60_000
    ),
    "1-mb-folded-block": lambda: _with(
        "      env:\n        - name: A\n          value: >\n" + "            word\n" * 60_000
    ),
    "1-mb-block-of-blank-lines": lambda: _with("      env:\n        - name: A\n          value: |+\n" + "\n" * 900_000),
    "10k-components": lambda: _with("".join(f"    - {{name: c{n}, kind: Job, image: 'a:1'}}\n" for n in range(10_000))),
    "20k-broken-components": lambda: _with("    - {}\n" * 20_000),
    "16k-environment-variables": lambda: _with(
        "      env:\n" + "".join(f"        - {{name: A{n}, value: x}}\n" for n in range(16_000))
    ),
    "16k-equal-environment-variables": lambda: _with("      env:\n" + "        - {name: A, value: x}\n" * 16_000),
    "16k-ports": lambda: _with(
        "      ports:\n" + "".join(f"        - {{name: p{n}, port: 80}}\n" for n in range(16_000))
    ),
    "60k-targets": lambda: _with("  targets: [" + ",".join(f"t{n}" for n in range(60_000)) + "]\n"),
    "45k-labels": lambda: _DEFINITION.replace(
        "name: web}", "name: web, labels: {" + ",".join(f"k{n}: v" for n in range(45_000)) + "}}"
    ).encode(),
    "60k-traps-in-helm-values": lambda: (
        b"apiVersion: pushboat.dev/v1alpha1\nkind: Application\nmetadata: {name: web}\n"
        b"spec:\n  version: '1'\n  helm:\n    chart: chart\n    values: {a: [" + b"no," * 60_000 + b"]}\n"
    ),
}
