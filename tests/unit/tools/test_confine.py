"""The filter of either machine, judged by a small reader of its instructions; the kernel judges this machine's."""

from __future__ import annotations

import os
import struct

import pytest

from generator.tools.confine import filter_program

ADDRESS = 0x7F12_3456_789A
ALLOW, REFUSE, MISSING = 0x7FFF0000, 0x00050000 | 13, 0x00050000 | 38
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# read, socket, connect, bind, socketpair, ptrace, mount, unshare, execveat, kill, memfd_create
READ = {"x86_64": 0, "aarch64": 63}
REFUSED = {
    "x86_64": (41, 42, 49, 53, 101, 165, 272, 322, 62, 319),
    "aarch64": (198, 203, 200, 199, 117, 40, 97, 281, 129, 279),
}
CLONE, EXECVE, TGKILL = {"x86_64": 56, "aarch64": 220}, {"x86_64": 59, "aarch64": 221}, {"x86_64": 234, "aarch64": 131}
EVERYWHERE = (424, 425, 426, 427, 434, 438)


def judged(program: bytes, architecture: int, number: int, argument: int = 0) -> int:
    data = struct.pack("<IIQQ", number, architecture, 0, argument)
    value = place = 0
    while True:
        code, yes, no, k = struct.unpack_from("<HBBI", program, place * 8)
        place += 1
        if code == 0x06:
            return int(k)
        if code == 0x20:
            (value,) = struct.unpack_from("<I", data, k)
        else:
            met = {0x15: value == k, 0x35: value >= k, 0x45: bool(value & k)}[code]
            place += yes if met else no


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter(machine: str) -> None:
    program, architecture = filter_program(machine, ADDRESS), ARCHITECTURE[machine]

    def call(number: int, argument: int = 0) -> int:
        return judged(program, architecture, number, argument)

    assert call(READ[machine]) == ALLOW
    assert {call(number) for number in (*REFUSED[machine], *EVERYWHERE)} == {REFUSE}
    assert call(EXECVE[machine], ADDRESS) == ALLOW
    assert {call(EXECVE[machine], ADDRESS + by) for by in (1, -1, 1 << 32, -(1 << 32))} == {REFUSE}
    assert (call(CLONE[machine], 0x50F00), call(CLONE[machine], 17), call(435)) == (ALLOW, REFUSE, MISSING)
    assert (call(TGKILL[machine], os.getpid()), call(TGKILL[machine], 1)) == (ALLOW, REFUSE)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_another_machine_s_calls_are_refused(machine: str) -> None:
    program = filter_program(machine, ADDRESS)
    assert judged(program, 0x40000003, 3) == REFUSE  # 32 bits on x86
    assert judged(program, ARCHITECTURE[machine], 0x40000000 | 41) == REFUSE  # x32
