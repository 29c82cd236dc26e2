"""TypeScript: the compile server decides like the build command, and no program affects the next."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Program, Status
from tests.languages.compile_server import equal_except_cost, judge_with_and_without_server

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("typescript")),
    reason="TypeScript cannot be run here",
)
CASES = {
    "passes": ("const add = (a: number, b: number): number => a + b;", Status.PASSED),
    "wrong": ("const add = (a: number, b: number): number => a - b;", Status.WRONG_ANSWER),
    "types": ("const add = (a: number, b: number): number => 'x';", Status.COMPILE_ERROR),
    "untyped": ("function add(a, b) { return a + b; }", Status.PASSED),
    "syntax": ("const add = (a: number => a;", Status.COMPILE_ERROR),
    "several": (
        "const add = (a: string, b: boolean): number => missing;\nlet x: nothing;",
        Status.COMPILE_ERROR,
    ),
    "generic": ("function add<T extends number>(a: T, b: T): number { return a + b; }", Status.PASSED),
    "enum": ("enum E { A = 1 }\nconst add = (a: number, b: number) => a + b + E.A - 1;", Status.PASSED),
    "module": ("export const add = (a: number, b: number) => a + b;", Status.PASSED),
    "requires": ("const fs = require('fs');\nconst add = (a, b) => fs.constants ? a + b : 0;", Status.PASSED),
    "imports": ("import * as fs from 'fs';\nconst add = (a, b) => a + b;", Status.PASSED),
    "from_a_file": ("import { add } from './other';", Status.COMPILE_ERROR),
    "host": ("/// <reference path='/etc/passwd' />\nconst add = (a, b) => a + b;", Status.COMPILE_ERROR),
    "above": ("import x = require('../usr/x');\nconst add = (a, b) => a + b;", Status.COMPILE_ERROR),
    "library": ("/// <reference lib='esnext.iterator' />\nconst add = (a, b) => a + b;", Status.PASSED),
    "types_of": ("/// <reference types='node' />\nconst add = (a, b) => a + b;", Status.PASSED),
    "browser_name": ("const name = 'x';\nconst add = (a, b) => a + b;", Status.PASSED),
    "wider_browser": ("interface Window { add: string }\nconst add = (a, b) => a + b;", Status.PASSED),
    "unchecked": ("// @ts-nocheck\nconst add: string = (a, b) => a + b;", Status.COMPILE_ERROR),
    "unicode": ("const größe = 'ü€𝄞';\nconst add = (a, b) => größe.length === 4 ? a + b : 0;", Status.PASSED),
    "broken_text": ("const x = '\ud800';\nconst add = (a, b) => a + b;", Status.PASSED),
    "looks_for_its_source": (
        "const add = (a, b) => require('fs').existsSync('request.json') ? 0 : a + b;",
        Status.PASSED,
    ),
}
TESTS = "console.assert(add(1, 2) === 3);\n"


def program(name: str, candidate: str) -> Program:
    return Program(name, "typescript", f"{candidate}\n", TESTS)


@pytest.mark.slow
def test_compile_server_decides_like_the_build_command(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [program(name, candidate) for name, (candidate, _) in CASES.items()]
    served, plain, started = judge_with_and_without_server(asked, monkeypatch)
    pairs = zip(served, plain, strict=True)
    assert [pair for pair in pairs if not equal_except_cost(*pair)] == []
    assert {verdict.id: verdict.status for verdict in served} == {
        name: status for name, (_, status) in CASES.items()
    }
    assert 1 <= started["typescript"] <= 4


def test_next_program_sees_no_declaration_of_the_previous_one(judge: Judge) -> None:
    add = "const add = (a: number, b: number) => a + b;"
    declares = f"interface Array<T> {{ third(): T }}\ninterface Mine {{ a: number }}\n{add}"
    uses = f"let x: number[] = [];\nif (x.length) x.third();\n{add}"
    names = f"let y: Mine = {{ a: 1 }};\n{add}"
    expected = [
        Status.COMPILE_ERROR,
        Status.COMPILE_ERROR,
        Status.PASSED,
        Status.COMPILE_ERROR,
        Status.COMPILE_ERROR,
    ]
    programs = [
        program(str(n), f"// {n}\n{text}") for n, text in enumerate((uses, names, declares, uses, names))
    ]
    assert [verdict.status for verdict in judge.run(programs)] == expected
    assert judge._compile_servers.started == {"typescript": 1}
