from crosstune.report._words import count, listing


def test_counts_and_lists_read_as_words() -> None:
    assert [listing(["a", "b", "c"][:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
    assert [count(1, "seed"), count(4320, "program")] == ["1 seed", "4,320 programs"]
