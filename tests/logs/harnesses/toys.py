"""Nine small problems, the scripted answers of two runs A and B, and why their verdicts differ."""

from __future__ import annotations

import subprocess
import sys

SECONDS = {"a": 60.0, "b": 3.0}
"""The harness's time limit: run B's is too short for one right answer."""


def _problem(number: int, name: str, text: str, *cases: str) -> dict[str, str]:
    lines = "".join(f"    assert candidate({case.replace(' => ', ') == ')}\n" for case in cases)
    return {
        "task_id": f"Toy/{number}",
        "prompt": f'def {name}(value):\n    """{text}"""\n',
        "entry_point": name,
        "test": f"def check(candidate):\n{lines}",
    }


PROBLEMS = [
    _problem(0, "double", "Return twice the number.", "2 => 4", "-3 => -6"),
    _problem(1, "first_word", "Return the first word of a text.", "'ab cd' => 'ab'", "' x y' => 'x'"),
    _problem(2, "half", "Return half of an even number, as a whole number.", "4 => 2", "10 => 5"),
    _problem(3, "slow_sum", "Return the sum of the numbers below the given one.", "4 => 6", "1 => 0"),
    _problem(4, "is_even", "Return whether the number is even.", "3 => False", "8 => True"),
    _problem(5, "shout", "Return the text in capitals.", "'ab' => 'AB'"),
    _problem(6, "median", "Return the median of three numbers.", "[3, 1, 2] => 2"),
    _problem(7, "count_a", "Return how often the letter a is in the text.", "'banana' => 3"),
    _problem(8, "square", "Return the square of the number.", "3 => 9"),
]

CAUSES = {
    "Toy/1": "prompt",
    "Toy/2": "extraction",
    "Toy/3": "time-out",
    "Toy/4": "sampling",
    "Toy/5": "verdict",
    "Toy/7": "sampling",
    "Toy/8": "verdict",
}


def prompt(problem: dict[str, str], run: str) -> str:
    """What the model is asked; run B asks one problem in other words."""
    about = "Complete this function:"
    if run == "b" and problem["task_id"] == "Toy/1":
        about = "Write a function like this one, for a text without spaces at its ends:"
    return f"{about}\n\n```python\n{problem['prompt']}```\n"


def _block(code: str, before: str = "Here it is:") -> str:
    return f"{before}\n\n```python\n{code}```\n"


_RIGHT = {
    "Toy/0": _block("def double(value):\n    return 2 * value\n"),
    "Toy/1": _block("def first_word(value):\n    return value.split()[0]\n"),
    "Toy/2": _block(
        "def half(value):\n    return value // 2\n",
        "One calls it so:\n\n```python\nhalf(4)\n```\n\nThe function:",
    ),
    "Toy/3": _block(
        "import time\n\n\ndef slow_sum(value):\n    time.sleep(1.6)\n    return sum(range(value))\n"
    ),
    "Toy/4": _block("def is_even(value):\n    return value % 2 == 0\n"),
    "Toy/5": _block("def shout(value):\n    print(value)\n    return value.upper()\n"),
    "Toy/6": _block("def median(value):\n    return value[1]\n"),
    "Toy/7": _block("def count_a(value):\n    return value.count('a')\n"),
    "Toy/8": _block("import os\n\n\ndef square(value):\n    os._exit(0)\n"),
}
_OTHERS = {
    "Toy/1": _block("def first_word(value):\n    return value.partition(' ')[0]\n"),
    "Toy/4": _block("def is_even(value):\n    return value % 2 == 1\n"),
    "Toy/7": "To count the letters, we go through the text and compare each of them with",
}
"""Run B's answers to the problems that it is asked otherwise, answers otherwise, or does not finish."""


def answer(problem: dict[str, str], run: str) -> str:
    name = problem["task_id"]
    return _OTHERS.get(name, _RIGHT[name]) if run == "b" else _RIGHT[name]


def code(answer: str, run: str) -> str:
    """What the harness takes from an answer: the last block; run B: the first."""
    blocks = answer.split("```python\n")[1:]
    return (blocks[0 if run == "b" else -1] if blocks else answer).partition("```")[0]


def verdict(problem: dict[str, str], code: str, run: str) -> str:
    """``passed``, ``failed`` or ``timed out``. Run B believes an exit status of 0, and takes what is printed
    for an error."""
    end = "print('all tests have ended')\n"
    program = f"{code}\n{problem['test']}\ncheck({problem['entry_point']})\n{end}"
    try:
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=SECONDS[run], check=False
        )
    except subprocess.TimeoutExpired:
        return "timed out"
    if run == "a":
        return "passed" if done.stdout.endswith("all tests have ended\n") else "failed"
    printed = done.stdout.removesuffix("all tests have ended\n")
    return "passed" if done.returncode == 0 and not printed else "failed"
