"""Programs for a server, and clients that send them at the same time."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

_Given = TypeVar("_Given")
_Answer = TypeVar("_Answer")

SOURCES = {
    "python": "print(int(input()) * 2)\n# {}\n",
    "cpp": "#include <iostream>\nint main() {{ int n; std::cin >> n; std::cout << 2 * n; }}\n// {}\n",
    "java": "import java.util.Scanner;\npublic class Main {{ public static void main(String[] a) {{\n"
    "System.out.println(2 * new Scanner(System.in).nextInt()); }} }}\n// {}\n",
}
"""Each reads a number and prints its double; a number at the end makes it a program of its own."""
STDIN, STDOUT = "21\n", "42\n"


def program(language: str, number: int) -> dict[str, Any]:
    """A program of the route `/judge`, which passes."""
    return {
        "language": language,
        "candidate": SOURCES[language].format(number),
        "cases": [{"stdin": STDIN, "stdout": STDOUT}],
    }


def verdict(address: str, given: dict[str, Any]) -> dict[str, Any]:
    """The verdict on one program."""
    (found,) = post(f"{address}/judge", {"programs": [given]})["verdicts"]
    result: dict[str, Any] = found
    return result


def post(url: str, body: dict[str, Any]) -> Any:
    """
    Raises:
        OSError: there is no answer, or its status is not 200.
        ValueError: it is not JSON.
    """
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - a URL of ours
    with urllib.request.urlopen(request, timeout=600) as response:  # noqa: S310
        return json.load(response)


def ask(
    given: Sequence[_Given], clients: int, one: Callable[[_Given], _Answer]
) -> list[tuple[float, _Answer]]:
    """Send all, ``clients`` at the same time; the seconds that each took, and its answer."""

    def timed(each: _Given) -> tuple[float, _Answer]:
        began = time.monotonic()
        answer = one(each)
        return time.monotonic() - began, answer

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(timed, given))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    return sorted(values)[max(0, -(-len(values) * round(100 * share) // 100) - 1)]
