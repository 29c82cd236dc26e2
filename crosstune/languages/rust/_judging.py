"""How Rust programs are judged.

Candidate and tests are one crate. crosstune's ``main`` calls its test functions, instead of Rust's test
harness. It is linked with the same object file of the judge as C programs (`gcc`), which reads the nonce
before any code of the candidate runs, and reports it when ``main`` has returned.

Warnings are suppressed, but lints that the compiler denies remain errors, as with cargo. rustc uses a fast
linker and the shared standard library; crates are prebuilt (`_crates`).

Defended: exiting before the tests have ended (``std::process::exit``, ``abort``); printed success; panics
that the candidate catches or silences; functions that run before ``main``; macros that hide ``assert_eq!``
and its like; a ``PartialEq`` that the candidate defines and that is always true, in ``assert_eq!`` and in an
``assert!`` of one ``==``.

Not defended: such a ``PartialEq`` in an ``assert!`` with ``&&`` or ``||``; ``PartialOrd`` and operators of
its own that return numbers; unsafe code that reads or rewrites the machine code of the tests, or reads the
program's memory with knowledge of how the nonce is masked.
"""

from __future__ import annotations

import re
import secrets
import shlex
from collections.abc import Iterable
from pathlib import Path

from crosstune.errors import DataError, MissingTool
from crosstune.languages._language import MIB, BuildPlan, JudgeTask, Judging, SandboxPath
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, RUN_LIMITS
from crosstune.languages.rust import _crates, _toolchain
from crosstune.records import Command, Program, Requirement

_JUDGE = """
extern "C" {
    #[link_name = "NAME"]
    fn NAME(assertion: i32) -> !;
}

fn main() {
    let tests: &[fn()] = &[TESTS];
    for test in tests {
        if let ::std::result::Result::Err(panic) = ::std::panic::catch_unwind(*test) {
            let text = match panic.downcast_ref::<::std::string::String>() {
                ::std::option::Option::Some(text) => text.as_str(),
                ::std::option::Option::None => panic.downcast_ref::<&str>().unwrap_or(&""),
            };
            unsafe { NAME(text.starts_with("assertion") as i32) }
        }
    }
}
"""
# The published harness puts an empty main into the crate, because cargo asks for one.
_EMPTY_MAIN = re.compile(r"^\s*fn\s+main\s*\(\s*\)\s*\{\s*\}[ \t]*$", re.MULTILINE)
_MARK = re.compile(r"^\s*#\[test\]", re.MULTILINE)
# Other attributes and comments may come between the mark and the function.
_TEST = re.compile(r"#\[test\]((?:\s*(?:#\[[^\]]*\]|//[^\n]*\n))*)\s*(?:pub\s+)?fn\s+(\w+)")
_MODULE = re.compile(r"\bmod\s+(\w+)\s*\{")
# Inner attributes must come first in a crate.
ATTRIBUTES = re.compile(r"(?:\s*(?://[^\n]*\n|#!\[[^\]]*\]))*")
_ASSERTIONS = "use ::std::{assert, assert_eq, assert_ne};"
# If a candidate may compare by rules of its own, the tests' assertions are those of this file.
_COMPARING = re.compile(r"\bPartialEq\b")
_FAIR = Path(__file__).with_name("fair.rs")


def _build_plan(task: JudgeTask) -> BuildPlan:
    name = f"crosstune_{secrets.token_hex(8)}"
    program = task.program
    code = "\n\n".join(filter(None, (program.setup, _EMPTY_MAIN.sub("", program.candidate))))
    fair, assertions = _assertions(code, name)
    tests, names = _callable(program.tests, assertions)
    # If a test were skipped, a wrong candidate could pass.
    if not names or len(names) != len(_MARK.findall(program.tests)):
        raise DataError(f"{program.id}: expected tests as #[test] functions, found {len(names)} to call")
    judge = _JUDGE.replace("NAME", name).replace("TESTS", ", ".join(names))
    attributes = ATTRIBUTES.match(code)
    first = attributes[0] if attributes else ""
    deep = '#![recursion_limit = "1024"]' if fair else ""  # assertions are parsed token by token
    # Macros apply from their definition to the end: those of the candidate must not reach the tests.
    parts = (first, deep, tests, judge, fair, code.removeprefix(first))
    command = (
        task.sandbox_path(_toolchain.rustc()),
        *("--sysroot", task.sandbox_path(_toolchain.sysroot())),
        *("--edition", "2021", "--cfg", "test", "-A", "warnings"),
        *("-C", "debuginfo=0", "-C", "codegen-units=1"),
        *_toolchain.link_flags(task.sandbox_path, name),
        *crate_flags(program, task.sandbox_path),
        *("-o", "program", "program.rs"),
    )
    # The tests' expected values must not be in the working folder while the program runs.
    script = f"{shlex.join(command)} && : > program.rs"
    return BuildPlan(
        files={"program.rs": "\n\n".join(parts)},
        build=Command(
            limits=BUILD_LIMITS,
            argv=("/bin/sh", "-c", script),
            environment={**ENVIRONMENT, **_toolchain.link_environment(task.sandbox_path)},
            reserve_bytes=1024 * MIB,
        ),
        run=Command(
            limits=task.limits,
            argv=("/proc/self/cwd/program",),
            payload=task.nonce,
            environment=ENVIRONMENT,
            reserve_bytes=64 * MIB,
        ),
    )


def _assertions(code: str, name: str) -> tuple[str, str]:
    """A module that finds out which side decides a comparison, and the first lines of the tests' modules."""
    if not _COMPARING.search(code):
        return "", _ASSERTIONS
    module, macros = _FAIR.read_text("utf-8").replace("NAME", name).split("// In the tests:\n")
    return module, macros


def _callable(tests: str, assertions: str) -> tuple[str, list[str]]:
    """The tests with their functions made public and ``assertions`` before them, and the functions' paths."""
    names = []
    for match in _TEST.finditer(tests):
        modules = _MODULE.findall(tests, 0, match.start())
        names.append("::".join([*modules[-1:], match[2]]))
    public = _TEST.sub(r"\1 pub fn \2", tests)
    # A module uses what the crate's root exports, macros included; these assertions take precedence.
    if not _MODULE.search(public):
        return f"{assertions}\n{public}", names
    return _MODULE.sub(lambda match: f"{match[0]} {assertions} ", public), names


def crate_flags(program: Program, sandbox_path: SandboxPath) -> list[str]:
    """The prebuilt crates that the program names.

    Raises:
        MissingTool: the tests name a crate that is not built.
        DataError: the candidate names one.
    """
    built = _crates.built()
    missing = [name for name in _crates.CRATES if name not in built]
    how = _crates.HOW_TO_BUILD
    for name in _used(missing, f"{program.setup}\n{program.tests}"):
        raise MissingTool(f"the crate {name}", "tests in Rust that name it", how)
    for name in _used(missing, program.candidate):
        raise DataError(f"{program.id}: names the crate {name}, which is not built here. Get it: {how}")
    text = f"{program.setup}\n{program.candidate}\n{program.tests}"
    named = {name: file for name, file in built.items() if re.search(rf"\b{name}\b", text)}
    flags = ["-L", f"dependency={sandbox_path(_crates.folder())}"] if named else []
    for name, file in named.items():
        flags += ["--extern", f"{name}={sandbox_path(file)}"]
    return flags


def _used(names: Iterable[str], code: str) -> Iterable[str]:
    for name in names:
        used = rf"\buse\s+(?:::\s*)?{name}\b|\bextern\s+crate\s+{name}\b|(?<![\w:]){name}\s*::"
        if re.search(used, code) and not re.search(rf"\bmod\s+{name}\b", code):
            yield name


def _libraries() -> tuple[Requirement, ...]:
    return (_crates.requirement(),)


def _toolchain_version() -> str:
    return "; ".join((_toolchain.version(), _crates.folder().name, *sorted(_crates.built())))


def _mounts() -> tuple[Path, ...]:
    folders = (_toolchain.sysroot(), _toolchain.prepared(), _crates.folder())
    return tuple(path for path in folders if path.is_dir() and path != Path("/usr"))


JUDGING = Judging(
    version=4,
    smoke_test=(
        "fn add(a: i64, b: i64) -> i64 { a + b }\n",
        "#[test]\nfn adds() { assert_eq!(add(1, 2), 3); }\n",
    ),
    limits=RUN_LIMITS,
    plan=_build_plan,
    toolchain=_toolchain_version,
    mounts=_mounts,
    out_of_memory_messages=("memory allocation of",),
    libraries=_libraries,
)
