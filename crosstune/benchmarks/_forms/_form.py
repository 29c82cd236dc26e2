"""The form: which rows there are, and which of their columns make a problem and its program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

import pydantic

from crosstune.benchmarks._forms._amounts import SIZES, TIMES, amount
from crosstune.records import Comparison, ComparisonKind
from crosstune.settings import InputPath, Settings

Compare = Literal["authors", "statement"]
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_OPTIONAL = re.compile(r"\?(?:\|\w+)?\}")


def _benchmark_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"expected lower-case letters, digits and hyphens, such as our-mbpp; found {name!r}")
    return name


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, bool | int) else value


def _as_texts(value: Any) -> Any:
    return [_as_text(each) for each in value] if isinstance(value, list) else _as_text(value)


def _amount(units: Mapping[str, float], given: Any) -> Any:
    """
    Raises:
        ValueError: it is no positive amount; one with columns is examined in each row.
    """
    number = isinstance(given, int | float) and not isinstance(given, bool)
    if not (isinstance(given, str) and "{" in given):
        amount(str(given) if number else given if isinstance(given, str) else repr(given), units)
    return given


class CasesForm(Settings):
    """Where the cases are: a list of objects, or an object with two lists of the same length. Each case is a
    run of a whole program (what it reads and prints), or a call of a function (its arguments and result)."""

    list: str | tuple[str, ...] = ""
    """The column with the list or the object, or with its JSON as text, which may be compressed (zlib, in
    base64); or several columns, whose cases follow each other. Default: the row is such an object, with two
    columns of lists."""
    stdin: str = "input"
    """The key of what the program reads; keys of inner objects follow a dot (``input.stdin``)."""
    stdout: str = "output"
    """The key of what it is to print."""
    lines: bool = False
    """Whether lists of texts in place of these two are their lines."""
    arguments: str = ""
    """The key of the list of arguments (or of its JSON as text) of a call; in a list, the number of the item,
    from 0."""
    expected: str = ""
    """The key of the result that is expected."""
    call: str = ""
    """What is called, such as ``Solution().{name}``; default: the entry point. With stdin and stdout beside
    it, rows that have no value for its ``{name?}`` are whole programs."""
    error: str = ""
    """The key of the kind of error that is expected instead of a result, where a case has one."""
    tuple_is_list: bool = True
    """Whether a tuple is as right as a list, which JSON writes for both."""

    @property
    def calls(self) -> bool:
        """Whether cases are calls."""
        return bool(self.arguments)

    @property
    def runs(self) -> bool:
        """Whether cases are runs of whole programs: some of them, if others are calls."""
        return not self.arguments or bool(self.model_fields_set & {"stdin", "stdout"})

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.list,) if isinstance(self.list, str) else self.list

    @pydantic.model_validator(mode="after")
    def _one_kind(self) -> CasesForm:
        given = self.model_fields_set
        of_calls = sorted(given & {"arguments", "expected", "call", "error", "tuple_is_list"})
        if not self.columns:
            raise ValueError("list: expected a column")
        if of_calls and not (self.arguments and self.expected):
            raise ValueError("calls need both keys, arguments and expected")
        of_runs = sorted(given & {"stdin", "stdout", "lines"})
        if of_runs and of_calls and not _OPTIONAL.search(self.call):
            raise ValueError(
                f"{of_runs[0]} is of whole programs, {of_calls[0]} of calls: leave one out, or say which "
                'rows are calls by a column that the others lack, such as call: "{fn_name?}"'
            )
        return self


class ComparisonForm(Settings):
    """How the output of a case, or the result of a call, is compared."""

    kind: ComparisonKind | None = None
    """Default: tokens for outputs (also of rows without a checker), exact for the results of calls."""
    absolute: pydantic.NonNegativeFloat = 1e-6
    relative: pydantic.NonNegativeFloat = 1e-6
    ignore_case: bool = False
    language: str = ""
    """The language of the checker."""
    source: str = ""
    """A checker: the program, or the column with it in braces."""

    def comparison(self, source: str, *, calls: bool = False) -> Comparison:
        kind = self.kind
        if calls:
            kind = ComparisonKind.FLOATS if kind is ComparisonKind.FLOATS else ComparisonKind.EXACT
        elif kind is None or (kind is ComparisonKind.CHECKER and not source.strip()):
            kind = ComparisonKind.TOKENS
        return Comparison(
            kind,
            self.absolute,
            self.relative,
            self.language,
            source,
            ignore_case=self.ignore_case,
        )


_Seconds = Annotated[float | str, pydantic.BeforeValidator(partial(_amount, TIMES))]
_Bytes = Annotated[int | str, pydantic.BeforeValidator(partial(_amount, SIZES))]


class LimitsForm(Settings):
    """Limits of each run; those that are left out, or that a row does not have, are the language's. A text
    has a unit (``2 seconds``, ``{time_limit} ms``, ``{memory_limit?} MB``), or is in seconds or bytes."""

    cpu_seconds: _Seconds | None = None
    wall_seconds: _Seconds | None = None
    memory_bytes: _Bytes | None = None


class Texts(Settings):
    """What is made of a row: texts with ``{column}`` in them. A text with a ``{column?}`` is empty where the
    row has no such value."""

    id: str | None = None
    instruction: str | None = None
    """What is asked for, without a template."""
    declaration: str | None = None
    """The beginning of the program, which the answer continues or defines anew."""
    given: str | None = None
    """All code that the answer may use, with the beginning of what is asked for; default: the declaration."""
    entry_point: str | None = None
    """The name that the tests call; default: found in the declaration or the solution."""
    tests: str | None = None
    """Code that passes by ending normally. If it begins with closing braces, they belong to the function that
    the declaration opened, and are left out: the candidate is complete."""
    solution: str | None = None
    """A whole program that is right (not only the rest of the declaration)."""
    buggy: str | None = None
    """A whole program that is wrong."""
    setup: str | None = None
    """Code that is put before the candidate."""
    message: str | None = None
    """All that a chat model is sent; default: the instruction, and the declaration in a code block."""
    continues: str | None = None
    """All that a base model continues; default: the declaration."""
    stops: str | tuple[str, ...] | None = None
    """Texts that end a base model's continuation, or the column with them; default: the language's."""
    standard: str | None = None
    """The standard of the language, such as ``c++17``."""

    @pydantic.field_validator("*", mode="before")
    @classmethod
    def _quoted(cls, given: Any, info: pydantic.ValidationInfo) -> Any:
        if isinstance(given, dict) and info.field_name in Texts.model_fields:
            raise ValueError(
                f'expected a text; one that begins with a brace needs quotes: "{{{next(iter(given), 0)}}}"'
            )
        return given


class LanguageForm(Texts):
    """What is different in one language."""

    name: str | None = None
    """What the files call it."""
    file: str | tuple[str, ...] | None = None


class Form(Texts):
    """A benchmark, as written in its file."""

    name: Annotated[str, pydantic.AfterValidator(_benchmark_name)]
    title: str = ""
    version: int = 1
    """Increase it when the same rows would give other problems."""
    hub: str = ""
    """The dataset on the Hub, OWNER/NAME."""
    data: InputPath | None = None
    """The folder of the rows, or the file with all of them; ``--data`` and studies replace it."""
    file: str | tuple[str, ...] = ("{language}.jsonl", "{language}.jsonl.gz")
    """The file of a language in that folder, with ``{language}`` for its name and ``*`` for any text. Of
    several patterns the first that matches counts."""
    where: dict[str, Annotated[str | tuple[str, ...], pydantic.BeforeValidator(_as_texts)]] = {}
    """Only rows that have these values (or one of a list), or numbers in a range (``11..510``);
    ``{language}`` is the language's name in the files."""
    languages: dict[str, LanguageForm] = pydantic.Field(min_length=1)
    """The languages: a list, or a mapping to their names in the files or to what is different in them."""
    id: str
    instruction: str = ""
    cases: CasesForm | None = None
    """Instead of tests: runs of the candidate as a whole program, or calls of its function."""
    comparison: ComparisonForm = ComparisonForm()
    compare: Compare | None = None
    """``statement``: outputs may also differ as the instruction says (an error, upper and lower case)."""
    checkers: InputPath | None = None
    """A folder of checkers for problems with several right outputs."""
    limits: LimitsForm = LimitsForm()
    defects: dict[str, str] = {}
    """Rows with errors of their own, by id (or LANGUAGE/ID, if languages share ids): the reason. Reports also
    give the rate without them."""
    wrong_solutions: dict[str, str] = {}
    """Rows whose solution alone is wrong, in the same way: the gate expects it to fail."""

    @pydantic.field_validator("languages", mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        if isinstance(given, list):
            given = {str(name): {} for name in given}
        if not isinstance(given, dict) or not given:
            raise ValueError("expected a list of languages, such as [python, go], or a mapping")
        return {name: {"name": each} if isinstance(each, str) else each for name, each in given.items()}

    def texts(self, language: str) -> Texts:
        """The texts of one language."""
        own = self.languages[language].model_dump(exclude_none=True, exclude={"name", "file"})
        return Texts.model_validate({**self.model_dump(include=set(Texts.model_fields)), **own})
