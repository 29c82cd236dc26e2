"""The generation core: order, errors, second questions, stopping and resuming."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from crosstune.errors import Incomplete, UsageError
from crosstune.generation import SECOND_QUESTION, Decoding, GeneratedAnswer, Request, check_complete
from crosstune.prompts import PROMPTS
from crosstune.records import Completion, Problem
from tests.generation.parts import Killed, Script, benchmark, completions, problem, run

PROBLEMS = [problem(number, language) for language in ("python", "javascript") for number in (3, 1, 2)]


def test_completions_are_in_the_order_of_problems_and_samples(tmp_path: Path) -> None:
    script = Script()
    counts = run(tmp_path, PROBLEMS, script.back_end(), decoding=Decoding(samples=2, temperature=1))
    rows = completions(tmp_path)
    expected = [(p.language, p.id, sample) for p in PROBLEMS for sample in (0, 1)]
    assert [(row.language, row.problem, row.sample) for row in rows] == expected
    assert rows[0].prompt == "Write a function that adds 3 to a number.\ndef f3(x):"
    assert rows[0].text == " # ef f3(x):"
    assert counts == {
        "completions": 12,
        "answers": 12,
        "errors": 0,
        "temporary_errors": 0,
        "error_kinds": {},
        "empty": 0,
        "at_length_limit": 0,
        "at_context_end": 0,
        "prompt_tokens": 36,
        "completion_tokens": 60,
        "cut_prompts": 12,
        "cut_tokens": 12,
    }


def test_cost_is_counted_if_the_back_end_knows_prices(tmp_path: Path) -> None:
    def priced(_options: object, prompts: int, answers: int) -> float:
        return prompts + answers / 10

    back_end = dataclasses.replace(Script().back_end(), cost=priced)
    assert run(tmp_path / "a", PROBLEMS, back_end)["cost"] == 18 + 3.0
    unknown = dataclasses.replace(Script().back_end(), cost=lambda *_: None)
    assert "cost" not in run(tmp_path / "b", PROBLEMS, unknown)


def test_every_request_has_its_own_seed_independent_of_others(tmp_path: Path) -> None:
    seen: dict[tuple[str, str, int], int] = {}

    def note(request: Request) -> GeneratedAnswer:
        seen[request.language, request.problem, request.sample] = request.seed
        return GeneratedAnswer("", "stop")

    decoding = Decoding(samples=2, temperature=1)
    run(tmp_path / "a", PROBLEMS, Script(note).back_end(), decoding=decoding)
    everything = dict(seen)
    seen.clear()
    run(tmp_path / "b", PROBLEMS[2:4], Script(note).back_end(), decoding=decoding)
    assert len(set(everything.values())) == 12
    assert seen == {key: everything[key] for key in seen}
    run(tmp_path / "c", PROBLEMS[2:4], Script(note).back_end(), decoding=Decoding(samples=2, seed=1))
    assert all(seen[key] != everything[key] for key in seen)


def test_only_continued_code_gets_the_stops_of_its_language(tmp_path: Path) -> None:
    stops: dict[str, tuple[str, ...]] = {}

    def note(request: Request) -> GeneratedAnswer:
        stops[request.problem] = request.stops
        return GeneratedAnswer("", "stop")

    problems = [problem(1), problem(2, declaration="")]
    run(tmp_path / "a", problems, Script(note).back_end(), prompt=PROMPTS.load("octocoder"))
    assert "\ndef " in stops["1"]
    assert stops["2"] == PROMPTS.load("octocoder").stops
    run(tmp_path / "b", problems, Script(note).back_end(), prompt=PROMPTS.load("chat"))
    assert stops == {"1": (), "2": ()}


def test_answers_that_end_with_the_context_are_counted(tmp_path: Path) -> None:
    most = Decoding().max_new_tokens
    tokens = {"1": most, "2": most - 1, "3": 0}

    def answer(request: Request) -> GeneratedAnswer:
        return GeneratedAnswer("x", "length", completion_tokens=tokens[request.problem])

    counts = run(tmp_path, PROBLEMS[:3], Script(answer).back_end())
    assert (counts["at_length_limit"], counts["at_context_end"]) == (3, 1)


def test_failed_request_is_an_error_and_others_continue(tmp_path: Path) -> None:
    def answer(request: Request) -> GeneratedAnswer:
        if request.problem == "1":
            return GeneratedAnswer("", "error", error="the server said 500")
        return GeneratedAnswer("x", "length")

    counts = run(tmp_path, PROBLEMS[:3], Script(answer).back_end())
    assert [(row.finish_reason, row.error) for row in completions(tmp_path)] == [
        ("length", ""),
        ("error", "the server said 500"),
        ("length", ""),
    ]
    assert (counts["errors"], counts["at_length_limit"]) == (1, 2)


def test_work_without_an_answer_is_shown(tmp_path: Path) -> None:
    class Slow(Script):
        def answers(self, requests, done):  # type: ignore[no-untyped-def]
            for row in super().answers(requests, done):
                yield from (None, None, row)

    counts: list[int] = []
    run(tmp_path, PROBLEMS[:2], Slow().back_end(), progress=lambda done, _total: counts.append(done))
    assert counts[:7] == [0, 0, 0, 1, 1, 1, 2]
    assert [row.finish_reason for row in completions(tmp_path)] == ["stop", "stop"]


def test_request_without_an_answer_is_an_error(tmp_path: Path) -> None:
    class Forgetful(Script):
        def answers(self, requests, done):  # type: ignore[no-untyped-def]
            return [row for row in super().answers(requests, done) if row[0] != 1]

    run(tmp_path, PROBLEMS[:3], Forgetful().back_end())
    assert [row.finish_reason for row in completions(tmp_path)] == ["stop", "error", "stop"]
    assert "no answer" in completions(tmp_path)[1].error


@pytest.mark.parametrize("after", range(6))
def test_killed_run_resumes_and_asks_nothing_twice(tmp_path: Path, after: int) -> None:
    run(tmp_path / "whole", PROBLEMS, Script().back_end())
    first = Script(dies_after=after)
    with pytest.raises(Killed):
        run(tmp_path / "cut", PROBLEMS, first.back_end())
    assert not (tmp_path / "cut" / "completions.jsonl").exists()
    second = Script()
    run(tmp_path / "cut", PROBLEMS, second.back_end())
    assert len(first.asked) + len(second.asked) == len(PROBLEMS)
    assert result(tmp_path / "cut") == result(tmp_path / "whole")


def result(folder: Path) -> bytes:
    return (folder / "completions.jsonl").read_bytes()


def test_journal_cut_at_any_byte_gives_the_same_result(tmp_path: Path) -> None:
    run(tmp_path, PROBLEMS[:3], Script().back_end())
    whole, journal = result(tmp_path), tmp_path / "work" / "answers-1.jsonl"
    content = journal.read_bytes()
    asked = []
    for size in range(len(content) + 1):
        journal.write_bytes(content[:size])
        script = Script()
        run(tmp_path, PROBLEMS[:3], script.back_end())
        assert result(tmp_path) == whole
        assert sorted(journal.read_bytes().splitlines()) == sorted(content.splitlines())
        asked.append(len(script.asked))
    assert asked == sorted(asked, reverse=True)
    assert (asked[0], asked[-1], set(asked)) == (3, 0, {0, 1, 2, 3})
    assert script.opened == 0


@pytest.mark.parametrize(
    "line",
    [b"not JSON\n", b"[]\n", b'{"position": 9, "answer": {}}\n', b'{"key": "0", "answer": {"text": 1}}\n'],
)
def test_damaged_line_is_moved_aside_and_asked_again(
    tmp_path: Path, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    run(tmp_path, PROBLEMS[:3], Script().back_end())
    whole, journal = result(tmp_path), tmp_path / "work" / "answers-1.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*lines[:2], line, *lines[3:]]))
    script = Script()
    run(tmp_path, PROBLEMS[:3], script.back_end())
    assert (len(script.asked), result(tmp_path)) == (1, whole)
    aside = journal.with_name("answers-1.jsonl.damaged")
    assert json.loads(aside.read_text("utf-8")) == {"line": 3, "text": line.decode()}
    assert caplog.messages == [f"{journal}, line 3: damaged; moved to {aside}, and its request is repeated"]


def test_an_answer_that_was_changed_is_asked_for_again(tmp_path: Path) -> None:
    run(tmp_path, PROBLEMS[:3], Script().back_end())
    whole, journal = result(tmp_path), tmp_path / "work" / "answers-1.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    changed = lines[1].replace(b'"text": "', b'"text": "0', 1)
    assert changed != lines[1]
    journal.write_bytes(b"".join([lines[0], changed, lines[2]]))
    script = Script()
    run(tmp_path, PROBLEMS[:3], script.back_end())
    assert (len(script.asked), result(tmp_path)) == (1, whole)


def test_journal_of_version_0_1_starts_over(tmp_path: Path) -> None:
    journal = tmp_path / "work" / "answers-1.jsonl"
    journal.parent.mkdir()
    journal.write_text('{"requests": "abc"}\n{"position": 0, "answer": {"text": "x"}}\n')
    script = Script()
    run(tmp_path, PROBLEMS[:3], script.back_end())
    assert len(script.asked) == 3


def test_only_new_questions_are_asked(tmp_path: Path) -> None:
    run(tmp_path, PROBLEMS[:3], Script().back_end())
    for problems, decoding, count in (
        (PROBLEMS[1:], Decoding(), len(PROBLEMS) - 3),
        (PROBLEMS[1:3], Decoding(samples=2), 2),
        (PROBLEMS[:3], Decoding(max_new_tokens=7), 3),
        (PROBLEMS, Decoding(), 0),
    ):
        script = Script()
        run(tmp_path, problems, script.back_end(), decoding=decoding)
        assert len(script.asked) == count


def test_errors_are_asked_again_when_a_killed_run_resumes(tmp_path: Path) -> None:
    failing = Script(lambda _request: GeneratedAnswer("", "error", error="down"), dies_after=2)
    with pytest.raises(Killed):
        run(tmp_path, PROBLEMS, failing.back_end())
    script = Script()
    counts = run(tmp_path, PROBLEMS, script.back_end())
    assert (counts["errors"], len(script.asked)) == (0, 6)


def describe_then_write(asked: Problem, answer: str) -> Problem | None:
    if asked.id == "2":
        return None
    return dataclasses.replace(asked, instruction=f"Write: {answer}", declaration="def g(x):\n")


def explained(request: Request) -> GeneratedAnswer:
    text = "    return x" if request.prompt.endswith("def g(x):") else f"adds {request.problem}"
    return GeneratedAnswer(text, "stop", 2, 3)


def test_second_question_includes_the_first_answer(tmp_path: Path) -> None:
    problems = [problem(number, declaration="") for number in (1, 2)]
    small = benchmark(describe_then_write)
    reported: list[tuple[int, int]] = []
    counts = run(
        tmp_path,
        problems,
        Script(explained).back_end(),
        benchmark=small,
        progress=lambda done, total: reported.append((done, total)),
    )
    first, second = completions(tmp_path)
    asked = "Write a function that adds 1 to a number. Please."
    assert first.text == "    return x"
    assert first.prompt == f"{asked}adds 1{SECOND_QUESTION}Write: adds 1\ndef g(x):"
    assert (first.prompt_tokens, first.completion_tokens) == (4, 6)
    assert second.text == "adds 2"
    assert (counts["completions"], counts["answers"]) == (2, 3)
    assert reported[-1] == (3, 3)
    assert reported == sorted(reported)


def test_problems_of_one_turn_are_complete_before_second_questions(tmp_path: Path) -> None:
    seen: list[tuple[str, bool]] = []

    def reply(request: Request) -> GeneratedAnswer:
        seen.append((request.problem, request.prompt.endswith("def g(x):")))
        return explained(request)

    run(
        tmp_path,
        [problem(number, declaration="") for number in (1, 2)],
        Script(reply).back_end(),
        benchmark=benchmark(describe_then_write),
        on_completion=lambda completion: seen.append((f"completed {completion.problem}", False)),
    )
    assert seen.index(("completed 2", False)) < seen.index(("1", True)) < seen.index(("completed 1", False))


@pytest.mark.parametrize("after", range(5))
def test_two_turns_resume_after_a_kill(tmp_path: Path, after: int) -> None:
    problems = [problem(number, declaration="") for number in (1, 3, 4)]
    small = benchmark(describe_then_write)
    run(tmp_path / "whole", problems, Script(explained).back_end(), benchmark=small)
    first, second = Script(explained, dies_after=after), Script(explained)
    with pytest.raises(Killed):
        run(tmp_path / "cut", problems, first.back_end(), benchmark=small)
    run(tmp_path / "cut", problems, second.back_end(), benchmark=small)
    assert len(first.asked) + len(second.asked) == 6
    assert result(tmp_path / "cut") == result(tmp_path / "whole")


def test_no_second_question_after_an_error(tmp_path: Path) -> None:
    script = Script(lambda _request: GeneratedAnswer("", "error", error="down"))
    run(tmp_path, [problem(1)], script.back_end(), benchmark=benchmark(describe_then_write))
    assert (len(script.asked), completions(tmp_path)[0].finish_reason) == (1, "error")


def test_text_that_is_no_unicode_survives(tmp_path: Path) -> None:
    script = Script(lambda _request: GeneratedAnswer("half \ud83d of a pair", "stop"))
    run(tmp_path, PROBLEMS[:1], script.back_end())
    again = Script()
    run(tmp_path, PROBLEMS[:1], again.back_end())
    assert again.asked == []
    assert json.loads(result(tmp_path))["text"] == "half \ud83d of a pair"


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    reported: list[tuple[int, int]] = []
    script = Script()
    run(tmp_path, PROBLEMS, script.back_end(), progress=lambda done, total: reported.append((done, total)))
    assert reported == [(done, 6) for done in range(7)]


def test_no_problems_give_an_empty_file(tmp_path: Path) -> None:
    script = Script()
    assert run(tmp_path, [], script.back_end())["answers"] == 0
    assert (result(tmp_path), script.opened) == (b"", 0)


def test_completions_are_passed_on_as_soon_as_they_are_known(tmp_path: Path) -> None:
    for benchmark_ in (benchmark(), benchmark(describe_then_write)):
        script, seen = Script(explained), list[Completion]()
        folder = tmp_path / str(bool(benchmark_.follow_up))
        for _ in range(2):  # the second time from the journal
            seen.clear()
            run(
                folder,
                PROBLEMS,
                script.back_end(),
                benchmark=benchmark_,
                prompt=PROMPTS.load("chat"),
                on_completion=seen.append,
            )
            assert sorted(seen, key=str) == sorted(completions(folder), key=str)
            assert len(seen) == len(PROBLEMS)


def test_reasoning_in_tags_is_kept_apart_in_chats(tmp_path: Path) -> None:
    answer = GeneratedAnswer("<think>\nhm\n</think>\n\nanswer", "stop", reasoning="field")
    thinking = Script(lambda _: answer)
    run(tmp_path / "chat", PROBLEMS[:1], thinking.back_end(), prompt=PROMPTS.load("chat"))
    run(tmp_path / "plain", PROBLEMS[:1], thinking.back_end())
    (chat,), (plain,) = completions(tmp_path / "chat"), completions(tmp_path / "plain")
    assert (chat.text, chat.reasoning) == ("answer", "field\nhm")
    assert plain.text.startswith("<think>")


def test_errors_are_counted_by_kind(tmp_path: Path) -> None:
    def answer(request: Request) -> GeneratedAnswer:
        if request.problem == "1":
            return GeneratedAnswer("", "error", error="time-out: no answer", temporary=True)
        return GeneratedAnswer("", "error", error="context overflow: long")

    counts = run(tmp_path, PROBLEMS[:3], Script(answer).back_end())
    assert (counts["errors"], counts["temporary_errors"], counts["empty"]) == (3, 1, 0)
    assert sorted(counts["error_kinds"]) == ["context overflow", "time-out"]
    with pytest.raises(Incomplete, match="1 of 3 answers are missing"):
        check_complete({"generation": counts})
    check_complete({"generation": counts | {"temporary_errors": 0}})


def test_settings_of_a_chat_need_a_chat(tmp_path: Path) -> None:
    for decoding in (Decoding(system="s"), Decoding(chat_template_kwargs={"enable_thinking": False})):
        with pytest.raises(UsageError, match="prompt template 'plain'"):
            run(tmp_path, PROBLEMS, Script().back_end(), decoding=decoding)


def test_later_settings_do_not_change_the_keys_of_stored_answers() -> None:
    plain = Decoding().model_dump()
    assert plain.keys() == {"temperature", "top_p", "samples", "max_new_tokens", "batch_size", "seed"}
    assert Decoding(system="s", stops=("x",)).model_dump() == {**plain, "system": "s", "stops": ("x",)}
