"""System calls that Python's standard library does not offer, for Linux on x86-64 and arm64."""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import signal
import socket
import struct

NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x00020000,
    0x02000000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_CAPBSET_DROP = 4, 22, 24
_PR_SET_NO_NEW_PRIVS, _PR_SET_CHILD_SUBREAPER, _PR_CAP_AMBIENT = 38, 36, 47
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_CLONE_NUMBER = {"x86_64": 56, "aarch64": 220}
_IOPRIO_GET_NUMBER = {"x86_64": 252, "aarch64": 31}

# PyDLL does not release the interpreter's lock, so a child made by `clone` holds it.
_libc = ctypes.PyDLL(None, use_errno=True)
# Looked up now, since a preloaded program's hooks may forbid it later.
_fork, _syscall = _libc.fork, _libc.syscall


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    _checked(_libc.unshare(flags), "unshare")


def clone(flags: int) -> int:
    """``os.fork`` into new namespaces. Only for a process with one thread."""
    number = ctypes.c_long(_CLONE_NUMBER[platform.machine()])
    zero = ctypes.c_long(0)
    child = _checked(
        int(_syscall(number, ctypes.c_long(flags | signal.SIGCHLD), zero, zero, zero, zero)), "clone"
    )
    if child == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    return child


def fork() -> int:
    """``os.fork`` without its hooks and without what Python does for processes with threads, which take
    longer than the fork itself. Only for a process with one thread."""
    return _checked(int(_fork()), "fork")


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    done = _libc.mount(
        source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode() or None
    )
    _checked(done, f"mount on {target}")


def become_user(uid: int, gid: int) -> None:
    """Become the only user of a new user namespace; ``uid`` and ``gid`` are those outside."""
    write("/proc/self/setgroups", b"deny")
    write("/proc/self/uid_map", b"1000 %d 1" % uid)
    write("/proc/self/gid_map", b"1000 %d 1" % gid)


def write(file: str, content: bytes) -> None:
    """Write to a file of the kernel, which accepts only a single write."""
    number = os.open(file, os.O_WRONLY)
    try:
        os.write(number, content)
    finally:
        os.close(number)


def _prctl(option: int, *arguments: int) -> int:
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return int(_libc.prctl(ctypes.c_int(option), *padded))


def hide_memory(hidden: bool = True) -> None:
    """Keep unprivileged processes from tracing this one or reading its memory; children inherit this."""
    _checked(_prctl(_PR_SET_DUMPABLE, 0 if hidden else 1), "prctl")


def loopback_up() -> None:
    """Switch on the only interface of a new network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def adopt_orphans() -> None:
    _checked(_prctl(_PR_SET_CHILD_SUBREAPER, 1), "prctl")


def confine(forbidden: bytes) -> None:
    """Drop every capability for good, never gain a privilege by running a file, and forbid system calls (a
    seccomp filter), for this process and all its descendants."""
    for capability in range(41):
        _prctl(_PR_CAPBSET_DROP, capability)
    _prctl(_PR_CAP_AMBIENT, 4)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(_libc.capset(header, nothing), "capset")
    _checked(_prctl(_PR_SET_NO_NEW_PRIVS, 1), "prctl")
    if forbidden:
        _filter_calls(forbidden)


def io_priority(pid: int = 0) -> int:
    """The I/O priority of a process; 0: of this one."""
    return int(_syscall(ctypes.c_long(_IOPRIO_GET_NUMBER[platform.machine()]), 1, pid))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _filter_calls(instructions: bytes) -> None:
    """Install a seccomp filter: an array of BPF instructions, 8 bytes each."""
    program = _Program(len(instructions) // 8, instructions)
    done = _libc.prctl(
        ctypes.c_int(_PR_SET_SECCOMP),
        ctypes.c_ulong(2),
        ctypes.byref(program),
        ctypes.c_ulong(0),
        ctypes.c_ulong(0),
    )
    _checked(done, "seccomp")
