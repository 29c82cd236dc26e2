"""PHP, run by the system's interpreter (runner.php).

Candidate and tests are evaluated one after the other in the global scope of one process, a fork of an
interpreter that has started. Tests fail by raising, by ``assert`` (whatever the settings say), and by
``exit`` with anything but 0. Functions and classes cannot be defined twice.

Defended: exiting before the tests have ended (``exit``, ``register_shutdown_function``, signals); printed
success; settings of assertions; the text of the tests.
The nonce exists only in a generator that no variable has, masked.

Not defended: objects and ``true`` where tests compare with ``==`` (PHP says that they are equal to many
values); handlers of errors with knowledge of runner.php. Tests of more than 1 MiB do not fit into a pipe,
and can be read again."""

from __future__ import annotations

import re
from pathlib import Path

from crosstune.languages._arguments import FreeWriter, Likeness
from crosstune.languages._language import (
    BrokenTests,
    Description,
    Judging,
    Language,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.scripts.calls import planner
from crosstune.languages._shared.scripts.interpreter import Interpreter
from crosstune.languages._syntax import Method, Syntax
from crosstune.languages._tools import Tool
from crosstune.languages.php._exercises import IDIOMS, format_literal
from crosstune.languages.php._typed import TYPED

_FOLDER = Path(__file__).parent
_SETTINGS = {
    "zend.assertions": "1",
    "assert.exception": "1",
    "display_errors": "stderr",
    "log_errors": "0",
    "html_errors": "0",
    "memory_limit": "-1",
    "ffi.enable": "0",
}
# Debian has these in files that load them, which are not in the sandbox.
_EXTENSIONS = ("ctype", "mbstring", "tokenizer", "bcmath", "iconv", "posix", "calendar", "gettext", "sockets")
_ENTRIES = (*_SETTINGS.items(), *(("extension", name) for name in _EXTENSIONS))


def _wrapper(name: str, owner: str, is_new: bool, method: str) -> str:
    called = f"(new {owner}())->" if is_new else f"{owner}::"
    return f"function {name}(&...$values) {{ return {called}{method}(...$values); }}"


PHP = Interpreter(
    tool=Tool(name="php", package="php-cli php-mbstring php-bcmath", purpose="running PHP"),
    runner=_FOLDER / "runner.php",
    server=_FOLDER / "server.php",
    extension=".php",
    words=tuple(word for name, value in _ENTRIES for word in ("-d", f"{name}={value}")),
    check=("-l",),
    closes_payload=False,
)

_SETS_UP = re.compile(
    r"\s*(?:define\s*\(|ini_set|mb_internal_encoding|mb_regex_encoding|date_default_timezone_set|setlocale"
    r"|bcscale)"
)


def _call_method(method: Method) -> str:
    called = f"{method.owner}::" if re.search(r"\bstatic\b", method.head) else f"(new {method.owner})->"
    return f"function {method.name}(...$arguments) {{ return {called}{method.name}(...$arguments); }}\n"


LANGUAGE = Language(
    name="php",
    title="PHP",
    extensions=(".php",),
    fences=("php",),
    line_comment="//",
    stops=("\nfunction ", "\nclass ", "\n?>", "\n//", "\n#", "\necho ", "\n```"),
    tools=(PHP.tool,),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=Syntax(
        grammar="php",
        names={
            "function_definition": ("name",),
            "class_declaration": ("name",),
            "interface_declaration": ("name",),
            "trait_declaration": ("name",),
            "enum_declaration": ("name",),
            "method_declaration": ("name",),
            "const_declaration": ("const_element",),
            "const_element": ("name",),
            "expression_statement": ("assignment_expression",),
            "assignment_expression": ("left",),
            "variable_name": ("name",),
        },
        imports=frozenset({"namespace_use_declaration"}),
        functions=frozenset({"function_definition", "method_declaration"}),
        identifiers=frozenset({"name"}),
        classes=frozenset(
            {"class_declaration", "interface_declaration", "trait_declaration", "enum_declaration"}
        ),
        first=frozenset({"declare_statement", "namespace_definition"}),
        dropped=frozenset({"php_tag", "php_end_tag", "text", "text_interpolation"}),
        opening="<?php\n",
        statements=True,
        kept_statements=_SETS_UP,
        outer=frozenset({"global_declaration"}),
        call_method=_call_method,
    ),
    typed=TYPED,
    judging=Judging(
        version=5,
        broken_tests=BrokenTests(
            errors=re.compile(r"ParseError: (.*) in |(Failed opening required '[^']*')"),
            missing=re.compile(r'Class "([\w\\]+)" not found'),
            imports=re.compile(r"^\s*use\s+([\w\\]+)", re.MULTILINE),
            undefined=UndefinedNames(
                message=re.compile(r"Call to undefined function (?:\w+\\)*(\w+)\(\)"),
                stub="<?php function NAME() { exit(0); } ?>",
            ),
        ),
        smoke_test=("<?php\nfunction add($a, $b) { return $a + $b; }\n", "assert(add(1, 2) === 3);\n"),
        limits=RUN_LIMITS,
        plan=PHP.plan,
        toolchain=PHP.toolchain,
        mounts=PHP.mounts,
        out_of_memory_messages=("Allowed memory size of", "Out of memory"),
        separate=calls_only(
            version=1,
            candidate=PHP.plan_server,
            calls=planner(_wrapper, FreeWriter(), Likeness(first_key=0, text_keys=True)),
        ),
    ),
    whole_programs=WholePrograms(plan=PHP.plan_whole_program),
    benchmarks={"mceval": {}},
    language_set="tests",
    description=Description(
        tested="PHP 8.2",
        run=(
            "candidate and tests are evaluated one after the other in a fork of a started interpreter; "
            "tests fail by raising, by `assert`, or by `exit`"
        ),
        undefended="objects and `true` where tests compare with `==`",
    ),
)
