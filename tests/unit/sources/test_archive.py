"""Packed charts: made here by Python's tarfile, which is no part of the reader."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.sources.archive import MAX_BYTES, MAX_FILES, ArchiveError, unpack

NAMES = st.text("abc/._-", min_size=1, max_size=200).filter(lambda name: not ({"", ".", ".."} & set(name.split("/"))))


def packed(files: dict[str, bytes], form: int = tarfile.PAX_FORMAT, kind: bytes = tarfile.REGTYPE) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.type = (len(data) if kind == tarfile.REGTYPE else 0), kind
            tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), mtime=0)


@given(st.dictionaries(NAMES, st.binary(max_size=1500), max_size=5), st.sampled_from([0, 1, 2]))
def test_what_is_packed_is_unpacked(files: dict[str, bytes], form: int) -> None:
    if form == tarfile.USTAR_FORMAT and any(len(name) > 100 for name in files):
        return
    assert unpack(packed(files, form)) == files


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_long_names_and_folders(form: int) -> None:
    files = {f"{'a' * 90}/{'b' * 90}/c": b"1", "short": b"2"}
    assert unpack(packed(files, form)) == files
    assert unpack(packed({"folder": b""}, form, tarfile.DIRTYPE)) == {}


def header(size: bytes) -> bytes:
    return gzip.compress(b"a".ljust(124, b"\0") + size.ljust(12, b"\0") + b" " * 20 + b"0" + b"\0" * 2000)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "cut off"),
        (b"PK\3\4", "not gzipped"),
        (gzip.compress(b"x" * 2000)[:-9], "cut off"),
        (gzip.compress(bytes(MAX_BYTES + 1)), "unpack to more than 16 MiB"),
        (packed({"a": b"x"}, kind=tarfile.SYMTYPE), "'a' in the archive is no plain file"),
        (packed({"a": b"x"}, kind=tarfile.LNKTYPE), "no plain file"),
        (packed({"a": b"x"}, kind=tarfile.CHRTYPE), "no plain file"),
        (packed({"a": b"x"}, kind=tarfile.FIFOTYPE), "no plain file"),
        (packed({"../a": b"x"}), "not a plain one"),
        (packed({"/a": b"x"}), "not a plain one"),
        (packed({"a/../../b": b"x"}), "not a plain one"),
        (packed({"a\nb": b"x"}), "not a plain one"),
        (packed({"a\\b": b"x"}), "not a plain one"),
        (packed({str(number): b"" for number in range(MAX_FILES + 1)}), "more than 4000 files"),
        (header(b"-1"), "no readable size"),
        (header(b"\x80\xff\xff\xff"), "no readable size"),
        (header(b"777777777777"), "ends in the middle"),
    ],
)
def test_refused(data: bytes, said: str) -> None:
    with pytest.raises(ArchiveError, match=said):
        unpack(data)


@given(st.binary(max_size=3000))
def test_anything_is_unpacked_or_refused(data: bytes) -> None:
    for one in (data, gzip.compress(data)):
        with contextlib.suppress(ArchiveError):
            unpack(one)
