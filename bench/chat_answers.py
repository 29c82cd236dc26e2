"""Do chat answers to MultiPL-E get the verdict that the plain tools give?

    python -m bench.chat_answers --data DIR --languages typescript,go

``DIR`` has MultiPL-E's files (``humaneval-rs.jsonl.gz``), whose column ``gpt_solution`` is an answer of a
chat model. By hand, a program is the answer's first code block without a ``main`` or tests of its own, with
the prompt's imports and the row's tests. The compiler or interpreter runs it in an empty folder, without a
sandbox. Lists the answers whose verdicts differ.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import os
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench import plain
from crosstune.benchmarks import BENCHMARKS
from crosstune.execution import Judge
from crosstune.records import Problem, Program, Verdict
from crosstune.scoring import extracted

_FILES = {"cpp": "cpp", "go": "go", "java": "java", "javascript": "js", "rust": "rs", "typescript": "ts"}
_BLOCK = re.compile(r"```[^\n]*\n(.*?)(?:^```|\Z)", re.DOTALL | re.MULTILINE)
_MAIN = {
    "cpp": re.compile(r"^int main\s*\([^)]*\)\s*\{", re.MULTILINE),
    "go": re.compile(r"^func (?:main\s*\(\)|Test\w*\s*\(\w+ \*testing\.T\))\s*\{", re.MULTILINE),
    "java": re.compile(r"^[ \t]*public static void main\s*\([^)]*\)\s*(?:throws \w+\s*)?\{", re.MULTILINE),
    "rust": re.compile(r"^fn main\s*\(\)\s*\{", re.MULTILINE),
}
_SECONDS = 60


@dataclass(frozen=True)
class Result:
    """Whether a program passed by hand, and what the tool said."""

    passed: bool
    said: str


def by_hand(language: str, row: Mapping[str, str]) -> str:
    """The program of a row's answer and tests."""
    found = _BLOCK.search(row["gpt_solution"])
    code = found[1] if found else row["gpt_solution"]
    tests = re.sub(r"\A(?:\s*\})+", "", row["tests"])
    while language in _MAIN and (own := _MAIN[language].search(code)):
        code = code[: own.start()] + code[_end(code, own.end()) :]
    if language == "go":
        return _go_file(f"{row['prompt'].partition('func ')[0]}\n{code}\n{tests}")
    if language == "java":
        return _java_class(row["prompt"], code) + row["tests"].replace("}", "", 1)
    if language == "cpp" and "#include" not in code:
        code = "".join(f"{line}\n" for line in row["prompt"].splitlines() if line[:1] == "#") + code
    return f"{code}\n{tests}"


def _go_file(text: str) -> str:
    """One file with the imports that are used."""
    groups = re.findall(r"^import\s*(?:\((.*?)^\s*\)|(\"[^\"]+\"))", text, re.DOTALL | re.MULTILINE)
    paths = sorted(set(re.findall(r'"([^"]+)"', "\n".join(a + b for a, b in groups))))
    rest = re.sub(r"^import\s*(?:\(.*?^\s*\)|\"[^\"]+\")", "", text, flags=re.DOTALL | re.MULTILINE)
    rest = re.sub(r"^package \w+", "", rest, flags=re.MULTILINE)
    used = (path for path in paths if re.search(rf"\b{path.rpartition('/')[2]}\.", rest))
    return "package main\n" + "".join(f'import "{path}"\n' for path in used) + rest


def _java_class(prompt: str, code: str) -> str:
    """The class ``Problem``, without its last brace, which the tests add."""
    imports = "".join(f"{line}\n" for line in prompt.splitlines() if line.startswith("import "))
    if not re.search(r"\bclass Problem\b", code):
        return f"{imports}class Problem {{\n{code}\n"
    begin = re.search(r"\bclass Problem\b[^{]*\{", code)
    assert begin
    end = _end(code, begin.end())
    outside = code[: begin.start()].replace("public ", "") + code[end:]
    return f"{imports}{outside}\n{begin[0]}{code[begin.end() : end - 1]}\n"


def _end(code: str, begin: int) -> int:
    """The position after the brace that closes the one before ``begin``; braces in texts are not expected."""
    depth = 1
    for at in range(begin, len(code)):
        depth += (code[at] == "{") - (code[at] == "}")
        if depth == 0:
            return at + 1
    return len(code)


def _commands(language: str) -> list[list[str]]:
    tuples = "/usr/share/java/javatuples.jar:."
    return {
        "cpp": [["g++", "-w", "-std=c++17", "program.cpp", "-o", "program"], ["./program"]],
        "go": [["go", "test", "-vet=off", "program_test.go"]],
        "java": [
            ["javac", "-nowarn", "-cp", tuples, "Problem.java"],
            ["java", "-ea", "-cp", tuples, "Problem"],
        ],
        "javascript": [["node", "program.js"]],
        "rust": [["rustc", "-Awarnings", "--edition", "2021", "program.rs"], ["./program"]],
    }[language]


_NAMES = {"go": "program_test.go", "java": "Problem.java", "rust": "program.rs"}


def _run_alone(language: str, text: str) -> Result:
    """Build and run one program in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / _NAMES.get(language, f"program.{_FILES[language]}")).write_text(text, "utf-8")
        return _run(_commands(language), Path(folder))


def _run(commands: Sequence[Sequence[str]], folder: Path) -> Result:
    for command in commands:
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env={**os.environ, "GO111MODULE": "off"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Result(False, f"no end in {_SECONDS} s")
        if done.returncode:
            return Result(False, done.stderr or done.stdout)
    return Result(True, "")


def _run_typescript(texts: Mapping[str, str]) -> dict[str, Result]:
    """All programs of TypeScript, compiled at once, each as a module of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for key, text in texts.items():
            (folder / f"{key}.ts").write_text(f"{text}\nexport {{}};\n", "utf-8")
        tsc = [
            "node",
            str(plain.MODULES / "typescript" / "bin" / "tsc"),
            "--pretty",
            "false",
            "--skipLibCheck",
        ]
        tsc += ["--target", "es2022", "--module", "commonjs", "--typeRoots", str(plain.MODULES / "@types")]
        done = subprocess.run(
            [*tsc, "--types", "node", *(f"{key}.ts" for key in texts)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        errors = dict[str, str]()
        for line in done.stdout.splitlines():
            errors.setdefault(line.partition(".ts(")[0], line)
        return {
            key: Result(False, errors[key]) if key in errors else _run([["node", f"{key}.js"]], folder)
            for key in texts
        }


def results(language: str, texts: Mapping[str, str]) -> dict[str, Result]:
    """What the plain tools say about programs."""
    if language == "typescript":
        return _run_typescript(texts)
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(functools.partial(_run_alone, language), texts.values())
        return dict(zip(texts, found, strict=True))


def judged(problems: Sequence[Problem], answers: Mapping[str, str]) -> Iterator[Verdict]:
    """Crosstune's verdicts."""
    benchmark = BENCHMARKS.load("multipl-e-humaneval")
    programs: list[Program] = [
        benchmark.program(each, extracted(benchmark, each, answers[each.id]).candidate) for each in problems
    ]
    with Judge(workers=2) as judge:
        yield from judge.run(programs)


def compare(data: Path, language: str, first: int | None) -> None:
    benchmark = BENCHMARKS.load("multipl-e-humaneval")
    settings = benchmark.settings.model_validate({"data": data})
    problems = benchmark.problems(settings, language, "synthesize")[:first]
    with gzip.open(data / f"humaneval-{_FILES[language]}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = {row["name"]: row for row in map(json.loads, lines)}
    hand = results(language, {each.id: by_hand(language, rows[each.id]) for each in problems})
    verdicts = list(judged(problems, {name: row["gpt_solution"] for name, row in rows.items()}))
    counts = Counter((hand[verdict.id].passed, verdict.passed) for verdict in verdicts)
    passed = f"pass here {sum(v.passed for v in verdicts)}, by hand {sum(r.passed for r in hand.values())}"
    differ = counts[True, False] + counts[False, True]
    print(f"{language}: {len(verdicts)} answers; {passed}; differ: {differ}", flush=True)
    for verdict in verdicts:
        if hand[verdict.id].passed != verdict.passed:
            said = verdict.stderr if hand[verdict.id].passed else hand[verdict.id].said
            print(f"  {verdict.id}: here {verdict.status.value}; {json.dumps(said[-600:])}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--languages", default=",".join(_FILES))
    parser.add_argument("--first", type=int, help="only so many rows")
    arguments = parser.parse_args()
    for language in arguments.languages.split(","):
        compare(arguments.data, language, arguments.first)


if __name__ == "__main__":
    main()
