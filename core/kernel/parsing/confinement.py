"""A process locks itself in: from then on it can read what it holds open, compute and answer, and nothing else. Linux alone."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct

MEMORY, CPU_SECONDS = 1 << 30, 30
_NOBODY = 65534
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # BPF: load a word, jump if equal, return
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # SECCOMP_RET_*: refuse with EPERM

_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # AUDIT_ARCH, and the place of its numbers below

# What computing, memory, reading an open file and answering need (asm/unistd.h). Not among them: opening files, sockets, processes,
# signals to others.
_CALLS: dict[str, tuple[int, int]] = {
    "read": (0, 63),
    "readv": (19, 65),
    "pread64": (17, 67),
    "lseek": (8, 62),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "fcntl": (72, 25),
    "write": (1, 64),
    "writev": (20, 66),
    "close": (3, 57),
    "mmap": (9, 222),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "madvise": (28, 233),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "sched_yield": (24, 124),
    "futex": (202, 98),
    "membarrier": (324, 283),
    "rseq": (334, 293),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "tgkill": (234, 131),  # how abort() ends the process itself; others are out of reach of an unprivileged user
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "getrandom": (318, 278),
    "exit": (60, 93),
    "exit_group": (231, 94),
}


def confine() -> None:
    """Gives up rights, sets limits and has the kernel refuse every other system call; can't be undone.

    Raises OSError where the kernel or the machine doesn't offer it: whoever can't be confined must not read a stranger's file.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    _ask(libc, _NO_NEW_PRIVS, 1)
    _filter(libc)


def _filter(libc: ctypes.CDLL) -> None:
    if platform.machine() not in _MACHINES:
        raise OSError(f"no list of system calls for {platform.machine()}")
    arch, place = _MACHINES[platform.machine()]
    calls = [numbers[place] for numbers in _CALLS.values()]
    program = [_step(_LOAD, k=4), _step(_EQUAL, yes=1, k=arch), _step(_RETURN, k=_KILL), _step(_LOAD, k=0)]
    for left, call in zip(range(len(calls), 0, -1), calls, strict=True):
        program.append(_step(_EQUAL, yes=left, k=call))
    program += [_step(_RETURN, k=_REFUSE), _step(_RETURN, k=_ALLOW)]
    code = ctypes.create_string_buffer(b"".join(program))
    _ask(libc, _SET_SECCOMP, _FILTER, ctypes.byref(_Program(len(program), ctypes.addressof(code))))


class _Program(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def _step(code: int, *, yes: int = 0, k: int) -> bytes:
    return struct.pack("HBBI", code, yes, 0, k)


def _ask(libc: ctypes.CDLL, *arguments: object) -> None:
    padded = [*arguments, *[0] * (5 - len(arguments))]
    if libc.prctl(*padded) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
