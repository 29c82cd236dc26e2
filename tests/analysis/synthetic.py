"""A run like the demonstration's, generated from a seed: 6 models x 4 cells x 60 problems x 3 seeds."""

from __future__ import annotations

import functools
import math

import numpy as np

from crosstune.analysis import Corpus, CorpusPart, Model, Run, StepSummary, TaskKey
from crosstune.records import EvaluatedSample, Example, Status

SEEDS = (0, 1, 2)
PROBLEMS = 60
BENCHMARK = "exercises"
CELLS = (("python", "synthesize"), ("python", "fix"), ("javascript", "synthesize"), ("javascript", "fix"))
PYTHON, JAVASCRIPT = "python", "javascript"

MODELS = (
    Model(name="base", corpus="raw", recipe={"steps": 800, "learning_rate": 0.005}),
    Model(
        name="python",
        base="base",
        corpus="python",
        recipe={"steps": 600, "learning_rate": 0.002},
        trained=((PYTHON, "synthesize"),),
        note="Python instructions only",
    ),
    Model(name="javascript", base="base", corpus="javascript", trained=((JAVASCRIPT, "synthesize"),)),
    Model(
        name="mixed",
        base="base",
        corpus="mixed",
        trained=((PYTHON, "synthesize"), (JAVASCRIPT, "synthesize")),
    ),
    Model(name="control", base="base", corpus="control", note="more of the raw text, no instructions"),
    Model(
        name="ability",
        base="base",
        corpus="ability",
        trained=((PYTHON, "synthesize"), (PYTHON, "fix"), (JAVASCRIPT, "synthesize")),
    ),
)

RATES = {
    "base": ((0.07, 0.01, 0.07), (0.03, 0.01, 0.02), (0.05, 0.03, 0.01), (0.0, 0.0, 0.0)),
    "python": ((1.0, 1.0, 0.93), (0.13, 0.12, 0.08), (0.6, 0.4, 0.58), (0.0, 0.03, 0.05)),
    "javascript": ((0.67, 0.57, 0.62), (0.03, 0.08, 0.05), (0.95, 0.95, 0.97), (0.07, 0.12, 0.05)),
    "mixed": ((0.95, 0.97, 0.98), (0.1, 0.05, 0.1), (0.93, 0.95, 0.9), (0.08, 0.05, 0.07)),
    "control": ((0.15, 0.1, 0.12), (0.0, 0.02, 0.0), (0.13, 0.1, 0.15), (0.02, 0.0, 0.02)),
    "ability": ((1.0, 0.98, 0.93), (1.0, 1.0, 0.93), (0.95, 0.97, 0.9), (0.42, 0.1, 0.45)),
}

BIDI = "\u202e\u2066"
HOSTILE = (
    "</script><script>document.title = 'owned'; window.owned = true</script>",
    '<img src="http://crosstune.invalid/pixel.png" onerror="window.owned = true"><svg/onload=window.owned=1>',
    "\x1b[31mred\x1b[0m \x00 \x07 \x7f \ufffe",
    f"access{BIDI} == 'user' // {BIDI}",
    "&lt;b&gt; &amp; <!-- --> ]]> {{ 7 * 7 }} ${alert(1)} <style>*{display:none}</style>",
    "x = '" + "A" * 100_000 + "'",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") + " 日本語 العربية",
    "",
)
MARKED = "assert '<b>bold</b>' != '</script>'"
FAILURES = (
    Status.WRONG_ANSWER,
    Status.COMPILE_ERROR,
    Status.RUNTIME_ERROR,
    Status.TIMEOUT,
    Status.INCOMPLETE,
)
WEIGHTS = (0.55, 0.25, 0.14, 0.03, 0.03)


@functools.cache
def run(*, hostile: bool = True) -> Run:
    rng = np.random.default_rng(7)
    hardness = rng.normal(0, 1, (len(CELLS), PROBLEMS))
    judged = tuple(
        _judged(
            rng,
            model=model,
            seed=seed,
            task_key=task_key,
            problem=problem,
            passed=passes[problem],
            hostile=hostile,
        )
        for model, by_cell in RATES.items()
        for at, task_key in enumerate(CELLS)
        for seed in SEEDS
        for passes in [_passes(rng, by_cell[at][seed], hardness[at])]
        for problem in range(PROBLEMS)
    )
    return Run(
        name="demo",
        title="What tuning on one language's instructions does to another",
        baseline="base",
        control="control",
        task_keys=tuple(TaskKey(BENCHMARK, language, task) for language, task in CELLS),
        models=MODELS,
        judged=judged,
        corpora=_corpora(),
        losses={(model.name, seed): _losses(rng, model) for model in MODELS for seed in SEEDS},
        steps=tuple(_steps()),
        manifest=MANIFEST,
        tests={
            (BENCHMARK, language, task, _name(problem)): f"{MARKED}\ncheck({language}, {task}, {problem})"
            for language, task in CELLS
            for problem in range(PROBLEMS)
        },
    )


def _name(problem: int) -> str:
    return f"scale-{problem:02}"


def _passes(rng: np.random.Generator, rate: float, hardness: np.ndarray) -> np.ndarray:
    """Which problems pass: as many as the rate requires, easier ones more likely."""
    order = np.argsort(hardness + rng.normal(0, 0.7, PROBLEMS))
    passes = np.zeros(PROBLEMS, bool)
    passes[order[: round(rate * PROBLEMS)]] = True
    return passes


def _judged(
    rng: np.random.Generator,
    *,
    model: str,
    seed: int,
    task_key: tuple[str, str],
    problem: int,
    passed: bool,
    hostile: bool,
) -> EvaluatedSample:
    language, task = task_key
    status = Status.PASSED if passed else FAILURES[int(rng.choice(len(FAILURES), p=WEIGHTS))]
    constant = 2 + problem % 19
    answer = constant if passed else constant + 1
    instruction, text = _program(language, task, problem, constant, answer)
    if hostile and not passed and problem % 8 == 3:
        text = HOSTILE[int(rng.integers(len(HOSTILE)))]
    failed = status in (Status.WRONG_ANSWER, Status.RUNTIME_ERROR)
    error = f"AssertionError: scale(3) gave {3 * answer}, expected {3 * constant}" if failed else ""
    return EvaluatedSample(
        model=model,
        seed=seed,
        benchmark=BENCHMARK,
        language=language,
        task=task,
        problem=_name(problem),
        sample=0,
        prompt=instruction,
        text=text,
        candidate=text.strip(),
        status=status,
        stage="build" if status is Status.COMPILE_ERROR else "run",
        stdout="",
        stderr=error,
        cpu_seconds=round(float(rng.uniform(0.02, 0.06)), 3),
    )


def _program(language: str, task: str, problem: int, constant: int, answer: int) -> tuple[str, str]:
    ask = "Write" if task == "synthesize" else "Fix the bug in"
    prompt = f"{ask} a function that multiplies a number by {constant} (exercise {problem})."
    if language == "python":
        return f"{prompt}\ndef scale(value):", f"    return value * {answer}\n"
    return f"{prompt}\nfunction scale(value) {{", f"  return value * {answer};\n}}\n"


def _losses(rng: np.random.Generator, model: Model) -> list[tuple[int, float]]:
    steps = 800 if model.name == "base" else 600
    floor = 0.9 if model.name == "base" else 0.15
    return [
        (step, floor + 3 * math.exp(-step / 120) + float(rng.normal(0, 0.02)))
        for step in range(10, steps, 10)
    ]


def _corpora() -> tuple[Corpus, ...]:
    raw = [
        CorpusPart(language=name, task="raw", source="exercises", rows=1200) for name in (PYTHON, JAVASCRIPT)
    ]
    sample = Example(
        id="double-3",
        prompt="Write a function that doubles </script><b>a number</b>.",
        completion="def double(value):\n    return value * 2\n",
        language=PYTHON,
        task="synthesize",
        source="exercises",
    )
    made = [
        Corpus(
            name=model.corpus,
            composition=(
                *(
                    CorpusPart(
                        language=language, task=task, source="exercises", rows=3600 // len(model.trained)
                    )
                    for language, task in model.trained
                ),
                *raw,
            ),
            characters=620_000,
            funnel=(("rendered", 7200), ("without duplicates", 6800), ("drawn", 6000))
            if model.trained
            else (),
            samples=(sample,),
        )
        for model in MODELS
    ]
    return tuple(made)


def _steps() -> list[StepSummary]:
    kinds = {"corpus": 1.2, "tune": 34.5, "generate": 6.25, "judge": 2.5}
    return [
        StepSummary(
            name=f"{kind} {model.name} {seed}", kind=kind, state="done", seconds=seconds, key=f"{seed:064x}"
        )
        for kind, seconds in kinds.items()
        for model in MODELS
        for seed in SEEDS
    ]


MANIFEST = {
    "study": "demo",
    "file": {"name": "demo.yaml", "sha256": "9f" * 32},
    "seeds": list(SEEDS),
    "versions": {"python": "3.11.7", "torch": "2.13.0+cpu", "transformers": "5.23.0", "crosstune": "0.1.0"},
    "machine": {"system": "Linux 6.1", "processor": "Made-up CPU", "cores": 2, "memory_gib": 4.0},
}
