"""helm and kustomize, the one way: where they are found, and the sandbox they run in."""
