"""The plug-ins that docs/extending.md shows are plug-ins of their registries, and work."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crosstune import LANGUAGES, Decoding, EvaluatedSample, Judge, Status, extract, load_study, to_json
from crosstune.generation import Request
from crosstune.plugins import Registry
from crosstune.study import StepContext, make_plan
from crosstune.tables import Column, number
from tests.shared import ROOT

PAGE = (ROOT / "docs" / "extending.md").read_text("utf-8")
SAMPLE = EvaluatedSample(
    model="tiny",
    seed=0,
    benchmark="exercises",
    language="python",
    task="fix",
    problem="",
    sample=0,
    prompt="",
    text="",
    candidate="",
    status=Status.PASSED,
    stage="run",
    stdout="",
    stderr="",
    cpu_seconds=0.0,
)
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def registries() -> list[Registry[Any]]:
    """Every registry, found in the package that it belongs to."""
    importable = [importlib.import_module(name) for name in sorted(_packages())]
    found = {
        value.package: value
        for module in importable
        for value in vars(module).values()
        if isinstance(value, Registry)
    }
    return list(found.values())


def _packages() -> set[str]:
    root = ROOT / "crosstune"
    folders = [path.parent for path in root.rglob("__init__.py") if path.parent != root]
    names = [".".join(("crosstune", *folder.relative_to(root).parts)) for folder in folders]
    return {name for name in names if "._" not in name and not name.startswith("crosstune.languages.")}


@pytest.fixture
def plugin(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], Any]:
    """Imports the example that defines an attribute from a file, as a package elsewhere would have it."""

    def load(attribute: str) -> Any:
        (block,) = [block for block in BLOCKS if re.search(rf"^{attribute} = ", block, re.MULTILINE)]
        name = f"example_{attribute.lower()}"
        path = tmp_path / f"{name}.py"
        path.write_text(block, "utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        request.addfinalizer(lambda: sys.modules.pop(name))
        spec.loader.exec_module(module)
        return getattr(module, attribute)

    return load


def test_table_lists_every_registry() -> None:
    rows = re.findall(
        r"^\| \[[^]]+\]\(#[\w-]+\) \| `crosstune/([\w/]+)/<name>(?:/|\.py)` \| `(\w+)` \|", PAGE, re.MULTILINE
    )
    assert sorted((registry.package, registry.attribute) for registry in registries()) == sorted(
        (f"crosstune.{folder.replace('/', '.')}", attribute) for folder, attribute in rows
    )


@pytest.mark.parametrize("registry", registries(), ids=lambda registry: registry.attribute)
def test_example_is_a_plugin(registry: Registry[Any], plugin: Callable[[str], Any]) -> None:
    example = plugin(registry.attribute)
    assert isinstance(example, registry.kind)
    assert example.name not in registry.names()


def test_headings_are_those_of_the_table() -> None:
    links = re.findall(r"^\| \[([^]]+)\]\(#([\w-]+)\)", PAGE, re.MULTILINE)
    headings = [heading.lower().replace(" ", "-") for heading in re.findall(r"^## (.+)$", PAGE, re.MULTILINE)]
    assert [anchor for _, anchor in links] == headings


def test_benchmark_back_end_and_prompt_work_together(plugin: Callable[[str], Any], tmp_path: Path) -> None:
    benchmark, back_end, prompt = plugin("BENCHMARK"), plugin("BACK_END"), plugin("PROMPT")
    row = {
        "task_id": 1,
        "text": "Write a function add.",
        "code": "def add(a, b):\n    return a + b\n",
        "test_list": ["assert add(1, 2) == 3"],
    }
    (tmp_path / "mbpp.jsonl").write_text(f"{json.dumps(row)}\n", "utf-8")
    settings = benchmark.settings(data=tmp_path / "mbpp.jsonl")
    (problem,) = benchmark.problems(settings, "python", "synthesize")
    text = prompt.ask(problem.instruction, problem.declaration, "Python")
    request = Request(problem.id, benchmark.name, "python", "synthesize", 0, text, prompt.stops, seed=0)
    answer = f"This adds:\n\n```python\n{problem.canonical}```\n"
    with back_end.open("any", Decoding(), back_end.settings(text=answer)) as session:
        ((position, generated),) = session.answers([request], frozenset())
    candidate = extract(LANGUAGES.load("python"), problem, generated.text).candidate
    with Judge() as judge:
        (verdict,) = judge.run([benchmark.program(problem, candidate)])
    assert (position, verdict.passed) == (0, True)


def test_report_column_is_one() -> None:
    (block,) = [block for block in BLOCKS if block.startswith("Column(")]
    column = eval(block, {"Column": Column, "number": number, "seconds": {}})
    assert isinstance(column, Column)


def test_source_reads_examples(plugin: Callable[[str], Any], tmp_path: Path) -> None:
    source = plugin("SOURCE")
    row = {"problem": "Add.", "solution": "a + b", "lang": "python"}
    settings = source.settings(dataset=str(tmp_path))
    (tmp_path / settings.file).write_text(f"{json.dumps(row)}\n", "utf-8")
    (example,) = source.examples(settings, tmp_path, lambda *_: None)
    assert (example.prompt, example.completion, example.language) == ("Add.", "a + b", "python")
    assert [each.met for each in source.requirements(settings)] == [True]


def test_step_kind_plans_and_runs(plugin: Callable[[str], Any], tmp_path: Path) -> None:
    kind = plugin("STEP_KIND")
    study = load_study(ROOT / "studies" / "demo.yaml")
    specs = list(kind.plan(study, kind.options()))
    steps = {step.name for step in make_plan(study).steps}
    assert specs
    assert [role_step for spec in specs for role_step in spec.inputs.values() if role_step not in steps] == []
    samples = [
        replace(SAMPLE, problem=str(number), candidate=code)
        for number, code in enumerate(("x = 1\n", "x = (\n", "pass\n"))
    ]
    with gzip.open(tmp_path / "judged.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"{to_json(sample)}\n" for sample in samples)
    context = StepContext(
        inputs={"judged": tmp_path},
        out=tmp_path,
        work=tmp_path,
        verdicts=tmp_path / "verdicts.sqlite",
        progress=lambda *_: None,
    )
    assert kind.run(specs[0].settings, context) == {"candidates": 3, "valid": 2}
