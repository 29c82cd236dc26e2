import json
from dataclasses import asdict

from crosstune import corpus
from tests.corpus.samples import additions


def test_statistics_count_rows_and_lengths() -> None:
    found = corpus.statistics([*additions("python", 3), *additions("go", 1, "u"), *additions("", 10)])
    assert found.rows == 14
    assert list(found.languages.items()) == [("", 10), ("python", 3), ("go", 1)]
    assert found.sources == {"t": 13, "u": 1}
    assert [(cell.language, cell.rows) for cell in found.cells] == [("", 10), ("go", 1), ("python", 3)]
    assert (found.completions.least, found.completions.median, found.completions.most) == (5, 5, 5)
    assert found.completions.total == 70
    json.dumps(asdict(found))
    assert corpus.statistics([]).prompts.most == 0
