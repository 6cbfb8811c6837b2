"""Pushboat: push an application definition to Git; Tekton delivers it."""

__version__ = "0.1.0"
