"""The language as JSON Schema (draft 2020-12), for editors. What it accepts is what the parser's grammar accepts."""

from __future__ import annotations

from typing import Any

from generator.schema.walk import KINDS


def json_schema(kind: str) -> dict[str, Any]:
    """The schema of an Application or a Platform."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{kind} (pushboat.dev/v1alpha1)",
        **KINDS[kind].schema(),
    }
