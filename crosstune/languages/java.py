"""Java, compiled by javac and run on a new virtual machine.

A class of ours calls the tests' ``Main.main`` and reports the secret when that has returned. It has read the
secret, from a pipe that is then empty, before any class of the candidate's is loaded.

Defended: leaving before the tests have ended (``System.exit`` and ``Runtime.halt``, in static initialisers
too); printed success; a ``Main`` of the candidate's own.

Not defended: a class of the candidate's that hides one of ``java.util`` which the tests use; an
``equals`` that is always true; reflection into the judging class.
"""

import dataclasses
import functools
import re
import secrets
import shutil
import subprocess
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.languages import _native
from crosstune.languages._language import MIB, Assembly, Job, Judging, Language, Place, Step, Tool
from crosstune.records import Limits

_LIMITS = Limits(
    cpu_seconds=15,
    wall_seconds=90,
    memory_bytes=1024 * MIB,
    processes=128,  # the virtual machine itself has some two dozen threads
    file_bytes=16 * MIB,
    output_bytes=1 * MIB,
    disk_bytes=64 * MIB,
)
# What the virtual machine sets aside for classes, code and stacks.
_RESERVE_BYTES = 2048 * MIB

_JUDGE = """\
public final class NAME {
    public static void main(String[] words) throws Throwable {
        String secret;
        try (java.io.FileInputStream brief = new java.io.FileInputStream("/dev/fd/3")) {
            byte[] held = new byte[64];
            secret = new String(held, 0, brief.read(held));
        }
        String report;
        int status = 1;
        try {
            Main.main(words);
            report = "passed " + secret;
            status = 0;
        } catch (AssertionError fault) {
            fault.printStackTrace();
            report = "failed wrong_answer";
        } catch (OutOfMemoryError fault) {
            report = "failed memory_limit";
        } catch (Throwable fault) {
            fault.printStackTrace();
            report = "failed runtime_error";
        }
        System.out.flush();
        System.err.flush();
        try (java.io.FileOutputStream out = new java.io.FileOutputStream("/dev/fd/4")) {
            out.write(report.getBytes());
        }
        Runtime.getRuntime().halt(status);
    }
}
"""
# HumanEval-X's prompts open with a class of this name, which the tests declare again.
_EMPTY_MAIN = re.compile(r"public class Main \{\s*\}")
_FLAGS = ("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def _assemble(job: Job) -> Assembly:
    name = f"Crosstune{secrets.token_hex(8)}"
    program = job.program
    candidate = _EMPTY_MAIN.sub("", program.candidate)
    heap = f"-Xmx{job.limits.memory_bytes // MIB // 2}m"
    build = (
        _command("javac", job.place),
        "-J-Xshare:auto",
        "-J-XX:TieredStopAtLevel=1",
        "-J-XX:+UseSerialGC",
        "-nowarn",
    )
    return Assembly(
        files={
            "Main.java": "\n\n".join(part for part in (program.setup, candidate, program.tests) if part),
            f"{name}.java": _JUDGE.replace("NAME", name),
        },
        steps=(
            Step(
                name="build",
                limits=dataclasses.replace(_native.BUILD_LIMITS, processes=_LIMITS.processes),
                argv=(*build, "-d", ".", "Main.java", f"{name}.java"),
                environment=_native.ENVIRONMENT,
                reserve_bytes=_RESERVE_BYTES,
            ),
            Step(
                name="run",
                limits=job.limits,
                argv=(_command("java", job.place), *_FLAGS, heap, "-cp", ".", name),
                brief=job.secret,
                environment=_native.ENVIRONMENT,
                reserve_bytes=_RESERVE_BYTES,
            ),
        ),
    )


@functools.cache
def _home() -> Path:
    """The folder of the development kit.

    Raises:
        MissingTool: none is installed.
    """
    found = shutil.which("javac")
    if not found:
        raise MissingTool("javac", "compiling Java", _INSTALL)
    return Path(found).resolve().parent.parent


def _command(name: str, place: Place) -> str:
    program = _home() / "bin" / name
    return str(program) if program.is_relative_to("/usr") else place(program)


def _mounts() -> tuple[Path, ...]:
    """The kit, and the configuration to which Debian's kits hold links."""
    own = () if _home().is_relative_to("/usr") else (_home(),)
    return (*own, *sorted(Path("/etc").glob("java-*-openjdk")))


def _toolchain() -> str:
    done = subprocess.run([_home() / "bin" / "java", "-version"], capture_output=True, text=True, check=True)
    return done.stderr.strip()


_INSTALL = "sudo apt-get install default-jdk-headless"

LANGUAGE = Language(
    name="java",
    title="Java",
    extensions=(".java",),
    fences=("java",),
    comment="//",
    block="braces",
    stops=(
        "\nclass ",
        "\npublic ",
        "\nfinal class ",
        "\nabstract class ",
        "\ninterface ",
        "\nenum ",
        "\nimport ",
        "\npackage ",
        "\n//",
        "\n/*",
        "\n```",
    ),
    tools=(Tool(name="javac", install=_INSTALL), Tool(name="java", install=_INSTALL)),
    judging=Judging(
        version=1,
        trial=(
            "class Solution { int add(int a, int b) { return a + b; } }\n",
            "public class Main { public static void main(String[] words) {\n"
            "  if (new Solution().add(1, 2) != 3) throw new AssertionError();\n} }\n",
        ),
        limits=_LIMITS,
        assemble=_assemble,
        toolchain=_toolchain,
        mounts=_mounts,
        memory_signs=("java.lang.OutOfMemoryError",),
    ),
)
