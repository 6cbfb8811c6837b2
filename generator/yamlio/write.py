"""Write YAML that every reader reads the same: strings quoted unless plainly safe, no anchors, source order."""

from __future__ import annotations

import re
from typing import Any

import yaml

from generator.yamlio.characters import UNSEEN

_SAFE = re.compile(r"[A-Za-z/][A-Za-z0-9_./@+-]*(:[A-Za-z0-9_./@+-]+)*([ ][A-Za-z0-9_./@+;()'-]+)*")
_WORD = re.compile(r"y|n|yes|no|on|off|true|false|null", re.IGNORECASE)


class _Writer(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Indent lists below their key, as Kubernetes' own examples do."""
        super().increase_indent(flow, indentless=False)

    def write_double_quoted(self, text: str, split: bool = True) -> None:  # noqa: FBT001, FBT002
        """Spell what nobody could see; PyYAML does so only where everything outside ASCII is spelt."""
        self.allow_unicode = not UNSEEN.search(text)
        super().write_double_quoted(text, split)
        self.allow_unicode = True


def _represent_text(writer: _Writer, text: str) -> yaml.ScalarNode:
    if "\n" in text and _fits_a_block(text):
        return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|")
    plain = _SAFE.fullmatch(text) and not _WORD.fullmatch(text)
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


def _fits_a_block(text: str) -> bool:
    if UNSEEN.search(text):
        return False
    return not text.startswith((" ", "\n")) and all(line == line.rstrip() for line in text.split("\n"))


_Writer.add_representer(str, _represent_text)


def write(value: Any) -> str:
    """One document, without a leading `---`."""
    return yaml.dump(value, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=10**9, default_flow_style=False)
