from crosstune import corpus
from crosstune.records import Example
from tests.corpus.samples import additions


def test_exact_duplicates_are_dropped_by_content_and_id() -> None:
    first, second, third = additions("python", 3)
    spaces = Example("b", first.prompt + " ", first.completion + "  \n", "python", "fix", "other")
    same_id = Example(second.id, "another", "thing", "python", "fix", "t")
    other_source = Example(second.id, "of another", "source", "python", "fix", "other")
    result = corpus.apply_filters([first, second, spaces, same_id, other_source, third], corpus.ExactDedup())
    assert result.kept == [first, second, other_source, third]
    assert [(each.id, each.reason, each.detail) for each in result.dropped] == [
        ("b", "duplicate content", first.id),
        (second.id, "duplicate id", second.id),
    ]
    assert result.reasons == {"duplicate content": 1, "duplicate id": 1}


def test_one_change_under_two_messages_is_a_duplicate() -> None:
    blobs = {"old_blob": "a" * 40, "new_blob": "b" * 40}
    one = Example("c1", "Fix it\nold\n", "new\n", "python", "commit", "s", blobs)
    other = Example("c2", "Mend it\nold\n", "new\n", "python", "commit", "s", blobs)
    other_piece = Example("c3", "Fix it\nold too\n", "new too\n", "python", "commit", "s", blobs)
    result = corpus.apply_filters([one, other, other_piece], corpus.ExactDedup())
    assert result.kept == [one, other_piece]
    assert result.dropped == [corpus.Dropped("c2", "duplicate change", "c1")]
