"""Runs the tests of one page inside the sandbox, in a process forked for it.

The sandbox loads this file by its path, without the rest of crosstune. The page is parsed as browsers do
(html5lib) and never run; only the tests are code.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import json
import operator
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

_NONCE_BYTES = 32
_FIELDS = "button, input, meter, output, progress, select, textarea"
_TESTS = "tests.py"
_PAGE = "<!DOCTYPE html><html><head><title>a</title></head><body><p class='b'>c</p></body></html>"
# Parts of the selector compiler are made when they are first used.
_EXAMPLE = """
assert text(one('p.b')) == 'c' and doctype() == 'html' and count('a') == 0
every("html > body p + p ~ a, p:not(#d) > i[e='f']:first-child, *:nth-of-type(2n+1):is(b, :has(u))")
"""


class _Test(ast.NodeTransformer):
    """Gives each ``assert`` without a message its own source text as its message."""

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        if node.msg is None:
            node.msg = ast.copy_location(ast.Constant(ast.unparse(node.test)), node)
        return node


def names_of(page: Any) -> dict[str, Any]:
    """The names that tests use; ``page`` is the parsed document.

    ``every(selector, inside)`` are the elements that a CSS selector matches, in the document or ``inside`` an
    element; ``one`` is the only one, ``count`` their number, ``texts`` their texts. ``text(element)`` is its
    text with single spaces; ``before(first, second)`` whether an element begins before another one;
    ``doctype()`` the document type in lower case, empty if there is none. ``word(element, name)`` is an
    attribute whose letter case does not matter, in lower case, and empty if it is missing;
    ``address(element, name)`` one that is a relative or absolute address, without ``./``. ``label(field)`` is
    the text of the only label of a form's field, without the fields in it; ``owned(form, selector)`` are the
    elements that belong to a form, inside of it or by their attribute ``form``.
    """

    def every(selector: str, inside: Any = page) -> list[Any]:
        return list(inside.select(selector))

    def one(selector: str, inside: Any = page) -> Any:
        found = every(selector, inside)
        assert len(found) == 1, f"{len(found)} elements match {selector!r}; expected 1"
        return found[0]

    def count(selector: str, inside: Any = page) -> int:
        return len(every(selector, inside))

    def text(element: Any) -> str:
        return " ".join(element.get_text().split())

    def texts(selector: str, inside: Any = page) -> list[str]:
        return [text(element) for element in every(selector, inside)]

    def before(first: Any, second: Any) -> bool:
        order = [id(element) for element in page.find_all(True)]
        return order.index(id(first)) < order.index(id(second))

    def doctype() -> str:
        from bs4 import Doctype

        found = [node for node in page.contents if isinstance(node, Doctype)]
        return str(found[0]).strip().lower().split()[0] if found else ""

    def word(element: Any, name: str) -> str:
        value = element.get(name, "")
        return (" ".join(value) if isinstance(value, list) else value).strip().lower()

    def address(element: Any, name: str) -> str:
        return str(element[name]).strip().removeprefix("./")

    def owned(form: Any, selector: str) -> list[Any]:
        return [element for element in every(selector) if owner(element) is form]

    def owner(element: Any) -> Any:
        name = element.get("form")
        return element.find_parent("form") if name is None else page.find("form", id=name)

    def label(field: Any) -> str:
        (own,) = (each for each in every("label") if labelled(each) is field)
        fields = {id(part) for each in every(_FIELDS, own) for part in each.descendants}
        parts = (str(part) for part in own.find_all(string=True) if id(part) not in fields)
        return " ".join("".join(parts).split())

    def labelled(each: Any) -> Any:
        return each.select_one(_FIELDS) if "for" not in each.attrs else page.find(id=each["for"])

    functions = (every, one, count, text, texts, before, doctype, word, address, owned, label)
    return {"page": page, **{function.__name__: function for function in functions}}


def prepare(settings: str) -> tuple[Callable[[], None], Callable[[int, int], list[Any]]]:
    """Import the parser, once. ``settings`` is JSON: ``paths`` to import it from.

    Returns two functions: one to call before each page's process is forked, and one to call in it.
    """
    sys.path += json.loads(settings)["paths"]
    sys.setrecursionlimit(20_000)
    parse = importlib.import_module("bs4").BeautifulSoup
    for _ in range(3):
        _run(parse, _PAGE, _EXAMPLE)

    def main(payload: int, report: int) -> list[Any]:
        nonce, page, tests = _parts(payload)

        def judge() -> None:
            _run(parse, page, tests)
            os.write(report, f"passed {nonce}".encode())

        def end(error: BaseException | None) -> None:
            _end(report, error)

        return [end, [judge], operator.call]

    return lambda: None, main


def _parts(payload: int) -> Sequence[str]:
    """The nonce, the page and the tests; the first line has the lengths of the page's text."""
    data = bytearray()
    while part := os.read(payload, 1 << 16):
        data += part
    nonce, rest = bytes(data[:_NONCE_BYTES]), bytes(data[_NONCE_BYTES:])
    size, _, text = rest.decode("utf-8", "surrogatepass").partition("\n")
    return nonce.decode(), text[: int(size)], text[int(size) :]


def _run(parse: Callable[[str, str], Any], page: str, tests: str) -> None:
    """
    Raises:
        AssertionError: the page is not as the tests expect.
    """
    tree = ast.fix_missing_locations(_Test().visit(ast.parse(tests, _TESTS)))
    space = {"__builtins__": builtins, **names_of(parse(page, "html5lib"))}
    exec(compile(tree, _TESTS, "exec", dont_inherit=True), space)  # noqa: S102 - the benchmark's own tests


def _end(report: int, error: BaseException | None) -> None:
    if error is not None:
        os.write(report, b"failed " + _status(error).encode())
        _show(error, error.__traceback__)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0 if error is None else 1)


def _show(error: BaseException, trace: TracebackType | None) -> None:
    """Print which line of the tests failed."""
    lines = [frame for frame in traceback.extract_tb(trace) if frame.filename == _TESTS]
    where = f"line {lines[-1].lineno} of the tests: " if lines else ""
    sys.stderr.write(f"{where}{''.join(traceback.format_exception_only(error))[:2000]}")


def _status(error: BaseException) -> str:
    """A page on which the tests cannot go on lacks what they look for."""
    if isinstance(error, MemoryError):
        return "memory_limit"
    return "wrong_answer"
