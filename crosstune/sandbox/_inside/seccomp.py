"""The system calls that a sandboxed program may not make, as a seccomp filter.

The namespaces already confine the program; the filter forbids calls that have been used to attack kernels,
new namespaces among them. A forbidden call fails with EPERM, so a program that only tries one can continue.
``clone3`` fails with ENOSYS, because its flags are in memory, which a filter cannot read; C libraries then
use ``clone``, whose flags are checked.
"""

from __future__ import annotations

import errno
import platform
import struct

# name: (number on x86-64, number on arm64), from the kernel's own tables; -1: no such call there.
_FORBIDDEN = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "syslog": (103, 116),
    "quotactl": (179, 60),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "vhangup": (153, 58),
    "iopl": (172, -1),
    "ioperm": (173, -1),
}
_SOCKET = (41, 198)
# Local, internet (the namespace has only loopback) and netlink. Other families ignore namespaces, such as
# the one that connects a virtual machine to its host.
_FAMILIES = (1, 2, 10, 16)
_CLONE, _CLONE3 = (56, 220), (435, 435)
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NEW_NAMESPACES = 0x7E020000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def seccomp_filter() -> bytes:
    """The filter for this machine; empty for a processor whose call numbers are not listed here."""
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return b""
    column = 0 if machine == "x86_64" else 1
    steps = [
        _step(_LOAD, _ARCHITECTURE_AT),
        _step(_EQUAL, _ARCHITECTURES[machine], 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
        # The x32 numbers of x86-64 would escape every comparison below.
        _step(_AT_LEAST, 0x40000000, 0, 1),
        _step(_RETURN, _FAIL | errno.EPERM),
        _step(_EQUAL, _CLONE3[column], 0, 1),
        _step(_RETURN, _FAIL | errno.ENOSYS),
    ]
    for numbers in _FORBIDDEN.values():
        if numbers[column] >= 0:
            steps += [_step(_EQUAL, numbers[column], 0, 1), _step(_RETURN, _FAIL | errno.EPERM)]
    families = len(_FAMILIES)
    steps += [
        _step(_EQUAL, _SOCKET[column], 0, families + 3),
        _step(_LOAD, _FIRST_ARGUMENT_AT),
        *(_step(_EQUAL, family, families - index) for index, family in enumerate(_FAMILIES)),
        _step(_RETURN, _FAIL | errno.EAFNOSUPPORT),
        _step(_RETURN, _ALLOW),
        _step(_EQUAL, _CLONE[column], 0, 3),
        _step(_LOAD, _FIRST_ARGUMENT_AT),
        _step(_ANY_BIT, _NEW_NAMESPACES, 0, 1),
        _step(_RETURN, _FAIL | errno.EPERM),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)
