r"""Characters that nobody sees, or that show text in another order than it is read, and how messages spell them.

A reviewer must see what will be delivered, so these are refused where they stand as themselves, in comments too.
In double quotes an escape such as "\u0001" is seen, so values may hold what is written that way.
Allowed because people need them: tab; U+00A0 in values (French); emoji and their variation selectors; the joiners
U+200C and U+200D between two characters outside ASCII (Persian, Indic scripts, joined emoji), but not beside ASCII,
where they only make two equal words differ. Refused although rarely harmless: tag characters (U+E0000 to U+E007F),
which flags of regions use and which carry whole hidden sentences.
"""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    r"\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f"
)
_JOINER = r"[\u200c\u200d]"
_JOINED = rf"[^\x00-\x7f{_UNSEEN}\u200c\u200d]"  # what a joiner may stand between
# The replacement character U+FFFD is what careless tools leave of other text: it hides nothing, so it is not refused.
UNSEEN = re.compile(
    rf"(?!\ufffd)[{_UNSEEN}]|\r(?!\n)|(?<!{_JOINED}){_JOINER}|{_JOINER}(?!{_JOINED})",
)
# Greek, Cyrillic, Armenian and Cherokee letters beside Latin ones.
_LOOKALIKE = re.compile("(?<=[A-Za-z])[\u0370-\u058f\u13a0-\u13ff]|[\u0370-\u058f\u13a0-\u13ff](?=[A-Za-z])")
_PLAIN_BYTES = bytes((9, 10, *range(0x20, 0x7F)))


def is_plain(data: bytes) -> bool:
    """Whether bytes are printable ASCII in lines, as nearly all files are: the quick way out."""
    return not data.translate(None, _PLAIN_BYTES)


def shown(text: str) -> str:
    """Text on one line, fit for a terminal, a log or a web page: what cannot be seen is spelt as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if letter.isprintable() and not UNSEEN.match(letter) else spelt(letter) for letter in text)


def distinct(text: str) -> str:
    """Text in which what only looks like ASCII is spelt as an escape.

    A message about a Cyrillic letter in an English word helps nobody who cannot tell the two apart.
    """
    if text.isascii():
        return text
    text = _LOOKALIKE.sub(lambda found: spelt(found.group()), text)
    return "".join(
        spelt(letter) if not letter.isascii() and unicodedata.normalize("NFKC", letter).isascii() else letter
        for letter in text
    )


def spelt(letter: str) -> str:
    r"""A character as an escape: `\u202e`."""
    return letter.encode("unicode_escape").decode("ascii")


def described(letter: str) -> str:
    """What is wrong with a character of UNSEEN, as a sentence."""
    if "\udc80" <= letter <= "\udcff":  # how Python hands on a byte that is not UTF-8
        return f"the byte 0x{ord(letter) - 0xDC00:02x} is not UTF-8"
    if letter == "\r":
        return r"a carriage return (\r) stands alone: some programs end the line here and others do not"
    if unicodedata.category(letter) == "Cc":
        return f"the control character {spelt(letter)} is not allowed"
    name = unicodedata.name(letter, "unnamed").lower()
    return f"the character {spelt(letter)} ({name}) cannot be seen"
