"""Answers of a tiny random model in batches equal those asked one by one."""

from __future__ import annotations

import collections
import json
import shutil
import subprocess
import sys
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError, PrerequisiteError
from crosstune.generation import BACK_ENDS, Decoding, GeneratedAnswer, Request, computed_with_text
from crosstune.records import Requirement
from tests.generation.parts import completions, problem, run

GREEDY = Decoding(max_new_tokens=12, batch_size=4)
SAMPLED = Decoding(max_new_tokens=12, batch_size=4, temperature=0.8, top_p=0.95, samples=3)


def request(prompt: str, **given: Any) -> Request:
    row: dict[str, Any] = {
        "problem": "1",
        "benchmark": "small",
        "language": "python",
        "task": "synthesize",
        "sample": 0,
        "prompt": prompt,
        "stops": (),
        "seed": 7,
    }
    return Request(**(row | given))


def answers(
    model: Path,
    requests: Sequence[Request],
    decoding: Decoding = GREEDY,
    *,
    done: Container[int] = (),
    **options: Any,
) -> dict[int, GeneratedAnswer]:
    back_end = BACK_ENDS.load("transformers")
    with back_end.open(str(model), decoding, back_end.settings(**options)) as session:
        found = list(filter(None, session.answers(requests, done)))
    assert len(found) == len(dict(found))
    return dict(found)


REQUESTS = [request(f"def f{n}(x):" + " x" * (7 * n % 11), seed=n) for n in range(9)]


@pytest.mark.parametrize("decoding", [GREEDY, SAMPLED], ids=["greedy", "sampled"])
def test_answer_does_not_depend_on_its_batch(tiny_model: Path, decoding: Decoding) -> None:
    together = answers(tiny_model, REQUESTS, decoding)
    assert sorted(together) == list(range(9))
    alone = [answers(tiny_model, [each], decoding)[0] for each in REQUESTS]
    assert [together[place] for place in range(9)] == alone
    assert len({answer.text for answer in alone}) > 1


def test_greedy_answers_equal_those_of_the_library(tiny_model: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_model)
    model = AutoModelForCausalLM.from_pretrained(tiny_model)
    for place, got in answers(tiny_model, REQUESTS[:3]).items():
        row = tokenizer(REQUESTS[place].prompt, return_tensors="pt")
        with torch.inference_mode():
            whole = model.generate(**row, max_new_tokens=12, do_sample=False, pad_token_id=0)
        fresh = whole[0, row["input_ids"].shape[1] :]
        assert got.text == tokenizer.decode(fresh, skip_special_tokens=True)
        assert (got.prompt_tokens, got.completion_tokens) == (row["input_ids"].shape[1], len(fresh))


def test_sampling_depends_only_on_the_seed(tiny_model: Path) -> None:
    asked = [request("def f(x):", seed=seed) for seed in (1, 2, 1)]
    found = answers(tiny_model, asked, SAMPLED)
    assert found[0].text == found[2].text != found[1].text


def test_sampling_draws_from_the_models_distribution(tiny_model: Path) -> None:
    """The first token of many answers against the probabilities, with a chi-squared test."""
    import torch
    from scipy.stats import chisquare
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_model)
    model = AutoModelForCausalLM.from_pretrained(tiny_model)
    row = tokenizer("def f(x):", return_tensors="pt")
    with torch.inference_mode():
        odds = torch.softmax(model(**row).logits[0, -1] / 0.2, -1).double()
    decoding = Decoding(max_new_tokens=1, batch_size=512, temperature=0.2)
    drawn = answers(tiny_model, [request("def f(x):", seed=seed) for seed in range(1500)], decoding)
    seen = collections.Counter(answer.text for answer in drawn.values())
    odds_of: dict[str, float] = collections.defaultdict(float)  # several tokens are no text, or half a letter
    for token, share in enumerate(odds.tolist()):
        odds_of[tokenizer.decode([token], skip_special_tokens=True)] += share
    likely = sorted(odds_of, key=lambda text: -odds_of[text])[:12]
    found = [seen[text] for text in likely]
    expected = [1500 * odds_of[text] for text in likely]
    assert chisquare([*found, 1500 - sum(found)], [*expected, 1500 - sum(expected)]).pvalue > 0.001


def test_small_top_p_leaves_the_most_likely_token(tiny_model: Path) -> None:
    decoding = Decoding(max_new_tokens=6, temperature=1, top_p=0.0001)
    narrow = answers(tiny_model, REQUESTS[:3], decoding)
    greedy = answers(tiny_model, REQUESTS[:3], Decoding(max_new_tokens=6))
    assert [narrow[place].text for place in range(3)] == [greedy[place].text for place in range(3)]


def test_stop_string_ends_only_its_own_answer(tiny_model: Path) -> None:
    free = answers(tiny_model, REQUESTS[:4])
    stop = free[0].text[5:8]
    asked = [
        request(each.prompt, stops=(stop,)) if place == 0 else each for place, each in enumerate(REQUESTS[:4])
    ]
    found = answers(tiny_model, asked)
    assert found[0].text == free[0].text[: free[0].text.index(stop)]
    assert found[0].finish_reason == "stop"
    assert found[0].completion_tokens < free[0].completion_tokens
    assert {place: found[place] for place in (1, 2, 3)} == {place: free[place] for place in (1, 2, 3)}
    assert free[1].finish_reason == "length"


def test_end_token_ends_an_answer_and_is_not_part_of_it(tiny_model: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_model)
    model = AutoModelForCausalLM.from_pretrained(tiny_model)
    row = tokenizer(REQUESTS[0].prompt, return_tensors="pt")
    with torch.inference_mode():
        whole = model.generate(**row, max_new_tokens=12, do_sample=False, pad_token_id=0)
    fresh = whole[0, row["input_ids"].shape[1] :].tolist()
    end = fresh.index(fresh[7])
    folder = shutil.copytree(tiny_model, tmp_path / "ends")
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": [1, fresh[7]]}))
    found = answers(folder, REQUESTS)
    assert found[0].text == tokenizer.decode(fresh[:end])
    assert (found[0].finish_reason, found[0].completion_tokens) == ("stop", end + 1)
    assert "length" in {answer.finish_reason for answer in found.values()}


def test_prompt_longer_than_the_context_is_cut_at_its_start(tiny_model: Path) -> None:
    long = "a b c d e f g h " * 60 + "def f(x):"
    asked = [request(long), request("def f(x):")]
    found = answers(tiny_model, asked)
    room = 256 - GREEDY.max_new_tokens
    assert (found[0].prompt_tokens, found[1].cut_tokens) == (room, 0)
    assert found[0].cut_tokens > 0
    shorter = long[len(long) - len(long) * room // (room + found[0].cut_tokens) - 200 :]
    assert answers(tiny_model, [request("zzzz " + shorter)])[0].text == found[0].text
    narrow = answers(tiny_model, asked[:1], context=40)[0]
    assert (narrow.prompt_tokens, narrow.completion_tokens) == (28, 12)


def test_long_answers_leave_half_of_a_small_context_to_the_prompt(tiny_model: Path) -> None:
    found = answers(tiny_model, [request("x " * 300)], Decoding(max_new_tokens=1000), context=64)[0]
    assert found.prompt_tokens == 32
    assert found.completion_tokens <= 32


def test_smaller_batches_give_the_same_answers(tiny_model: Path) -> None:
    assert answers(tiny_model, REQUESTS, batch_tokens=50) == answers(tiny_model, REQUESTS)


def test_finished_requests_are_not_answered_again(tiny_model: Path) -> None:
    whole = answers(tiny_model, REQUESTS)
    rest = answers(tiny_model, REQUESTS, done={0, 3, 8})
    assert rest == {place: whole[place] for place in (1, 2, 4, 5, 6, 7)}
    assert answers(tiny_model, REQUESTS, done=set(range(9))) == {}


def test_unusual_prompts_are_answered(tiny_model: Path) -> None:
    found = answers(tiny_model, [request(""), request("é ☃ \u0000"), request("\n")])
    assert all(answer.completion_tokens > 0 for answer in found.values())


def test_chat_needs_a_template_and_uses_it(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no chat template"):
        answers(tiny_model, [request("hello", chat=True)])
    from transformers import AutoTokenizer

    shutil.copytree(tiny_model, tmp_path / "chat")
    tokenizer = AutoTokenizer.from_pretrained(tiny_model)
    tokenizer.chat_template = (
        "{% for message in messages %}user: {{ message['content'] }} ;{% endfor %}"
        "{% if add_generation_prompt %} bot:{% endif %}"
    )
    tokenizer.save_pretrained(tmp_path / "chat")
    chat = answers(tmp_path / "chat", [request("hello", chat=True, opening=" def")])
    assert chat == answers(tiny_model, [request("user: hello ; bot: def")])


def test_generate_gives_the_same_bytes_after_an_interruption(tiny_model: Path, tmp_path: Path) -> None:
    problems = [problem(n, language) for language in ("python", "javascript") for n in range(5)]
    back_end = BACK_ENDS.load("transformers")
    decoding = Decoding(max_new_tokens=8, batch_size=4, temperature=0.7, samples=2)
    for folder in ("whole", "cut"):
        run(tmp_path / folder, problems, back_end, model=str(tiny_model), decoding=decoding)
    whole = (tmp_path / "whole" / "completions.jsonl").read_bytes()
    assert len(completions(tmp_path / "whole")) == 20
    journal = tmp_path / "cut" / "work" / "answers-1.jsonl"
    content = journal.read_bytes()
    for part in (0.2, 0.55, 0.9):
        journal.write_bytes(content[: int(len(content) * part)])
        (tmp_path / "cut" / "completions.jsonl").unlink()
        run(tmp_path / "cut", problems, back_end, model=str(tiny_model), decoding=decoding)
        assert (tmp_path / "cut" / "completions.jsonl").read_bytes() == whole


def test_model_that_cannot_be_loaded_is_reported(tiny_model: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "none such"}))
    with pytest.raises(DataError, match="transformers cannot load this model"):
        answers(tmp_path, REQUESTS)
    with pytest.raises(DataError, match="torch does not know the device 'warp'"):
        answers(tiny_model, REQUESTS, device="warp")


def test_missing_gpu_is_reported(tiny_model: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    with pytest.raises(PrerequisiteError, match="no CUDA GPU"):
        answers(tiny_model, REQUESTS, device="cuda")


def requirements(model: str, **options: Any) -> list[Requirement]:
    back_end = BACK_ENDS.load("transformers")
    return list(back_end.requirements(model, back_end.settings(**options)))


def test_model_of_the_study_requires_only_packages() -> None:
    assert [(each.what, each.met) for each in requirements("")] == [
        ("the Python package torch", True),
        ("the Python package transformers", True),
    ]


def test_folder_must_contain_a_model(tiny_model: Path, tmp_path: Path) -> None:
    assert requirements(str(tiny_model))[-1].met
    assert not requirements(str(tmp_path / "none"))[-1].met
    assert "config.json" in requirements(str(tmp_path / "none"))[-1].how


def test_gpu_memory_is_required() -> None:
    requirement = next(each for each in requirements("", gpu_gib=100_000) if "GPU" in each.what)
    assert not requirement.met
    assert requirement.what == "a GPU with 100000 GiB of memory"


PLAN = """
import json, sys
from crosstune.generation import BACK_ENDS
back_end = BACK_ENDS.load("transformers")
model = back_end.requirements("some-owner/some-model", back_end.settings())[-1]
print(json.dumps([model.met, model.how, "torch" in sys.modules, "transformers" in sys.modules]))
"""


def planned(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[Any]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    output = subprocess.run([sys.executable, "-c", PLAN], check=True, capture_output=True, text=True).stdout
    found: list[Any] = json.loads(output)
    return found


def test_hub_model_is_looked_up_in_the_cache_then_on_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = {"HF_HUB_CACHE": str(tmp_path), "HF_ENDPOINT": "http://127.0.0.1:9"}
    met, how, *loaded = planned(monkeypatch, HF_HUB_OFFLINE="1", **nowhere)
    assert (met, loaded) == (False, [False, False])
    assert "HF_HUB_OFFLINE" in how
    met, how, *loaded = planned(monkeypatch, HF_HUB_OFFLINE="0", **nowhere)
    assert (met, loaded) == (False, [False, False])
    assert "127.0.0.1:9 does not answer" in how
    snapshot = tmp_path / "models--some-owner--some-model" / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text("{}")
    assert planned(monkeypatch, HF_HUB_OFFLINE="1", **nowhere)[0] is True


def test_what_answers_were_computed_with_is_described_and_kept(tiny_model: Path, tmp_path: Path) -> None:
    back_end = BACK_ENDS.load("transformers")
    options = back_end.settings.model_validate({"dtype": "float32", "batching": "fixed"})
    decoding = Decoding(max_new_tokens=2, batch_size=3)
    heard: list[Mapping[str, Any]] = []
    given = {"model": str(tiny_model), "options": options, "decoding": decoding, "on_session": heard.append}
    first = run(tmp_path, [problem(1)], back_end, **given)
    (described,) = first["computed_with"]
    assert described == heard[0]
    assert {**described, "threads": 1} == {
        "device": "cpu",
        "dtype": "float32",
        "dtype_reason": "as asked for",
        "batches": "fixed",
        "batch_size": 3,
        "threads": 1,
    }
    text = computed_with_text(described | {"threads": 1})
    assert text == "cpu, 1 thread, float32 (as asked for), fixed batches of up to 3"
    # Without a new answer no model is loaded; what the stored ones were computed with is still known.
    assert run(tmp_path, [problem(1)], back_end, **given)["computed_with"] == [described]
    assert len(heard) == 1


def test_a_type_chosen_by_itself_says_why(tiny_model: Path) -> None:
    back_end = BACK_ENDS.load("transformers")
    with back_end.open(str(tiny_model), GREEDY, back_end.settings()) as session:
        assert back_end.describe
        described = back_end.describe(session)
    assert described["dtype"] == "float32"  # the weights are stored so
    assert described["dtype_reason"] in {
        "as the weights are stored",
        "this CPU does not compute in bfloat16",
    }
    assert described["batches"] == "continuous"


def test_missing_tensors_are_named_and_never_random(tiny_model: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    shutil.copytree(tiny_model, tmp_path / "model")
    file = tmp_path / "model" / "model.safetensors"
    tensors = load_file(file)
    del tensors["model.layers.1.mlp.up_proj.weight"]
    save_file(tensors, file, {"format": "pt"})
    with pytest.raises(
        DataError, match=r"would be random: model\.layers\.1\.mlp\.up_proj\.weight; the files"
    ):
        answers(tmp_path / "model", REQUESTS[:1])


def test_tensors_of_another_model_are_an_error(tiny_model: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_model, tmp_path / "model")
    config = tmp_path / "model" / "config.json"
    settings = json.loads(config.read_text())
    config.write_text(json.dumps(settings | {"intermediate_size": 64}))
    with pytest.raises(DataError, match="transformers cannot load this model"):
        answers(tmp_path / "model", REQUESTS[:1])


def test_damaged_tokenizer_is_an_error(tiny_model: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_model, tmp_path / "model")
    (tmp_path / "model" / "tokenizer.json").write_text('{"version": "1.0", "model": {"type": "none"}}')
    with pytest.raises(DataError, match="transformers cannot load this model"):
        answers(tmp_path / "model", REQUESTS[:1])
