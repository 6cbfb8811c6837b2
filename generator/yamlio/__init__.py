"""YAML in and out: one guarded reader that keeps positions, one writer, one scalar filler."""
