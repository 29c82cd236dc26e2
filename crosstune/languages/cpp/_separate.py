"""C++'s tests and candidates in processes of their own: see docs/values.md.

How values travel is decided by their static types, in the compiler: values.hpp. The tests' stubs have the
declared types; the server calls the candidate as any caller would, with values that it owns, and takes what
the call returns for what the declaration says, if the language would.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tree_sitter import Node

from crosstune.files import text_digest
from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.native import declarations, driver, gcc, looks, macros, not_a_number
from crosstune.languages._shared.native.candidate import with_main_renamed, without_bom
from crosstune.languages._shared.native.compilation import Native, compilation
from crosstune.languages._shared.native.declarations import Function
from crosstune.languages._shared.native.nodes import descendants, text_of
from crosstune.languages.cpp import _any, _callees, _class_names, _class_servers, _objects, _records, _tests
from crosstune.languages.cpp._classes import Class, Shared
from crosstune.languages.cpp._records import Record
from crosstune.parsing import CodeParser
from crosstune.records import Program

_NAME = "crosstune_judge"
_HERE = Path(__file__).parent
_VALUES = ("wire.hpp", "values.hpp", "containers.hpp", "any.hpp")
_HEADERS = (*_VALUES, "objects.hpp")
_COMPILED = ("wire", "server", "stub")
_INCLUDED = "".join(f'#include "crosstune/{name}"\n' for name in _VALUES[1:])
_OBJECTS_INCLUDED = '#include "crosstune/objects.hpp"\n'


def with_values(native: Native) -> Native:
    """The compiler, with what values need in its precompiled headers."""
    text = "".join((_HERE / name).read_text("utf-8") for name in _VALUES).replace('#include "wire.hpp"\n', "")
    common = (_HERE / "common.hpp").read_text("utf-8")
    settings = native.settings
    return replace(native, settings=replace(settings, instances=f"{settings.instances}{text}{common}"))


@dataclass(frozen=True)
class _Declared:
    """A declaration: its text ``before`` the classes that the tests use, the text with the stubs of these,
    and what is called."""

    before: str = ""
    stubs: str = ""
    classes: tuple[Class, ...] = ()
    functions: tuple[Function, ...] = ()
    records: tuple[Record, ...] = ()
    why_not: str = ""


@functools.lru_cache(maxsize=1024)
def _declared(declaration: str, entry_points: tuple[str, ...]) -> _Declared:
    text = without_bom(declaration)
    try:
        found = _objects.classes(text, entry_points)
    except Shared as reason:
        return _Declared(why_not=str(reason))
    if found:
        used = _types_of(found.functions, found.classes)
        names = {each.qualified for each in found.classes}
        structures = tuple(each for each in _records.records(text, used) if each.name not in names)
        return _Declared(found.before, found.stubs, found.classes, found.functions, structures)
    plain = declarations.parsed(text, entry_points, "cpp")
    structures = _records.records(text, _types_of(plain.functions, ()))
    why_not = plain.why_not or (f"{plain.overloaded} is overloaded" if plain.overloaded else "")
    return _Declared(plain.given, "", (), plain.functions, structures, why_not)


def _types_of(functions: Sequence[Function], classes: Sequence[Class]) -> str:
    """The text of all types that are declared with what is called."""
    methods = [method.type for each in classes for method in each.methods]
    members = [each for owner in classes for each in owner.members if isinstance(each, str)]
    return " ".join([*(f"{each.head} {each.tail}" for each in (*functions, *methods)), *members])


def _of(program: Program) -> _Declared:
    return _declared(program.declaration, program.entry_points)


def why_shared(program: Program) -> str:
    declared = _of(program)
    if declared.why_not:
        return declared.why_not
    names = {each.name for each in declared.classes}
    for function in declared.functions:
        if function.returns_pointer and not names & set(re.findall(r"\w+", function.head)):
            return f"{function.name} returns a pointer"
    root = CodeParser("cpp").parse(program.tests)
    if root is None:
        return "the tests do not parse"
    if used := looks.process_use(root):
        return f"the tests use {used}"
    return (
        _pointers(declared, root)
        or _any.why_shared(_of_any(declared), root)
        or _tests.why_shared(declared.classes, program.tests)
        or _looked_at(declared, root)
    )


def _of_any(declared: _Declared) -> list[str]:
    """The functions and methods that take values of any type."""
    methods = (method.type for each in declared.classes for method in each.methods)
    return [
        each.name
        for each in (*declared.functions, *methods)
        if _any.takes_any([parameter.type for parameter in each.parameters])
    ]


def _looked_at(declared: _Declared, root: Node) -> str:
    names = frozenset(each.name for each in declared.classes)
    functions = {each.name: _callees.callee(each, names) for each in declared.functions}
    classes = declared.classes
    return looks.why_shared(root, functions, _callees.methods(classes), _callees.keeping(classes))


def shown(program: Program) -> Program:
    """A program without its tests, for the candidate's side: of their text it has the names of the methods
    and of the instances of class templates that they use."""
    declared, root = _of(program), None
    if declared.classes:
        root = CodeParser("cpp").parse(program.tests)
    uses = _objects.uses(root, declared.classes) if root else ()
    return replace(program, tests="", entry_points=(*program.entry_points, *uses))


def _pointers(declared: _Declared, root: Node) -> str:
    """Why pointers that the tests pass are no values: they may be arrays."""
    names = {each.name for each in declared.classes}
    with_pointers = {
        function.name: {
            number
            for number, each in enumerate(function.parameters)
            if each.is_pointer and each.type not in names
        }
        for function in declared.functions
    }
    if not any(with_pointers.values()):
        return ""
    for name, arguments in _calls(root):
        if any(not _is_address(arguments[at]) for at in with_pointers.get(name, ()) if at < len(arguments)):
            return f"the tests pass an array, or a pointer, to {name}"
    return ""


def _calls(root: Node) -> Iterator[tuple[str, list[Node]]]:
    for node in descendants(root):
        arguments = node.child_by_field_name("arguments") if node.type == "call_expression" else None
        if arguments:
            yield text_of(node.child_by_field_name("function")), arguments.named_children


def _is_address(argument: Node) -> bool:
    """Whether it is the address of one variable."""
    inner = argument.child_by_field_name("argument")
    is_address = argument.type == "pointer_expression" and inner is not None and inner.type == "identifier"
    return (is_address and text_of(argument)[0] == "&") or text_of(argument) in ("nullptr", "NULL")


def plan_tests(task: JudgeTask, native: Native, libraries: tuple[str, ...]) -> BuildPlan:
    """The tests with a stub of each entry point, which asks the candidate's process."""
    program, declared = task.program, _of(task.program)
    text = f"{without_bom(program.setup)}\n\n{declared.before}"
    build, code = compilation(task, native, text)
    stubs = "".join(_stub(number, function) for number, function in enumerate(declared.functions))
    stubs = f"{_classes_of(declared, program.tests)}{_records.values(declared.records)}{stubs}"
    stubs += not_a_number.unforeseen(program.tests, native.grammar, "crosstune::foresee_no_nan")
    tests = gcc.tests_part(program, native, _NAME)
    build = replace(build, objects=(*_prepared_objects(task, "stub"), *build.objects))
    return BuildPlan(
        files={
            f"program{native.suffix}": f"{code}\n{_INCLUDED}{stubs}\n{tests}\n",
            "judge/assert.h": gcc.assertions(_NAME),
        },
        build=gcc.build_command(gcc.judged_script(task, build, libraries, _NAME, options=_include(task))),
        run=gcc.run_command(task),
        outputs=(driver.OUTPUT,),
    )


def _classes_of(declared: _Declared, tests: str) -> str:
    """The stubs of classes."""
    if not declared.classes:
        return declared.stubs
    root = CodeParser("cpp").parse(tests)
    instances = _objects.instances_of(_objects.uses(root, declared.classes)) if root else ()
    known = _class_names.known(declared.classes, instances, tests=True)
    return f"{_included(instances)}{known}{declared.stubs}\n"


def _included(instances: Sequence[str]) -> str:
    """What classes need; sections for the standard library's types are included once more."""
    return f"{_objects.includes_of(instances)}{_INCLUDED}{_OBJECTS_INCLUDED}"


def plan_candidate(task: JudgeTask, native: Native, libraries: tuple[str, ...]) -> BuildPlan:
    """The candidate with a server, which calls it."""
    program = task.program
    setup, candidate = without_bom(program.setup), without_bom(program.candidate)
    declared = _of(program)
    server = _server(declared, program.entry_points)
    ended = macros.directives(setup, candidate, f"{server}{_headers()}", "", native.grammar)
    build, code = compilation(task, native, f"{setup}\n\n{candidate}")
    code = with_main_renamed(code, _NAME, native.grammar)
    build = replace(build, objects=(*_prepared_objects(task, "server"), *build.objects))
    if declared.classes:
        # Where objects of a class cannot be copied, the compiler may say so only when it compiles a copy.
        without = tuple((*each, "-DCROSSTUNE_NO_COPIES") for each in build.attempts)
        tried = tuple(itertools.chain.from_iterable(zip(build.attempts, without, strict=True)))
        build = replace(build, attempts=tried)
    return BuildPlan(
        files={f"program{native.suffix}": f"{code}\n\n{ended}#undef main\n{_INCLUDED}{server}"},
        build=gcc.build_command(build.steps(libraries, _include(task))),
        run=gcc.run_command(task),
        outputs=(driver.OUTPUT,),
    )


def _stub(number: int, function: Function) -> str:
    kind = f"crosstune_type_{number}"
    names = [f"crosstune_{at}" for at in range(len(function.parameters))]
    parameters = (
        f"crosstune::Function<{kind}>::Parameter<{at}>::type {name}"
        + (f" = {each.default}" if each.default else "")
        for at, (name, each) in enumerate(zip(names, function.parameters, strict=True))
    )
    arguments = "".join(f", {name}" for name in names)
    # Of a reference that only the compiler sees, it is not known what the tests do with it.
    checked = (
        ""
        if "&" in f"{function.head}{function.tail.rpartition(')')[2]}"
        else f"CROSSTUNE_NO_REFERENCE({kind})\n"
    )
    return (
        f"{function.typedef(kind)}\n{checked}"
        f"crosstune::Function<{kind}>::Result {function.name}({', '.join(parameters)}) {{\n"
        f'  return crosstune::Function<{kind}>::ask("{function.name}"{arguments});\n}}\n'
    )


@functools.lru_cache(maxsize=1024)
def _server(declared: _Declared, entry_points: tuple[str, ...]) -> str:
    functions, classes = declared.functions, declared.classes
    calls = "".join(_call(number, function) for number, function in enumerate(functions))
    entries = "".join(
        f'{{"", "{each.name}", crosstune_call_{number}}}, ' for number, each in enumerate(functions)
    )
    if classes:
        instances = _objects.instances_of(entry_points)
        text, more = _class_servers.server(classes, instances, set(entry_points))
        calls, entries = f"{_included(instances)}{text}{calls}", f"{entries}{more}"
    calls = f"{_records.values(declared.records)}{calls}"
    return (
        f"{calls}namespace crosstune {{\nextern const EntryPoint entry_points[];\n"
        f"const EntryPoint entry_points[] = {{{entries}{{nullptr, nullptr, nullptr}}}};\n}}\n"
    )


@functools.cache
def _headers() -> str:
    return "".join((_HERE / name).read_text("utf-8") for name in _HEADERS)


def _call(number: int, function: Function) -> str:
    """The function that calls an entry point."""
    kind, names = f"crosstune_type_{number}", [f"crosstune_{at}" for at in range(len(function.parameters))]
    held = "".join(
        f"  crosstune::Argument<crosstune::Function<{kind}>::Parameter<{at}>::type> {name};\n"
        for at, name in enumerate(names)
    )
    call = _class_servers.operation(function.name, [f"{name}.pass()" for name in names])
    answered = (
        f"{call}; crosstune::put_tag('N')"
        if function.head == "void"
        else f"crosstune::Function<{kind}>::answer({call})"
    )
    changed = "".join(f"  {name}.changed({at});\n" for at, name in enumerate(names))
    return (
        f"{function.typedef(kind)}\nstatic void crosstune_call_{number}() {{\n{held}"
        f"  crosstune::begin_result();\n"
        f"  try {{ {answered}; }} catch (...) {{ crosstune::raised(); }}\n"
        f"  crosstune::begin_changes();\n{changed}  crosstune::end_changes();\n}}\n"
    )


def _include(task: JudgeTask) -> tuple[str, str]:
    return ("-I", task.sandbox_path(prepared()))


def _prepared_objects(task: JudgeTask, part: str) -> tuple[str, ...]:
    return tuple(task.sandbox_path(prepared() / f"{name}.o") for name in (part, "wire"))


@functools.cache
def prepared() -> Path:
    """The prepared folder with the headers and objects of both sides."""
    sources = [path.read_text("utf-8") for path in sorted(_HERE.glob("*.[ch]pp"))]
    digest = text_digest("\0".join([driver.stamp("g++"), *sources]))[:16]
    return prepared_state.folder("cpp", f"values-{digest}", _prepare)


def _prepare(target: Path) -> None:
    (target / "crosstune").mkdir()
    for name in _HEADERS:
        (target / "crosstune" / name).write_text((_HERE / name).read_text("utf-8"), "utf-8")
    for name in _COMPILED:
        argv = (driver.path_of("g++"), "-O1", "-fPIE", "-c", _HERE / f"{name}.cpp", "-o", f"{name}.o")
        prepared_state.command(argv, target)
