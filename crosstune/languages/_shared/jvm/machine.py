"""How programs of a language for the Java machine are built and run."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.files import text_digest
from crosstune.languages._language import MIB, BuildPlan, CompileResult, CompileServer, JudgeTask, SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT
from crosstune.languages._tools import Tool
from crosstune.languages.java import _prepared as java
from crosstune.languages.java._machine import LIMITS, command, machine, stack_bytes, visible, with_machine
from crosstune.records import Command

Files = Mapping[str, str]
_FLAGS = (
    "-Xshare:auto",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Xss16m",
    "-Xmx640m",
)
_BUILD, _SERVER, _VALUES = (
    Path(__file__).with_name(f"{name}.java") for name in ("build", "server", "values")
)
_CLASSES = Path(java.__file__).with_name("classes.java")


@dataclass(frozen=True, kw_only=True)
class MachineLanguage:
    """``compiler`` is the source that calls the compiler, ``jars`` are the files of which it consists,
    ``library`` those of them that programs need. ``tests`` returns the files of a program with tests,
    ``whole`` those of a whole program, and its main class, ``served`` those of a candidate that is called and
    the class that calls it. ``values`` is the source of what only the language has of the values."""

    name: str
    tool: Tool
    compiler: Path
    jars: tuple[Path, ...]
    library: tuple[Path, ...]
    tests: Callable[[JudgeTask], Files]
    whole: Callable[[JudgeTask], tuple[Files, str]]
    served: Callable[[JudgeTask], tuple[Files, str]]
    values: Path

    def toolchain(self) -> str:
        """
        Raises:
            MissingTool: the compiler is not installed.
        """
        if not shutil.which(self.tool.name):
            raise MissingTool(self.tool.name, self.tool.purpose, self.tool.install)
        jars = _digest(*self.jars[:1])
        return f"{self.name} {jars}; {java.toolchain()}; classes {_digest(*self._sources())}"

    def _sources(self) -> tuple[Path, ...]:
        return (_BUILD, _CLASSES, _SERVER, _VALUES, self.values, self.compiler)

    def folder(self) -> Path:
        return _folder(self)

    def make(self, target: Path) -> None:
        javac = java.home() / "bin" / "javac"
        path = ":".join(map(str, self.jars))
        words = ("-proc:none", "-nowarn", "-encoding", "UTF-8", "-cp", path, "-d", target)
        prepared_state.command((javac, *words, *self._sources()), target)

    def mounts(self) -> tuple[Path, ...]:
        home = java.home()
        own = () if home.is_relative_to("/usr") else (home,)
        return (*own, *sorted(Path("/etc").glob("java-*-openjdk")), java.folder(), self.folder())

    def _compiler(self, sandbox_path: SandboxPath, word: str) -> tuple[str, ...]:
        path = ":".join((*map(str, self.jars), sandbox_path(self.folder())))
        library = f"-Dcrosstune.library={':'.join(map(str, self.library))}"
        return (command("java", sandbox_path), *_FLAGS, library, "-cp", path, "CrosstuneBuild", word)

    def _plan(self, task: JudgeTask, files: Files, words: tuple[str, ...], judged: bool) -> BuildPlan:
        limits = dataclasses.replace(
            BUILD_LIMITS, processes=LIMITS.processes, disk_bytes=task.limits.disk_bytes
        )
        judge = task.sandbox_path(java.folder() / "judge")
        own = task.sandbox_path(self.folder()) if task.part == "candidate" else judge
        path = ":".join((own, *(visible(each, task.sandbox_path) for each in self.library), "."))
        flags = () if judged else (f"-Xss{stack_bytes(task.limits) // 1024}k",)
        return BuildPlan(
            files=files,
            build=Command(
                limits=limits, argv=self._compiler(task.sandbox_path, "once"), environment=ENVIRONMENT
            ),
            run=Command(
                limits=with_machine(task.limits),
                argv=(*machine(task), *flags, "-cp", path, *words),
                payload=task.nonce if judged else "",
                environment=ENVIRONMENT,
            ),
        )

    def plan(self, task: JudgeTask) -> BuildPlan:
        words = (java.JUDGE, str(stack_bytes(task.limits)))
        return self._plan(task, self.tests(task), words, judged=True)

    def plan_server(self, task: JudgeTask) -> BuildPlan:
        """Serve the functions of a candidate (see `calls_only`)."""
        files, calls = self.served(task)
        words = ("CrosstuneServer", str(stack_bytes(task.limits)), calls)
        return self._plan(task, files, words, judged=True)

    def plan_whole_program(self, task: JudgeTask) -> BuildPlan:
        files, main = self.whole(task)
        words = ("CrosstuneChecker", main) if task.checker else (main,)
        return self._plan(task, files, words, judged=False)

    def _files(self, task: JudgeTask, whole: bool) -> Files:
        if task.part == "candidate":
            return self.served(task)[0]
        return self.whole(task)[0] if whole else self.tests(task)

    def compile_server(self, *, whole: bool = False) -> CompileServer:
        return CompileServer(
            argv=lambda sandbox_path: self._compiler(sandbox_path, "serve"),
            request=lambda task: _request(self._files(task, whole)),
            reply=_reply,
            cpu_seconds=20,
            wall_seconds=120,
            memory_bytes=900 * MIB,
            requests=2000,
            environment=ENVIRONMENT,
        )


@functools.cache
def _folder(language: MachineLanguage) -> Path:
    return prepared_state.folder(language.name, text_digest(language.toolchain())[:16], language.make)


@functools.cache
def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _request(files: Files) -> bytes | None:
    try:
        return java.joined(part.encode() for each in sorted(files.items()) for part in each)
    except UnicodeEncodeError:
        return None


def _reply(data: bytes) -> CompileResult | None:
    return java.reply(data)
