"""What can go wrong, by what the caller should do about it."""


class PushboatError(Exception):
    """A known failure: one line for people, no traceback."""


class UserError(PushboatError):
    """Something people wrote or configured is wrong; the message says what to do."""


class RetryLaterError(PushboatError):
    """Something outside did not answer; the same call may succeed later."""


class VanishedError(UserError):
    """An object was deleted by somebody else while it was being rolled out; applying it again may help."""


class SupersededError(PushboatError):
    """A newer release of the same app has taken over; this run stops without a failure."""
