"""Candidates are extracted from answers of every shape."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from crosstune.extraction import extract as _extract
from crosstune.languages import LANGUAGES, Language
from crosstune.records import Problem
from tests.shared import shared_data


def extract(language: Language, asked: Problem, text: str) -> str:
    return _extract(language, asked, text).candidate


def braced(name: str) -> Language:
    if name in LANGUAGES.names():
        return LANGUAGES.load(name)
    return Language(name=name, title=name, extensions=(), fences=(name,), line_comment="//")


PYTHON, JAVASCRIPT = LANGUAGES.load("python"), LANGUAGES.load("javascript")
JAVA, GO, CPP, RUST = (braced(name) for name in ("java", "go", "cpp", "rust"))


def problem(declaration: str, entry_point: str = "f") -> Problem:
    return Problem(
        id="1",
        benchmark="none",
        task="synthesize",
        language="any",
        instruction="",
        declaration=declaration,
        entry_point=entry_point,
        tests="",
    )


PY = problem("import math\n\n\ndef helper(x):\n    return x\n\n\ndef f(x):\n")
JS = problem("\nconst f = (x) => {\n")
PY_BODY = "    y = helper(x)\n    return y + 1\n"
PY_WHOLE = PY.declaration + PY_BODY


@pytest.mark.parametrize(
    "text",
    [
        PY_BODY,
        f"\n{PY_BODY}",
        f"{PY_BODY}\n\ndef f(x):\n    return 3\n",
        f"{PY_BODY}\nprint(f(3))\n",
        f"{PY_BODY}\nif __name__ == '__main__':\n    f(2)\n",
        f"{PY_BODY}def ",
        PY_BODY.strip(),
        f"\n{PY_BODY}```\nThat is it.\n```python\nf(3)\n```",
        f"Sure!\n\n```python\n{PY_WHOLE}```\nUse it so:\n```python\nprint(f(3))\n```\n",
        f"Use it so:\n```python\nprint(f(3))\n```\nThe code:\n```python\n{PY_WHOLE}```",
        f"```\n{PY_WHOLE}\nprint(f(3))\n```",
        f"```python\n{PY_WHOLE}",
        f"```python\ndef f(x):\n{PY_BODY}```",
        f"```python\nimport math\n\ndef f(x):\n{PY_BODY}```",
        f"```python\n{PY_BODY}```",
        f"```bash\npip install x\n```\n```py\n{PY_WHOLE}```",
        f"Sure, here it is:\n\n{PY_WHOLE}\nThis adds one.\n",
        PY_WHOLE,
    ],
)
def test_python_answers_give_the_function(text: str) -> None:
    assert extract(PYTHON, PY, text).split() == PY_WHOLE.split()
    space: dict[str, Any] = {}
    exec(compile(extract(PYTHON, PY, text), "candidate", "exec"), space)
    assert space["f"](1) == 2


def test_answer_may_continue_the_line_of_the_declaration() -> None:
    assert extract(PYTHON, problem("def f(x):\n"), " return x + 1\n\nf(2)\n") == "def f(x): return x + 1\n"


def test_python_helpers_after_the_function_are_kept_if_needed() -> None:
    body = "    return one(x) + LIMIT\n"
    helpers = "def one(x):\n    return two(x)\n\n\nLIMIT = 3\n\n\ndef two(x):\n    return x\n"
    junk = "def unused(x):\n    return x\n\n\nresult = f(3)\nassert result\n"
    found = extract(PYTHON, problem("def f(x):\n"), f"{body}\n\n{junk}\n{helpers}")
    assert found.split() == f"def f(x):\n{body}{helpers}".split()


def test_helpers_in_another_block_are_kept() -> None:
    one, two = "def one(x):\n    return x\n", "def f(x):\n    return one(x)\n"
    text = f"First:\n```python\n{one}```\nThen:\n```python\n{two}```\n"
    found = extract(PYTHON, problem("def f(x):\n"), text)
    assert found.split() == ["def", "one(x):", "return", "x", "def", "f(x):", "return", "one(x)"]


def test_unindented_lines_in_strings_and_brackets_do_not_end_the_function() -> None:
    body = '    s = """\nnot code {\n"""\n    t = (1,\n2)\n# a comment\n    return s\n'
    assert extract(PYTHON, problem("def f(x):\n"), body + "x = 1\n") == "def f(x):\n" + body


def test_decorated_and_branching_pieces_stay_whole() -> None:
    text = (
        "import functools\n\n@functools.cache\ndef f(x):\n    return numpy.abs(x)\n\n@prop\ndef g(): pass\n"
    )
    whole = f"```python\ntry:\n    import numpy\nexcept ImportError:\n    numpy = None\n\n{text}```"
    found = extract(PYTHON, problem("def f(x):\n"), whole)
    tried = "try:\n    import numpy\nexcept ImportError:\n    numpy = None\n"
    function = text.partition("@prop")[0].removeprefix("import functools")
    assert found.split() == f"import functools\n{tried}{function}".split()


def test_without_declaration_and_entry_point_all_code_is_taken() -> None:
    code = "import math\n\n\ndef area(r):\n    return math.pi * r * r\n"
    asked = problem("", "")
    for text in (code, f"Here it is:\n```python\n{code}```\nDone.\n"):
        assert extract(PYTHON, asked, text) == code


JS_BODY = "  return x + 1;\n}"


@pytest.mark.parametrize(
    "text",
    [
        JS_BODY,
        f"\n{JS_BODY}\n",
        f"{JS_BODY}\n\nconst g = (y) => {{\n  return f(y);\n}}\n",
        f"{JS_BODY}\nconsole.log(f(3));\n",
        f"{JS_BODY}\n}}\n}}\n",
        f"{JS_BODY}\n```\nprose\n",
        f"```js\nconst f = (x) => {{\n{JS_BODY}\n```",
        f"```js\n{JS_BODY}\n```",
        f"Code:\n```javascript\nconst f = (x) => {{\n{JS_BODY}\n\nmodule.exports = f;\n```\n",
        f"const f = (x) => {{\n{JS_BODY}\nconsole.log(f(1))\n",
    ],
)
def test_javascript_answers_give_the_function(text: str) -> None:
    assert extract(JAVASCRIPT, JS, text).split() == f"const f = (x) => {{\n{JS_BODY}".split()


def test_other_ways_to_define_the_function_are_recognised() -> None:
    for head in ("function f(x) {", "async function f(x) {", "let f = function (x) {", "f = x => {"):
        text = f"```js\n{head}\n  return x;\n}}\n\nf(3)\n```"
        assert extract(JAVASCRIPT, JS, text) == f"{head}\n  return x;\n}}\n"


@pytest.mark.parametrize(
    "line",
    [
        'let s = "}";',
        "let s = '{ \\' }';",
        "let s = `} ${x ? `}` : '}'} }`;",
        "let s = /[}/]}\\/{/g.test(x);",
        "// }",
        "/* } \n } */",
        "let s = a / b; let t = '}' / 2;",
    ],
)
def test_brackets_in_strings_comments_and_patterns_close_nothing(line: str) -> None:
    body = f"  {line}\n  return s;\n}}\n"
    junk = "console.log('}')\n"
    assert extract(JAVASCRIPT, JS, body + junk) == f"\nconst f = (x) => {{\n{body}"


def test_rust_lifetimes_and_labels_open_no_string() -> None:
    declared = problem("fn f<'a>(x: &'a str) -> Vec<&'a str> {\n")
    body = "    'outer: loop { break 'outer; }\n    let c = '}'; let d = r#\"}\"}\"#;\n    vec![x]\n}\n"
    junk = '\nfn main() {\n    f("x");\n}\n'
    assert extract(RUST, declared, body + junk) == declared.declaration + body


def test_rust_imports_of_the_declaration_are_not_repeated() -> None:
    declared = problem("use std::collections::{HashMap, HashSet};\n\nfn f(x: i32) -> i32 {\n")
    text = "```rust\nuse std::collections::HashMap;\nuse std::fmt;\n\nfn f(x: i32) -> i32 {\n    x\n}\n```"
    found = extract(RUST, declared, text)
    assert found.count("HashMap") == 1
    assert "use std::fmt;" in found


JAVA_DECLARED = problem(
    "import java.util.*;\n\nclass Solution {\n    public int one(int x) {\n        return 1;\n    }\n"
    "    public int f(int x) {\n"
)
JAVA_METHOD = "    public int f(int x) {\n        return x + one(x);\n    }\n"


@pytest.mark.parametrize(
    "text",
    [
        "        return x + one(x);\n    }\n}\n",
        "        return x + one(x);\n    }\n\n    public int half",
        f"```java\n{JAVA_METHOD}```",
        f"```java\nclass Solution {{\n{JAVA_METHOD}}}\n```",
        f"```java\nimport java.util.*;\nclass Solution {{\n{JAVA_METHOD}}}\nclass Main {{ int x; }}\n```",
        f"```java\npackage a.b;\n{JAVA_DECLARED.declaration}        return x + one(x);\n    }}\n}}\n```",
    ],
)
def test_java_method_is_extracted_in_its_class_with_helpers(text: str) -> None:
    expected = JAVA_DECLARED.declaration + "        return x + one(x);\n    }\n}"
    assert "".join(extract(JAVA, JAVA_DECLARED, text).split()) == "".join(expected.split())


def test_main_function_of_the_answer_is_dropped() -> None:
    declared = problem("#include<vector>\nusing namespace std;\nint f(int x){\n")
    text = "#include <map>\nint f(int x) {\n  return 1'000 + x;\n}\n\nint main() {\n  return f(1);\n}\n"
    found = extract(CPP, declared, f"```cpp\n{text}```")
    expected = (
        "#include<vector>\nusing namespace std;\n#include <map>\nint f(int x) {\n  return 1'000 + x;\n}\n"
    )
    assert found == expected


def test_misspelt_entry_point_is_taken_from_the_declaration() -> None:
    declared = problem("const minSum = (x) => {\n", "minsum")
    text = "```js\nconst minSum = (x) => {\n  return x\n}\nminSum(1)\n```"
    assert extract(JAVASCRIPT, declared, text) == "const minSum = (x) => {\n  return x\n}\n"


@pytest.mark.parametrize("language", [PYTHON, JAVASCRIPT, JAVA, GO, CPP, RUST], ids=lambda each: each.name)
@pytest.mark.parametrize(
    "declaration", ["", "def f(x):\n", "const f = (x) => {\n", "class A { int f(int x) {\n"]
)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "I cannot do that.",
        "```",
        "```\n```",
        "```python\n",
        "}}}}",
        "{{{{",
        '"""',
        "`${`",
        "'",
        "f(",
        "\ud83d",
    ],
)
def test_no_answer_raises_an_error(language: Language, declaration: str, text: str) -> None:
    assert extract(language, problem(declaration), text).endswith("\n")


@pytest.mark.parametrize("unit", ["\n", "}", "f(", "(", "`", "const A ", "a*&", "'a "])
def test_endless_repetition_is_handled(unit: str) -> None:
    """Models produce it; a backtracking search would take hours."""
    for language, asked in ((PYTHON, PY), (JAVASCRIPT, JS)):
        found = extract(language, asked, unit * 20_000)
        assert found.startswith(asked.declaration.rstrip())


FILES = {"python": PYTHON, "js": JAVASCRIPT, "java": JAVA, "go": GO, "cpp": CPP, "rust": RUST}
# CPP/38: the declaration leaves a loop open that the solution does not close. CPP/94: preprocessor directives
# follow the solution; it needs none of them. CPP/22: a type defined between the includes comes after them.
CHANGED = {"CPP/22", "CPP/38", "CPP/94"}


@pytest.mark.parametrize("name", FILES)
def test_canonical_solutions_of_humanevalpack_are_extracted_whole(name: str) -> None:
    path = shared_data("humanevalpack") / f"{name}.jsonl.gz"
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    assert len(rows) == 164
    lost = {(row["task_id"], shape) for row in rows for shape in _lost(FILES[name], row)}
    assert {task for task, _ in lost} <= CHANGED, lost
    for task in CHANGED & {row["task_id"] for row in rows}:
        assert task in {found for found, _ in lost}


def _lost(language: Language, row: dict[str, Any]) -> list[str]:
    """The shapes of an answer whose candidate is not the solution."""
    declared, body, fence = row["declaration"], row["canonical_solution"], language.fences[0]
    asked = problem(declared, row["entry_point"])
    blanks = declared[len(declared.rstrip()) :]
    shapes = {
        "continued": body,
        "continued from the stripped prompt": blanks + body,
        "continued into a closing fence": f"{blanks}{body.rstrip()}\n```\nThis is it:\n```\nf()\n```",
        "whole": declared + body,
        "whole in a fence": f"Sure:\n\n```{fence}\n{declared}{body}\n```\nIt works.",
        "whole in a bare fence": f"```\n{declared}{body}\n```",
        "body in a fence": f"Sure:\n```{fence}\n{body}\n```\nIt works.",
    }
    words = "".join((declared + body).split())
    return [
        shape for shape, text in shapes.items() if "".join(extract(language, asked, text).split()) != words
    ]
