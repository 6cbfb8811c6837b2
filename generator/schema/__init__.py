"""The language people write, declared once: parsers, JSON Schemas, reference and `explain` all read it here."""
