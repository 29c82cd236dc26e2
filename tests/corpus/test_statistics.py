import json
from dataclasses import asdict

from crosstune import corpus
from tests.corpus.samples import additions


def test_statistics_count_rows_and_lengths() -> None:
    numbers = corpus.statistics([*additions("python", 3), *additions("go", 1, "u"), *additions("", 10)])
    assert numbers.rows == 14
    assert list(numbers.languages.items()) == [("", 10), ("python", 3), ("go", 1)]
    assert numbers.sources == {"t": 13, "u": 1}
    assert [(cell.language, cell.rows) for cell in numbers.cells] == [("", 10), ("go", 1), ("python", 3)]
    assert (numbers.completions.least, numbers.completions.median, numbers.completions.most) == (5, 5, 5)
    assert numbers.completions.total == 70
    json.dumps(asdict(numbers))
    assert corpus.statistics([]).prompts.most == 0
