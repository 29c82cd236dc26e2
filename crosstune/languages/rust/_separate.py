"""Run tests and candidate of a Rust program in processes of their own.

The tests' program has the declaration with a stub in the place of each function that is asked for (`_stubs`);
it is built once for all candidates. The candidate's program has the candidate and a main function that calls
it (`_answers`). Both use a prebuilt crate (``values.rs``). The candidate's result is sent as what it is, and
must be a value of the declared type. Objects of types that are asked for stay in the candidate's process
(`_objects`): the tests have a type of the same name, which owns the number of one.
"""

from __future__ import annotations

import functools
import re
import secrets
from dataclasses import replace

from crosstune.languages._language import BuildPlan, JudgeTask, SeparateProcesses
from crosstune.languages.rust import _answers, _assembly, _calls, _declaration, _sharing, _stubs
from crosstune.languages.rust import _compilation as compilation
from crosstune.records import Program

_FILE, _JUDGE, _VALUES = "tests.rs", "crosstune_judge", "crosstune_values"
# What the tests do to the candidate's process or look at in its memory.
_BEYOND_VALUES = re.compile(
    r"\b(?:set_var|remove_var|set_current_dir|set_hook|take_hook|as_ptr|as_mut_ptr|ptr_eq|ptr::eq|strong_count)\b"
)
# What needs more of an object than its methods: several threads call them, or its type is looked at.
_BEYOND_OBJECTS = re.compile(
    r"\b(?:thread::(?:spawn|scope|Builder)|size_of\w*|type_name\w*|TypeId|downcast\w*)\b"
)


def _why_shared(program: Program) -> str:
    declared = _declaration.read(program.declaration, program.entry_points)
    if declared.why_shared:
        return declared.why_shared
    if found := _BEYOND_VALUES.search(program.tests):
        return f"the tests use {found[0]}"
    if declared.objects and (found := _BEYOND_OBJECTS.search(program.tests)):
        return f"the tests use {found[0]} with objects of {declared.objects[0].name}"
    return _sharing.why_shared(program.tests, program.declaration, declared)


@functools.lru_cache(maxsize=64)
def _tests_program(program: Program) -> tuple[Program, str]:
    """The tests with stubs in the candidate's place, and the source of the program."""
    declared = _declaration.read(program.declaration, program.entry_points)
    stubs = _stubs.tests_code(program.declaration, declared, _VALUES)
    program = replace(program, candidate=stubs)
    return program, _assembly.crate(program, _JUDGE, guarded=False)


def _tests(task: JudgeTask) -> BuildPlan:
    program, source = _tests_program(task.program)
    command = compilation.command(replace(task, program=program), _FILE, judge=_JUDGE, values=_VALUES)
    return BuildPlan(
        files={_FILE: source},
        build=compilation.build(task, command),
        run=compilation.run(task, payload=task.nonce),
        outputs=(compilation.OUTPUT,),
    )


def _candidate(task: JudgeTask) -> BuildPlan:
    program = task.program
    declared = _declaration.read(program.declaration, program.entry_points)
    declared = replace(declared, functions=_declaration.own_types(program.candidate, declared.functions))
    values = f"crosstune_{secrets.token_hex(8)}"
    main = _answers.server_code(declared, values)
    file = "candidate.rs"
    source = _assembly.candidate_alone(program, values, main)
    # The source names fewer crates than the candidate.
    command = compilation.command(
        replace(task, program=replace(program, candidate=source)), file, values=values
    )
    return BuildPlan(
        files={file: source},
        build=compilation.build(task, command),
        run=compilation.run(task),
    )


SEPARATE = SeparateProcesses(
    version=6, why_shared=_why_shared, tests=_tests, candidate=_candidate, calls=_calls.plan
)
