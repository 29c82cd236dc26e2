"""How Rust programs are judged.

Candidate and tests are one crate. Its test functions are called by a ``main`` of ours instead of Rust's test
harness: that reads the secret before anything of the candidate's runs, and reports it when all have
returned.

Defended: leaving before the tests have ended (``std::process::exit``, ``abort``); printed success;
panics that the candidate catches or silences.

Not defended: macros of the candidate's that hide ``assert_eq!`` and its like; a ``PartialEq`` of its own
that is always true; unsafe code that reads the program's memory.
"""

from __future__ import annotations

import functools
import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

from crosstune.errors import DataError, MissingTool
from crosstune.languages import _native
from crosstune.languages._language import MIB, Assembly, Job, Judging, Place, Step
from crosstune.records import Need

INSTALL = "sudo apt-get install rustc"

_JUDGE = """
mod NAME {
    use ::std::io::{Read, Write};
    use ::std::os::fd::FromRawFd;

    pub fn judge(tests: &[fn()]) {
        let mut secret = ::std::string::String::new();
        unsafe { ::std::fs::File::from_raw_fd(3) }.read_to_string(&mut secret).unwrap();
        let mut told = ::std::string::String::from("passed ") + &secret;
        for test in tests {
            if let Err(fault) = ::std::panic::catch_unwind(*test) {
                let text = match fault.downcast_ref::<::std::string::String>() {
                    Some(text) => text.clone(),
                    None => fault.downcast_ref::<&str>().unwrap_or(&"").to_string(),
                };
                let label = if text.starts_with("assertion") { "wrong_answer" } else { "runtime_error" };
                told = ::std::string::String::from("failed ") + label;
                break;
            }
        }
        unsafe { ::std::fs::File::from_raw_fd(4) }.write_all(told.as_bytes()).unwrap();
        ::std::process::exit(if told.starts_with("passed") { 0 } else { 1 });
    }
}

fn main() {
    NAME::judge(&[TESTS]);
}
"""
# The published harness puts an empty main into the crate, because cargo asks for one.
_EMPTY_MAIN = re.compile(r"^\s*fn\s+main\s*\(\s*\)\s*\{\s*\}[ \t]*$", re.MULTILINE)
_MARK = re.compile(r"^\s*#\[test\]", re.MULTILINE)
# Other attributes and comments may stand between the mark and the function.
_TEST = re.compile(r"#\[test\]((?:\s*(?:#\[[^\]]*\]|//[^\n]*\n))*)\s*(?:pub\s+)?fn\s+(\w+)")
_MODULE = re.compile(r"\bmod\s+(\w+)\s*\{")


def _assemble(job: Job) -> Assembly:
    name = f"crosstune_{secrets.token_hex(8)}"
    program = job.program
    tests, names = _callable(program.tests)
    # With a test left out, a wrong candidate would pass.
    if not names or len(names) != len(_MARK.findall(program.tests)):
        raise DataError(f"{program.id}: expected tests as #[test] functions, found {len(names)} to call")
    judge = _JUDGE.replace("NAME", name).replace("TESTS", ", ".join(names))
    candidate = _EMPTY_MAIN.sub("", program.candidate)
    command = (
        f"{job.place(_sysroot())}/bin/rustc",
        *("--sysroot", job.place(_sysroot())),
        *("--edition", "2021", "--cfg", "test", "--cap-lints", "allow", "-C", "debuginfo=0"),
        *_crate_flags(job.place),
        *("-o", "program", "program.rs"),
    )
    return Assembly(
        files={"program.rs": "\n\n".join(part for part in (program.setup, candidate, tests, judge) if part)},
        steps=(
            Step(
                name="build",
                limits=_native.BUILD_LIMITS,
                argv=command,
                environment=_native.ENVIRONMENT,
                reserve_bytes=1024 * MIB,
            ),
            Step(
                name="run",
                limits=job.limits,
                argv=("/proc/self/cwd/program",),
                brief=job.secret,
                environment=_native.ENVIRONMENT,
                reserve_bytes=64 * MIB,
            ),
        ),
    )


def _callable(tests: str) -> tuple[str, list[str]]:
    """The tests with their functions made public, and the functions' paths."""
    names = []
    for found in _TEST.finditer(tests):
        modules = _MODULE.findall(tests, 0, found.start())
        names.append("::".join([*modules[-1:], found[2]]))
    return _TEST.sub(r"\1 pub fn \2", tests), names


def crates() -> Path:
    """The folder of prebuilt crates that programs may use: ``CROSSTUNE_RUST_CRATES`` or crosstune's own."""
    named = os.environ.get("CROSSTUNE_RUST_CRATES")
    return Path(named or Path(sys.prefix, "share", "crosstune", "rust")).resolve()


def _crate_flags(place: Place) -> list[str]:
    """Every ``librand-….rlib`` in the folder is a crate that programs can name."""
    if not crates().is_dir():
        return []
    flags = ["-L", f"dependency={place(crates())}"]
    for name in ("rand", "regex", "md5"):
        for file in sorted(crates().glob(f"lib{name}-*.rlib"))[:1]:
            flags += ["--extern", f"{name}={place(file)}"]
    return flags


def _libraries() -> tuple[Need, ...]:
    met = all(any(crates().glob(f"lib{name}-*.rlib")) for name in ("rand", "regex", "md5"))
    how = f"build rand 0.4, regex 1 and md5 with cargo and copy its target's deps folder to {crates()}"
    return (Need("Rust: the crates rand, regex and md5, which every problem names", met, how),)


@functools.cache
def _sysroot() -> Path:
    """
    Raises:
        MissingTool: Rust is not installed.
    """
    found = shutil.which("rustc")
    if not found:
        raise MissingTool("rustc", "compiling Rust", INSTALL)
    # rustc may be rustup's stand-in, which needs the user's home; the compiler itself does not.
    done = subprocess.run([found, "--print", "sysroot"], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip()).resolve()


def _mounts() -> tuple[Path, ...]:
    return tuple(path for path in (_sysroot(), crates()) if path.is_dir() and path != Path("/usr"))


def _toolchain() -> str:
    compiler = _sysroot() / "bin" / "rustc"
    done = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True)
    return f"{done.stdout.strip()}; {sorted(file.name for file in crates().glob('*.rlib'))}"


JUDGING = Judging(
    version=2,
    trial=("fn add(a: i64, b: i64) -> i64 { a + b }\n", "#[test]\nfn adds() { assert_eq!(add(1, 2), 3); }\n"),
    limits=_native.LIMITS,
    assemble=_assemble,
    toolchain=_toolchain,
    mounts=_mounts,
    memory_signs=("memory allocation of",),
    libraries=_libraries,
)
