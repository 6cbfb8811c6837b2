"""The bytes of a file as text, with every character reported that a reviewer could not see."""

from __future__ import annotations

import codecs

from generator.yamlio.characters import UNSEEN, described, is_plain
from generator.yamlio.problem import Problem, YamlProblemError

MAX_BYTES = 1_048_576
MAX_PROBLEMS = 20

_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def checked_text(data: bytes, path: str, problems: list[Problem]) -> str:
    """The text of a file; what must not stand in it is reported and replaced, so that reading can go on.

    Raises YamlProblemError for a file that is too large or no text at all.
    """
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data)} bytes; at most {MAX_BYTES} are read"
        raise YamlProblemError(Problem(path, 1, 1, message, "split it, or keep what is no configuration elsewhere"))
    if is_plain(data):
        return data.decode("ascii")
    data = data.removeprefix(codecs.BOM_UTF8)
    _refuse_other_encodings(data, path)
    text = data.decode("utf-8", "surrogateescape")
    if UNSEEN.search(text) is None:
        return text
    _report_unseen(text, path, problems)
    return UNSEEN.sub("\ufffd", text)


def _refuse_other_encodings(data: bytes, path: str) -> None:
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            raise YamlProblemError(Problem(path, 1, 1, f"the file is {name}", "save it as UTF-8"))
    at = data.find(b"\0")
    if at >= 0:
        line, column = _position(data.decode("utf-8", "replace"), len(data[:at].decode("utf-8", "replace")))
        message = r"the file holds NUL bytes (\x00): it is binary, or not UTF-8"
        raise YamlProblemError(Problem(path, line, column, message, "save it as UTF-8 text"))


def _report_unseen(text: str, path: str, problems: list[Problem]) -> None:
    end = -1
    for found in UNSEEN.finditer(text):
        adjoins, end = found.start() == end, found.end()
        if adjoins:  # to the one before: told with it
            continue
        line, column = _position(text, found.start())
        problems.append(Problem(path, line, column, described(found.group()), _hint(found.group())))
        if len(problems) == MAX_PROBLEMS:
            return


def _hint(letter: str) -> str:
    if "\udc80" <= letter <= "\udcff":
        return "save the file as UTF-8"
    if letter == "\r":
        return r"end lines with \n or \r\n"
    return "remove it; a value that needs it takes an escape in double quotes"


def _position(text: str, at: int) -> tuple[int, int]:
    """Line and column of a character, counted as editors do: a line ends with a line feed."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
