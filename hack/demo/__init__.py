"""hack/dev demo: three pushes of a small app, first without a cluster, then delivered for real."""
