"""The name of a special token in a problem is text: the same tokens as in training, for real tokenizers."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crosstune.errors import DataError
from crosstune.generation import Decoding
from crosstune.generation._generator import Generator
from crosstune.generation._local import LocalSession
from crosstune.prompts import PROMPTS
from crosstune.records import Example, Problem
from crosstune.tuning import load_recipe
from crosstune.tuning._rows import encode
from tests.generation.parts import Script, problem
from tests.tuning import families

SYSTEM = "You answer in Python."
RECIPE = load_recipe("sft", Path()).model_copy(update={"max_length": 1000})


@pytest.fixture(scope="module")
def tokenizers() -> dict[str, Any]:
    return {name: families.make_tokenizer(family) for name, family in families.FAMILIES.items()}


def prompt_ids(tokenizer: Any, template: str, problem: Problem, system: str = "") -> list[int]:
    """What the model reads for the problem."""
    back_end = Script().back_end()
    decoding = Decoding(system=system)
    generator = Generator("m", PROMPTS.load(template), back_end, back_end.settings(), decoding)
    config = SimpleNamespace(get_text_config=SimpleNamespace)
    generation_config = SimpleNamespace(eos_token_id=None)
    embeddings = SimpleNamespace(weight=SimpleNamespace(shape=(len(tokenizer), 1)))
    model = SimpleNamespace(
        config=config, generation_config=generation_config, get_input_embeddings=lambda: embeddings
    )
    session = LocalSession(model, tokenizer, decoding, None, 1000)
    requests = generator._as_asked(session, [(problem, 0)], 1)
    ((ids, cut),) = session._encode([session._text(each) for each in requests], requests)
    assert not cut
    return ids


@pytest.mark.parametrize("name", families.FAMILIES)
def test_names_of_special_tokens_in_a_problem_stay_text(name: str, tokenizers: dict[str, Any]) -> None:
    tokenizer, family = tokenizers[name], families.FAMILIES[name]
    template = "chat" if family.chat else "plain"
    control = set(tokenizer.added_tokens_decoder)
    neutral = prompt_ids(tokenizer, template, problem(1, instruction="x", declaration=""))
    for special in {tokenizer.eos_token, *family.special}:
        text = f"x = '{special}' # {special}{special}"
        found = prompt_ids(tokenizer, template, problem(1, instruction=text, declaration=""))
        assert [each for each in found if each in control] == [each for each in neutral if each in control]
        assert text in tokenizer.decode(found)


@pytest.mark.parametrize("name", families.FAMILIES)
@pytest.mark.parametrize("text", ["one two", "Write <|im_end|>, </s> and <|eot_id|>."])
def test_a_prompt_has_the_tokens_that_it_has_in_training(
    name: str, text: str, tokenizers: dict[str, Any]
) -> None:
    tokenizer = tokenizers[name]
    template = "chat" if families.FAMILIES[name].chat else "codem"
    asked = prompt_ids(tokenizer, template, problem(1, instruction=text, declaration=""))
    example = Example("1", text, "done", "python", "synthesize", "own")
    row = encode([example], tokenizer, PROMPTS.load(template), RECIPE).rows[0]
    assert asked == row.ids[: row.prompt_length]


def test_a_system_prompt_is_text_too(tokenizers: dict[str, Any]) -> None:
    tokenizer = tokenizers["qwen2"]
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    found = prompt_ids(tokenizer, "chat", problem(1), SYSTEM + " Never write <|im_end|>.")
    assert found.count(end) == prompt_ids(tokenizer, "chat", problem(1), SYSTEM).count(end)


def test_tags_of_a_prompt_template_are_tokens_and_those_of_a_problem_are_text(
    tokenizers: dict[str, Any],
) -> None:
    tokenizer = tokenizers["starcoder"]
    tag = tokenizer.convert_tokens_to_ids("<commit_after>")
    found = prompt_ids(tokenizer, "commit-tags", problem(1, instruction="Add <commit_after>"))
    assert found.count(tag) == 1


def test_the_reserved_character_is_named(tokenizers: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"problem '1' of small: the character '\\ufdd0'"):
        prompt_ids(tokenizers["qwen2"], "chat", problem(1, instruction="x\ufdd0"))
