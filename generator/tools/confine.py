"""Give up what rendering does not need, then become the program. `sandbox` runs this file as a script of its own.

    confine.py PROCESSOR_SECONDS MEMORY_BYTES FILE_BYTES READABLE[:READABLE...] WRITABLE PROGRAM WORD...

A process of its own, for what it gives up is gone for good, and because Python code between fork and exec may
hang where there are threads. Nothing of it needs a privilege, so it works in a restricted container.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys

LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None, use_errno=True)
_NO_NEW_PRIVS, _SECCOMP, _DEATH_SIGNAL, _FILTER = 38, 22, 1, 2
_KILL = 9
_EACCES, _ENOSYS = 13, 38
_CLONE_THREAD = 0x10000

# Numbers of system calls, for x86_64 and aarch64; those above 424 are the same everywhere.
_REFUSED = {
    "x86_64": (
        *range(41, 51), 53, 288, 299, 307,  # socket and all that uses one
        57, 58, 322, 62, 200, 129, 297,  # fork, vfork, execveat, kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo
        101, 310, 311, 298, 321, 323, 319,  # ptrace, process_vm_*, perf_event_open, bpf, userfaultfd, memfd_create
        155, 161, 165, 166, 272, 308, 304, 135,  # pivot_root, chroot, mounts, unshare, setns, by handle, personality
        248, 249, 250, 29, 30, 31, 67, 175, 313, 246, 320,  # keys, shared memory, modules, kexec
    ),
    "aarch64": (
        *range(198, 213), 242, 243, 269,
        281, 129, 130, 138, 240,
        117, 270, 271, 241, 280, 282, 279,
        41, 51, 40, 39, 97, 268, 265, 92,
        217, 218, 219, 194, 195, 196, 197, 105, 273, 104, 294,
    ),
}  # fmt: skip
_EVERYWHERE = (*range(424, 435), 438, 440, 442)  # pidfd_*, io_uring_*, new ways to mount
_CLONE = {"x86_64": 56, "aarch64": 220}
_EXECVE = {"x86_64": 59, "aarch64": 221}
_TGKILL = {"x86_64": 234, "aarch64": 131}
_CLONE3 = 435
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000  # the bit that numbers of x86_64's other table have

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000

# Landlock: execute, read a file, list a folder; and all that writes.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE, _READ_FILE, _READ_DIR = 1, 4, 8
_ALL, _TRUNCATE = (1 << 13) - 1, 1 << 14
_O_PATH = 0x200000
# for a program that is not static
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store")


def limit(processor: int, memory: int, size: int) -> None:
    """Processor seconds, bytes of memory and of a file. DATA and not AS, for Go reserves addresses by the gigabyte."""
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
    if LINUX:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def filter_program(machine: str, name: int) -> bytes:
    """The seccomp filter: no sockets, no other process, no exec but of the file whose name stands at address `name`."""

    def one(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("HBBI", code, yes, no, value)

    refuse, number = one(_RETURN, _ERRNO | _EACCES), one(_LOAD, 0)

    def only(call: int, value: int) -> bytes:  # with this first argument, both halves of it
        high, low = value >> 32, value & 0xFFFFFFFF
        looks = one(_LOAD, 16) + one(_EQUAL, low, 0, 2) + one(_LOAD, 20) + one(_EQUAL, high, 1, 0)
        return one(_EQUAL, call, 0, 5) + looks + refuse + number

    program = one(_LOAD, 4) + one(_EQUAL, _AUDIT[machine], 1, 0) + refuse + number
    program += one(_AT_LEAST, _X32, 0, 1) + refuse
    for call in (*_REFUSED[machine], *_EVERYWHERE):
        program += one(_EQUAL, call, 0, 1) + refuse
    program += only(_EXECVE[machine], name) + only(_TGKILL[machine], os.getpid())
    # threads, but no processes; clone3 hides its flags in memory, and who misses it takes clone
    program += (
        one(_EQUAL, _CLONE[machine], 0, 3) + one(_LOAD, 16) + one(_ANY_BIT, _CLONE_THREAD, 1, 0) + refuse + number
    )
    program += one(_EQUAL, _CLONE3, 0, 1) + one(_RETURN, _ERRNO | _ENOSYS)
    return program + one(_RETURN, _ALLOW)


def refuse_calls(name: int) -> None:
    """Install the filter. It is inherited by exec and cannot be taken off again."""
    program = filter_program(platform.machine(), name)
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code)))
    _prctl(_SECCOMP, _FILTER, ctypes.addressof(header))


def shut_files(readable: list[str], writable: str, program: str) -> None:
    """Landlock, where the kernel has it: the files of this rendering and nothing else of the container."""
    version = _LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return
    every = _ALL | (_TRUNCATE if version >= 3 else 0)
    rules = _LIBC.syscall(_CREATE_RULESET, struct.pack("Q", every), ctypes.c_size_t(8), 0)
    grants = dict.fromkeys(_LIBRARIES, _EXECUTE | _READ_FILE | _READ_DIR)
    grants |= dict.fromkeys(readable, _READ_FILE | _READ_DIR) | {writable: every & ~_EXECUTE}
    grants |= {program: _EXECUTE | _READ_FILE, "/etc/ld.so.cache": _READ_FILE}
    for path, rights in grants.items():
        if os.path.exists(path):  # noqa: PTH110 - pathlib would be most of this script's time
            _grant(rules, path, rights)
    if _LIBC.syscall(_RESTRICT_SELF, rules, 0):
        raise OSError(ctypes.get_errno(), "landlock")


def _grant(rules: int, path: str, rights: int) -> None:
    found = os.open(path, _O_PATH | os.O_CLOEXEC)
    if _LIBC.syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", rights, found), 0):
        raise OSError(ctypes.get_errno(), path)


def _prctl(option: int, first: int, second: int = 0) -> None:
    words = [ctypes.c_ulong(word) for word in (first, second, 0, 0)]
    if _LIBC.prctl(option, *words):
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def main() -> None:
    processor, memory, size, readable, writable, *words = sys.argv[1:]
    encoded = [word.encode() for word in words]
    name = ctypes.create_string_buffer(encoded[0])
    arguments = (ctypes.c_char_p * (len(words) + 1))(*encoded, None)
    settings = [f"{key}={value}".encode() for key, value in os.environ.items()]
    environment = (ctypes.c_char_p * (len(settings) + 1))(*settings, None)
    limit(int(processor), int(memory), int(size))
    if LINUX:
        _prctl(_DEATH_SIGNAL, _KILL)
        _prctl(_NO_NEW_PRIVS, 1)
        shut_files(readable.split(":"), writable, words[0])
        refuse_calls(ctypes.addressof(name))
    _LIBC.execve(name, arguments, environment)
    raise OSError(ctypes.get_errno(), "execve")


if __name__ == "__main__":
    try:
        main()
    except (OSError, KeyError) as error:
        sys.stderr.write(f"cannot be confined on this machine: {error}\n")
        sys.exit(126)
