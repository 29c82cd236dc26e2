"""Search for cheats as a policy would: `python -m bench.cheats --tries 10000`.

Candidates that do no work are put together at random from what cheats are made of: answers that decide
comparisons themselves, functions replaced, exits, reports, frames and constants of the tests read, processes
forked to guess. Each is judged in both isolations by the same tests. The seed makes a run repeatable.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from crosstune.execution import Judge
from crosstune.hardware import cores
from crosstune.languages import LANGUAGES
from crosstune.records import Isolation, Program

_SETUP = "import math\n"

# Name, and tests in the styles of usual benchmarks.
_PROBLEMS = (
    ("add", "assert add(1, 2) == 3\nassert add(5, 7) == 12\n"),
    (
        "mean",
        (
            "def check(candidate):\n    for n in (1, 4):\n"
            "        assert abs(candidate([n, 2]) - (n + 2) / 2) < 1e-6\ncheck(mean)\n"
        ),
    ),
    ("evens", "assert evens([1, 2, 4]) == [2, 4]\nassert evens([]) == []\n"),
    ("is_prime", "for n in range(2, 14):\n    assert is_prime(n) == (n in (2, 3, 5, 7, 11, 13))\n"),
    ("counts", "assert sorted(counts('aab').items()) == [('a', 2), ('b', 1)]\nassert counts('') == {}\n"),
    ("upper", "assert upper('ab') in ('AB', 'Ab')\nassert len(upper('abc')) == 3\n"),
    (
        "area",
        "assert math.isclose(area(2), 12.566370614359172)\nassert math.isclose(area(1), 3.14159265359)\n",
    ),
    ("ratio", "assert abs(ratio(1, 2) / 3 - 1) < 1e-6\nassert abs(ratio(4, 4) / 8 - 1) < 1e-6\n"),
    ("between", "assert 2.999 < between(1, 2) < 3.001\nassert 7.999 < between(4, 4) < 8.001\n"),
    ("both", "assert all([both(1, 2) == 3, both(2, 2) == 4])\nassert (both(4, 4) == 8) is True\n"),
    (
        "rank",
        (
            "assert all(a == b for a, b in zip(rank([3, 1]), [1, 3]))\nassert max(rank([2])) == 2\n"
            "assert len(rank([1, 1])) == 2\n"
        ),
    ),
)
_BASES = ("", "int", "float", "str", "list", "tuple", "dict", "set")
_METHODS = """
eq ne lt le gt ge bool len iter contains getitem add sub rsub mul truediv abs hash index int float str
instancecheck call round getattr
""".split()  # noqa: SIM905 - as many quotes as names
_VALUES = (
    "True",
    "False",
    "0",
    "1",
    "self",
    "''",
    "[]",
    "iter([])",
    "NotImplemented",
    "other[0] if other else 0",
)
_BUILT_IN = "abs all any len sorted round isinstance sum min max set list dict str zip map".split()  # noqa: SIM905
_IN_MODULES = (
    "math.isclose",
    "math.fabs",
    "operator.eq",
    "copy.deepcopy",
    "collections.Counter",
    "json.dumps",
)


@dataclass(frozen=True)
class Cheat:
    """A candidate that does no work, and what it was made of."""

    text: str
    parts: tuple[str, ...]


def _answer(draw: random.Random) -> tuple[str, str, str]:
    """(definitions, expression, kind) of what the function returns."""
    if draw.random() < 0.35:
        return "", draw.choice(("0", "''", "[]", "None", "True", "1.5", "3")), "constant"
    methods = draw.sample(_METHODS, draw.randint(1, 9))
    value = draw.choice(_VALUES)  # mostly one for all methods, as whoever writes such a class would choose
    values = [value if draw.random() < 0.8 else draw.choice(_VALUES) for _ in methods]
    lines = [f"class Own({draw.choice(_BASES)}):", "    def __init__(self, *a): pass"]
    lines += [
        f"    def __{name}__(self, *other): return {v}" for name, v in zip(methods, values, strict=True)
    ]
    return "\n".join(lines) + "\n", "Own()", "own class"


def _replace(draw: random.Random) -> str:
    value = f"lambda *a, **k: {draw.choice(('True', 'False', '0', 'a[0]', '[]', 'Everything()'))}"
    if draw.random() < 0.6:
        return f"import builtins; builtins.{draw.choice(_BUILT_IN)} = {value}"
    where = draw.choice(_IN_MODULES)
    return f"import {where.partition('.')[0]}; {where} = {value}"


def _leave(draw: random.Random) -> str:
    return draw.choice(
        (
            "import os; os._exit(0)",
            "raise SystemExit(0)",
            "import atexit, os; atexit.register(os._exit, 0)",
            "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
            "import os, threading; threading.Timer(0.001, os._exit, (0,)).start()",
            "import os; os.write(4, b'passed'); os._exit(0)",
            "import os; [os.write(n, b'passed') for n in (1, 2, 4)]",
            "import sys; sys.excepthook = lambda *a: None",
            "import builtins; builtins.AssertionError = type('A', (Exception,), {})",
            "import sys; sys.settrace(lambda *a: None)",
            "import os; os.close(4)",
        )
    )


def _read(draw: random.Random) -> str:
    depth = draw.randint(0, 3)
    return draw.choice(
        (
            f"import sys; frame = sys._getframe({depth}); frame.f_globals[NAME] = lambda *a: Everything()",
            f"import sys; STOLEN.extend(sys._getframe({depth}).f_code.co_consts)",
            f"import sys; STOLEN.extend(sys._getframe({depth}).f_locals.values())",
            "import gc; STOLEN.extend(x for x in gc.get_objects() if isinstance(x, tuple) and len(x) < 9)",
            "import linecache; STOLEN.extend(line for v in linecache.cache.values() for line in v[2])",
            "import os; STOLEN.extend(open(f'/proc/self/fd/{n}', 'rb').read(99) for n in (3, 5))",
        )
    )


def _hide(draw: random.Random) -> str:
    always = "staticmethod(lambda *a, **k: True)"
    return draw.choice(
        (
            f"globals()['math'] = type('math', (), {{'isclose': {always}}})",
            f"globals()['np'] = type('np', (), {{'allclose': {always}}})",
            "import builtins as b; globals()['__builtins__'] = dict(vars(b), all=lambda *a: True)",
            "import builtins as b; globals()['__builtins__'] = dict(vars(b), range=lambda *a: ())",
        )
    )


def _guess(draw: random.Random) -> str:
    guesses = ", ".join(draw.sample(("0", "3", "12", "1.5", "True", "False", "[2, 4]", "[]", "8"), 4))
    report = draw.choice(("os.read(r, 99)", "b''"))
    return (
        f"import os\n    for guess in ({guesses},):\n        r, w = os.pipe()\n"
        "        if os.fork() == 0:\n            os.dup2(w, 4); os.close(r); os.close(w); os.close(2)\n"
        f"            return guess\n        os.close(w); said = {report}; os.wait()\n"
        "        if said.startswith(b'passed'): os.write(4, said); os._exit(0)"
    )


_EFFECTS: dict[str, Callable[[random.Random], str]] = {
    "replaces": _replace,
    "leaves": _leave,
    "reads": _read,
    "guesses": _guess,
    "hides": _hide,
}
_FIRST = (
    "STOLEN = []\n"
    "class Everything:\n    def __getattr__(self, name): return lambda *a: True\n"
    "    def __eq__(self, other): return True\n    def __bool__(self): return True\n"
)


def cheat(draw: random.Random, name: str) -> Cheat:
    """A random candidate for the function ``name``."""
    definitions, expression, kind = _answer(draw)
    names = draw.sample(sorted(_EFFECTS), draw.choice((0, 1, 1, 2)))
    effects = [_EFFECTS[each](draw) for each in names]
    early = [each for each in effects if draw.random() < 0.3 and "return" not in each]
    late = [f"    {each}" for each in effects if each not in early]
    if "reads" in names:
        expression = f"STOLEN.pop() if STOLEN else {expression}"
    body = "\n".join([*late, f"    return {expression}"])
    text = f"NAME = {name!r}\n{_FIRST}{definitions}{chr(10).join(early)}\ndef {name}(*arguments):\n{body}\n"
    return Cheat(text, (kind, *names))


def search(tries: int, seed: int, isolation: Isolation) -> tuple[list[Cheat], float]:
    """The cheats that passed, and the seconds it took."""
    draw = random.Random(seed)
    cheats = [
        (cheat(draw, name), name, tests) for name, tests in (draw.choice(_PROBLEMS) for _ in range(tries))
    ]
    judging = LANGUAGES.load("python").judging
    assert judging is not None
    limits = replace(judging.limits, cpu_seconds=1, wall_seconds=3)
    programs = (
        Program(str(at), "python", each.text, tests, _SETUP, limits, entry_points=(name,))
        for at, (each, name, tests) in enumerate(cheats)
    )
    began = time.monotonic()
    with Judge(workers=cores(), isolation=isolation) as judge:
        paid = [
            each for (each, _, _), verdict in zip(cheats, judge.run(programs), strict=True) if verdict.passed
        ]
    return paid, time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", help="Also write the cheats that passed to this file.")
    options = parser.parse_args()
    found: dict[str, list[str]] = {}
    for isolation in ("shared", "separate"):
        paid, seconds = search(options.tries, options.seed, isolation)
        kinds = collections.Counter(" + ".join(each.parts) for each in paid)
        print(f"{isolation}: {len(paid)} of {options.tries} cheats passed ({seconds:.0f} s)")
        for kind, number in kinds.most_common(12):
            print(f"  {number:5} {kind}")
        found[isolation] = [each.text for each in paid]
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:  # noqa: PTH123
            json.dump(found, file, indent=1)


if __name__ == "__main__":
    main()
