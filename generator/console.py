"""A step's log."""


def say(text: str) -> None:
    """A line of the log, at once."""
    print(text, flush=True)
