"""The files in a packed chart (.tgz), read without ever touching a disk.

Own code instead of `tarfile`: that one follows links, trusts sizes and has looped for ever on a negative one.
Here a header is a name, a size and a type, and what is no plain file or folder is refused.
"""

from __future__ import annotations

import re
import zlib

MAX_BYTES = 16 * 1024 * 1024
MAX_FILES = 4000
_BLOCK = 512
_FILE, _FOLDER, _LONG_NAME, _EXTENDED, _GLOBAL = (b"0", b"\0"), b"5", b"L", b"x", b"g"
_PATH = re.compile(r"[A-Za-z0-9._@+=,~ /-]{1,400}")


class ArchiveError(Exception):
    """The archive cannot be read, or holds what a chart has no need of; the message is for people."""


def unpack(data: bytes, limit: int = MAX_BYTES) -> dict[str, bytes]:
    """The plain files of a gzipped tar archive by path; it may unpack to `limit` bytes."""
    text = _inflate(data, limit)
    found: dict[str, bytes] = {}
    place, long_name = 0, ""
    while place + _BLOCK <= len(text) and any(header := text[place : place + _BLOCK]):
        kind, size = header[156:157], _size(header)
        body = text[place + _BLOCK : place + _BLOCK + size]
        if len(body) < size:
            raise ArchiveError("the archive ends in the middle of a file")
        place += _BLOCK + -(-size // _BLOCK) * _BLOCK
        if kind in (_LONG_NAME, _EXTENDED):
            long_name = _text(body.rstrip(b"\0")) if kind == _LONG_NAME else _extended(body) or long_name
            continue
        if kind in _FILE:
            found[_checked(long_name or _name(header))] = body
        elif kind not in (_FOLDER, _GLOBAL):
            raise ArchiveError(f"'{long_name or _name(header)}' in the archive is no plain file")
        if kind != _GLOBAL:
            long_name = ""
        if len(found) > MAX_FILES:
            raise ArchiveError(f"the archive holds more than {MAX_FILES} files")
    return found


def _inflate(data: bytes, limit: int) -> bytes:
    machine = zlib.decompressobj(wbits=31)  # gzip's frame
    try:
        text = machine.decompress(data, limit + 1)
    except zlib.error as error:
        raise ArchiveError("the archive is not gzipped tar") from error
    if len(text) > limit:
        raise ArchiveError(f"the chart's archives unpack to more than {MAX_BYTES >> 20} MiB")
    if not machine.eof:
        raise ArchiveError("the archive is cut off")
    return text


def _size(header: bytes) -> int:
    digits = header[124:136].strip(b" \0") or b"0"
    if not re.fullmatch(rb"[0-7]+", digits):
        raise ArchiveError("a file in the archive has no readable size")
    return int(digits, 8)


def _name(header: bytes) -> str:
    name, prefix = (_text(part.split(b"\0")[0]) for part in (header[:100], header[345:500]))
    has_prefix = header[257:263] == b"ustar\0" and prefix  # GNU's own format keeps times there
    return f"{prefix}/{name}" if has_prefix else name


def _extended(body: bytes) -> str:
    """The `path` among records of the form `LENGTH key=value`, newline."""
    found = re.search(rb"(?:^|\n)[0-9]+ path=([^\n]+)\n", body)
    return _text(found.group(1)) if found else ""


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _checked(name: str) -> str:
    plain = name.removeprefix("./")
    if not _PATH.fullmatch(plain) or plain.startswith("/") or {"..", "", "."} & set(plain.split("/")):
        raise ArchiveError(f"the archive holds the path {plain[:100]!r}, which is not a plain one")
    return plain
