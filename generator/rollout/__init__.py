"""Carry out a plan on a target: claim it, apply, wait for health, prune, record."""
