"""The command lines that start a fork server or a service inside bubblewrap."""

from __future__ import annotations

import errno
import functools
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from crosstune.errors import SandboxUnavailable
from crosstune.sandbox._disabled_features import FILTER, disabled_features
from crosstune.sandbox._inside import seccomp

WORK = "/box"
"""The working folder inside the sandbox: empty at first, limited in size."""

TMPFS_FOLDERS = (WORK, "/tmp", "/dev/shm")  # noqa: S108 - inside the sandbox
"""All folders that a program can write to. They share one file system, or have one each where bubblewrap
makes them."""

_INSIDE = Path(__file__).parent / "_inside"
_HOME = "/crosstune"
_PRELOAD = f"{_HOME}/preload.py"

# The rest of /etc is left out, because it identifies this machine and its users.
_SYSTEM_FILES = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
)
_SYSTEM_FOLDERS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")

# A preloaded program is called from here, so only this frame is below its own. The functions to call are kept
# on this frame's stack, which Python code cannot read.
_START = """
import sys
sys.path.insert(0, sys.argv[1])
from _inside import fork_server
del sys.path[0]
program = fork_server.main(sys.argv[2])
del fork_server, sys
try:
    list(map(program.pop(), program.pop()))
except BaseException as error:
    program.pop()(error)
program.pop()(None)
"""


def interpreter() -> Path:
    """The Python that runs crosstune, outside of any virtual environment."""
    return Path(sys.executable).resolve()


def fork_server_command(home: str, settings: str) -> list[str]:
    flags = ["-s", "-P", "-S", "-B", "-X", "utf8"]  # as -I, which would ignore PYTHONHASHSEED
    return [str(interpreter()), *flags, "-c", _START, home, settings]


def outside_home() -> str:
    return str(_INSIDE.parent)


def inside_home() -> str:
    return _HOME


def sandbox_path(path: Path) -> str:
    """The path of a mounted file or folder inside the sandbox. It usually differs from the path outside,
    which may be in a folder that the sandbox replaces, such as /tmp."""
    kept = any(path.is_relative_to(folder) for folder in ("/etc", "/opt", "/usr"))
    return str(path) if kept else f"{_HOME}/outside{path}"


def preload_path(preload: Path | None) -> str:
    return _PRELOAD if preload else ""


@functools.cache
def bubblewrap() -> str:
    """
    Raises:
        SandboxUnavailable: it is not installed.
    """
    path = shutil.which("bwrap")
    if not path:
        raise SandboxUnavailable(
            "bubblewrap (bwrap) was not found; programs written by models run only inside it. "
            "Get it: sudo apt-get install bubblewrap"
        )
    return path


def bwrap_args(mounts: Sequence[Path], preload: Path | None, disk_bytes: int | None) -> list[str]:
    """The part of the command line that configures bubblewrap.

    ``disk_bytes`` is the size of the working folder; None for a fork server that makes a fresh one for every
    request by itself.
    """
    command = [bubblewrap(), *_NAMESPACES, "--ro-bind", "/usr", "/usr"]
    for folder in map(Path, _SYSTEM_FOLDERS):
        if folder.is_symlink():
            command += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.exists():
            command += ["--ro-bind", str(folder), str(folder)]
    for file in _SYSTEM_FILES:
        command += ["--ro-bind-try", file, file]
    for path in _interpreter_mounts():
        command += ["--ro-bind", str(path), str(path)]
    for path in mounts:
        command += ["--ro-bind", str(path), sandbox_path(path)]
    command += ["--ro-bind", str(_INSIDE), f"{_HOME}/_inside"]
    if preload:
        command += ["--ro-bind", str(preload), _PRELOAD]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for writable in TMPFS_FOLDERS:
        size = [] if disk_bytes is None else ["--size", str(disk_bytes), "--tmpfs", writable]
        command += size or ["--dir", writable]
    if disk_bytes is not None:
        # If root runs this, the user inside owns the machine's settings in /proc/sys, and bubblewrap leaves
        # them writable. A fork server that makes namespaces must write to /proc itself; it makes /proc
        # read-only in each namespace.
        command += ["--remount-ro", "/proc"]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--"]


_NAMESPACES = (
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-net",
    "--unshare-cgroup-try",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    "--hostname",
    "sandbox",
    "--uid",
    "1000",
    "--gid",
    "1000",
    "--cap-drop",
    "ALL",
)


@functools.cache
def _interpreter_mounts() -> tuple[Path, ...]:
    """The folders outside /usr that the fork server's Python needs."""
    wanted = {
        Path(sys.base_prefix).resolve(),
        interpreter().parent,
        Path(sysconfig.get_path("stdlib")).resolve(),
        Path(sys.base_exec_prefix).resolve(),
        Path(sysconfig.get_config_var("LIBDIR") or "/usr/lib").resolve(),
    }
    system = [Path(folder) for folder in ("/usr", "/bin", "/lib", "/lib64")]
    outer = [path for path in wanted if path.exists() and not _below(path, system)]
    return tuple(path for path in sorted(outer) if not _below(path, [p for p in outer if p != path]))


def _below(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def explain_failure(message: str) -> SandboxUnavailable:
    """The error for a bubblewrap that did not start, from the ``message`` that it printed."""
    if os.strerror(errno.EMFILE) in message:
        return SandboxUnavailable("too many open files; allow more (ulimit -n), and run it again")
    advice = "the message above is bubblewrap's own"
    if any(
        sign in message
        for sign in ("No permissions", "Operation not permitted", "uid map", "namespace", "user ns")
    ):
        advice = (
            "this system does not let ordinary programs create namespaces. Allow it: "
            "sudo sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000 (Debian), "
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu 24.04 and later), or in a "
            "container start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
        )
    return SandboxUnavailable(
        f"bubblewrap is installed but does not work here: {message.strip() or 'it printed nothing'}; {advice}"
    )


def seccomp_filter() -> bytes:
    """The filter of system calls; empty if it is disabled, or there is none for this processor."""
    return b"" if FILTER in disabled_features() else seccomp.seccomp_filter()


def bubblewrap_version() -> str:
    done = subprocess.run([bubblewrap(), "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip().rpartition(" ")[2]
