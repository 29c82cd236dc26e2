"""Run tests and candidate of a Go program in processes of their own.

The tests' program has what the benchmark gives and a stub in the place of each function that is asked for; it
is built once for all candidates. The candidate's program has the candidate, what the benchmark gives and the
candidate does not define, and a main function that calls it: it needs no packages for tests, so that it is
cheaper to compile and link. Objects of types that are asked for stay in it (`_objects`): the tests have a
type of the same name, which holds the number of one, and may do with it what `_uses` allows.
"""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace

from crosstune.languages._language import BuildPlan, JudgeTask, SeparateProcesses
from crosstune.languages.go import (
    _aliasing,
    _assembly,
    _calls,
    _compilation,
    _declaration,
    _functions,
    _imports,
    _packages,
    _stubs,
    _uses,
)
from crosstune.languages.go._assembly import Assembly
from crosstune.languages.go._declaration import Definition
from crosstune.records import Program

# What tests do to the process of the candidate, which is not theirs then, or see only there.
_BEYOND_VALUES = re.compile(
    r"(?<![\w.])(?:os\s*\.\s*(?:Std(?:in|out|err)|Args|Chdir|Setenv|Unsetenv|Pipe)|rand\s*\.\s*Seed"
    r"|errors\s*\.\s*(?:Is|As|Unwrap)\b|unsafe\s*\.|log\s*\.\s*SetOutput|runtime\s*\.\s*(?!Error\b))"
    r"|\.\s*(?:Same|NotSame|ErrorIs|NotErrorIs|ErrorAs|Setenv|AllocsPerRun)f?\b"
)
_ERRORS = re.compile(r"[!=]=\s*(?:\w+\s*\.\s*)?(?:[eE]rr[A-Z]\w*|EOF)\b")


def _why_shared(program: Program) -> str:
    declared = _declaration.read(program.declaration, program.entry_points)
    if declared.why_shared:
        return declared.why_shared
    tests = _imports.split(program.tests).code
    blank = _imports.blanked(tests)
    if found := _BEYOND_VALUES.search(blank) or _ERRORS.search(blank):
        return f"the tests use {''.join(found[0].split()).lstrip('.!=')}"
    if _functions.examples(_functions.functions(tests)):
        return "the tests have examples, which compare what is printed"
    variables = {name for each in declared.given if each.kind == "variable" for name in each.names}
    if shared := sorted(variables & _imports.words(tests)):
        return f"the tests use the variable {shared[0]}, which the candidate may change"
    if declared.objects:
        results = {each.name: tuple(kind.text for kind in each.results) for each in declared.functions}
        if reason := _uses.why_shared(tests, declared.objects, results):
            return reason
    return _aliasing.why_shared(tests, declared)


def _given(given: Iterable[Definition], *codes: str) -> str:
    """What the benchmark gives and none of ``codes`` defines."""
    defined: set[tuple[str, str]] = set()
    for code in codes:
        found = _declaration.definitions(code) if code.strip() else set()
        if found is None:
            return ""
        defined |= found
    return "\n\n".join(each.code for each in given if not _is_defined(each, defined))


def _is_defined(given: Definition, defined: Iterable[tuple[str, str]]) -> bool:
    names = {name for kind, name in defined if kind != "method"}
    return not names.isdisjoint(given.names)


@functools.lru_cache(maxsize=64)
def _tests_assembly(program: Program, stack_bytes: int) -> Assembly:
    declared = _declaration.read(program.declaration, program.entry_points)
    given = _given(declared.given, program.setup, program.tests)
    imports = "\n".join(map(str, declared.imports))
    assembly = _assembly.assemble(replace(program, candidate=f"{imports}\n{given}"), stack_bytes)
    package = "program" if assembly.apart else "main"
    files = {"stubs.go": _stubs.tests_code(package, declared, program.tests), **assembly.files}
    return replace(assembly, files=files)


def _tests(task: JudgeTask) -> BuildPlan:
    assembly = _tests_assembly(task.program, task.limits.stack_bytes)
    files = _packages.archives(assembly.small, assembly.more)
    own = "program" if assembly.apart else ""
    return BuildPlan(
        files={**assembly.files, "importcfg": _compilation.table(files, task.sandbox_path, own)},
        build=_compilation.build(assembly.packages, task.sandbox_path),
        run=_compilation.run(task.limits, task.nonce),
        outputs=(_compilation.OUTPUT,),
    )


def _candidate(task: JudgeTask) -> BuildPlan:
    sources, small = _candidate_sources(task.program, task.limits.stack_bytes)
    importcfg = _compilation.table(_packages.archives(small), task.sandbox_path)
    return BuildPlan(
        files={**sources, "importcfg": importcfg},
        build=_compilation.build({"main": tuple(sources)}, task.sandbox_path),
        run=_compilation.run(task.limits),
    )


def _candidate_sources(program: Program, stack_bytes: int) -> tuple[dict[str, str], bool]:
    """The source files, and whether crosstune's small package testing is enough for them."""
    declared = _declaration.read(program.declaration, program.entry_points)
    secret = f"crosstune_{secrets.token_hex(8)}"
    setup, candidate = (_assembly.split_part(text) for text in (program.setup, program.candidate))
    code = f"{setup.code.strip()}\n\n{candidate.code}" if setup.code.strip() else candidate.code
    part = _imports.Part(_assembly.without_main(code, secret), (*_imports.used(setup), *candidate.imports))
    known = (*setup.imports, *declared.imports)
    files = {
        "candidate.go": _file(part, known),
        "server.go": _stubs.server_code(declared, program.candidate, secret, stack_bytes),
    }
    all_given = (*declared.given, *_lacking(declared.of_objects, program.candidate))
    if all_given and (given := _given(all_given, program.setup, program.candidate)):
        files["given.go"] = _file(_imports.Part(given, ()), known)
    return files, _assembly.is_small((setup, candidate))


def _lacking(of_objects: Iterable[Definition], candidate: str) -> Iterator[Definition]:
    """What a benchmark gives of its objects, without methods that the candidate may have by embedding."""
    types = _declaration.types(candidate)
    for each in of_objects:
        owner, _, method = each.names[0].partition(".")
        kind = types.get(owner) if each.kind == "method" and method else None
        if kind is None or kind.type != "struct_type" or not _declaration.embeds(kind):
            yield each


def _file(part: _imports.Part, known: Iterable[_imports.Import]) -> str:
    header = _imports.header(part, (*part.imports, *known), _packages.standard())
    return _assembly.source_file("main", part, header, _assembly.CLOSED)


SEPARATE = SeparateProcesses(
    version=7, why_shared=_why_shared, tests=_tests, candidate=_candidate, calls=_calls.plan
)
