"""Programs that attack a judge, in three languages, and the verdicts that each may have.

Every ``@`` in a source is replaced by a number, so that no two programs are equal, and ``PORT`` by the
server's. The expected output of all is nothing: those that only leave something behind pass, and what they
leave must go.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hostile:
    """``verdicts`` are the right ones: several where it depends on the machine which limit is first."""

    kind: str
    language: str
    source: str
    verdicts: frozenset[str]

    @property
    def limits(self) -> dict[str, float]:
        """A second of CPU time; one that sleeps instead gets a second of wall time. Others on the same cores
        make no program fail before its own limit."""
        return {"cpu_seconds": 1.0, "wall_seconds": 1.0 if self.kind == _SLEEPS else 20.0}


_SLEEPS = "ignores SIGTERM"
_TIME = frozenset({"timeout"})
_PROCESSES = frozenset({"process_limit", "timeout", "memory_limit"})
_MEMORY = frozenset({"memory_limit"})
_OUTPUT = frozenset({"output_limit"})
_FILES = frozenset({"disk_limit", "timeout", "memory_limit"})
_LEAVES = frozenset({"passed"})

_PYTHON = {
    "endless loop": ("while True: pass", _TIME),
    _SLEEPS: (
        (
            "import signal, time\nfor each in set(signal.Signals) - {9, 19}:\n"
            "    signal.signal(each, signal.SIG_IGN)\n"
            "while True: time.sleep(1)"
        ),
        _TIME,
    ),
    "fork bomb": (
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        _PROCESSES,
    ),
    "memory": ("x = []\nwhile True: x.append(bytes(b'x' * (1 << 24)))", _MEMORY),
    "flood": ("while True: print('x' * 4096)", _OUTPUT),
    "flood of errors": ("import sys\nwhile True: sys.stderr.write('x' * 4096)", _OUTPUT | _TIME),
    "orphan": (
        (
            "import os, signal, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
            "        signal.signal(signal.SIGTERM, signal.SIG_IGN)\n        time.sleep(600)"
        ),
        _LEAVES,
    ),
    "many files": (
        "for i in range(10**7):\n    with open(str(i), 'w') as f: f.write('x' * 4096)",
        _FILES,
    ),
    "files left": (
        (
            "for folder in ('.', '/tmp', '/dev/shm'):\n    for i in range(50):\n"
            "        with open(f'{folder}/left-{i}', 'w') as f: f.write('x' * 1024)"
        ),
        _LEAVES,
    ),
    "sockets": (
        (
            "import socket\nkept = []\nfor i in range(20):\n"
            "    for address, family in ((('', 0), 2), (f'\\0left-{i}', 1), (f'left-{i}.socket', 1)):\n"
            "        s = socket.socket(family)\n        s.bind(address)\n"
            "        s.listen()\n        kept.append(s)\n"
            "for address in (('127.0.0.1', PORT), ('1.1.1.1', 53)):\n"
            "    try:\n        socket.create_connection(address, 0.2)\n"
            "        print('connected to', address)\n"
            "    except OSError: pass"
        ),
        _LEAVES,
    ),
}
_CPP = {
    "endless loop": ("int main() { for (volatile int i = 0;; i++); }", _TIME),
    _SLEEPS: (
        (
            "#include <csignal>\n#include <unistd.h>\n"
            "int main() { for (int i = 1; i < 32; i++) std::signal(i, SIG_IGN); for (;;) sleep(1); }"
        ),
        _TIME,
    ),
    "fork bomb": ("#include <unistd.h>\nint main() { for (;;) fork(); }", _PROCESSES),
    "memory": (
        (
            "#include <cstdlib>\n#include <cstring>\n"
            "int main() { for (;;) if (auto p = std::malloc(1 << 24)) std::memset(p, 1, 1 << 24); }"
        ),
        _MEMORY,
    ),
    "flood": ('#include <cstdio>\nint main() { for (;;) std::puts("xxxxxxxxxxxxxxxxxxxxxxxx"); }', _OUTPUT),
}
_JAVA = {
    "endless loop": ("for (int i = 0;; i++) if (i % 7 == 8) break;", _TIME),
    _SLEEPS: (
        "Runtime.getRuntime().addShutdownHook(new Thread(() -> { for (;;); })); for (;;) Thread.sleep(1000);",
        _TIME,
    ),
    "fork bomb": (
        'for (;;) try { new ProcessBuilder("/bin/sleep", "600").start(); } catch (java.io.IOException e) { }',
        _PROCESSES,
    ),
    "memory": (
        "var kept = new java.util.ArrayList<byte[]>(); for (;;) kept.add(new byte[1 << 26]);",
        # The machine throws, which ends the program, or collects garbage until its time is used up.
        _MEMORY | _TIME | {"runtime_error"},
    ),
    "flood": ('for (;;) System.out.println("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");', _OUTPUT),
}
_JAVA_PROGRAM = "public class Main {{ public static void main(String[] a) throws Exception {{\n{}\n}} }}"


def hostile() -> list[Hostile]:
    """One of each kind in each language."""
    java = {kind: (_JAVA_PROGRAM.format(body), right) for kind, (body, right) in _JAVA.items()}
    marks = (("python", _PYTHON, "# @"), ("cpp", _CPP, "// @"), ("java", java, "// @"))
    return [
        Hostile(kind, language, f"{source}\n{mark}\n", right)
        for language, kinds, mark in marks
        for kind, (source, right) in kinds.items()
    ]
