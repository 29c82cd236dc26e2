"""MBPP+ (arXiv 2305.01210): 378 problems of MBPP with about 35 times as many tests."""

from crosstune.benchmarks._evalplus import check, reading_releases
from crosstune.benchmarks._forms._template import BadRow, Row


def _as_on_the_hub(row: Row) -> Row:
    """The release has text and example in one docstring, and ids such as Mbpp/2, which stay."""
    tests = f"{check(row)}\n\ncheck({row['entry_point']})\n"
    quoted = row["prompt"].strip().removeprefix('"""').removesuffix('"""').strip()
    text, found, example = quoted.partition("\nassert ")
    if not found:
        raise BadRow("column 'prompt': expected a docstring whose last lines are an assertion")
    columns = {"prompt": text, "test_list": [f"assert {example}"], "code": row["canonical_solution"]}
    return {**row, **columns, "test_imports": [], "test": tests}


BENCHMARK = reading_releases(__name__, _as_on_the_hub)
