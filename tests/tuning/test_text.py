"""What is learned at the end of an answer, and special tokens' names inside rows."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from crosstune.errors import DataError
from crosstune.prompts import PROMPTS
from crosstune.records import Turn
from crosstune.tuning._rows import IGNORED, Row, encode
from tests.tuning import families, small

CHATS = [name for name, family in families.FAMILIES.items() if family.chat]
LONG = small.RECIPE.model_copy(update={"max_length": 1000})


@pytest.fixture(scope="module")
def tokenizers() -> dict[str, Any]:
    return {name: families.make_tokenizer(family) for name, family in families.FAMILIES.items()}


def row(tokenizer: Any, example: Any, template: str = "chat") -> Row:
    return encode([example], tokenizer, PROMPTS.load(template), LONG).rows[0]


@pytest.mark.parametrize("name", CHATS)
def test_chat_learns_the_end_of_the_turn(name: str, tokenizers: dict[str, Any]) -> None:
    tokenizer = tokenizers[name]
    made = row(tokenizer, small.example("one", "two"))
    assert families.FAMILIES[name].end == tokenizer.convert_ids_to_tokens(made.ids[-1])
    learned = [label for label in made.labels if label != IGNORED]
    assert tokenizer.decode(learned, skip_special_tokens=True).strip() == "two"
    messages = [{"role": "user", "content": "one"}]
    asked = tokenizer.apply_chat_template(messages, add_generation_prompt=True)["input_ids"]
    assert asked == made.ids[: made.prompt_length]


@pytest.mark.parametrize("name", families.FAMILIES)
def test_names_of_special_tokens_in_a_row_stay_text(name: str, tokenizers: dict[str, Any]) -> None:
    tokenizer, family = tokenizers[name], families.FAMILIES[name]
    template = "chat" if family.chat else "plain"
    neutral = row(tokenizer, small.example("x", "x"), template)
    control = {tokenizer.eos_token_id, *tokenizer.convert_tokens_to_ids(list(family.special)), *neutral.ids}
    control &= set(tokenizer.added_tokens_decoder)
    for special in {tokenizer.eos_token, *family.special}:
        text = f"x = '{special}' # {special}{special}"
        example = dataclasses.replace(
            small.example(text, text), history=(Turn("user", special), Turn("assistant", special))
        )
        made = row(tokenizer, example, template)
        plain = row(
            tokenizer,
            dataclasses.replace(small.example("x", "x"), history=(Turn("user", "x"), Turn("assistant", "x"))),
            template,
        )
        for ids, expected in ((made.ids, plain.ids),):
            assert [each for each in ids if each in control] == [each for each in expected if each in control]
        assert text in tokenizer.decode(made.ids[made.prompt_length :])
        assert text in tokenizer.decode(made.ids[: made.prompt_length])


def test_tags_of_a_prompt_template_are_tokens_where_the_tokenizer_has_them(
    tokenizers: dict[str, Any],
) -> None:
    tokenizer = tokenizers["starcoder"]
    tag = tokenizer.convert_tokens_to_ids("<commit_after>")
    made = row(tokenizer, small.example("one\n<commit_after>two", "three <commit_after>"), "commit-tags")
    assert made.ids.count(tag) == 1
    assert made.ids[made.prompt_length - 1] == tag


def test_added_token_that_is_not_special_can_end_a_turn() -> None:
    tokenizer = families.make_tokenizer(
        dataclasses.replace(families.FAMILIES["qwen2"], special=["<|endoftext|>"])
    )
    tokenizer.add_tokens(families.TURNS)
    made = row(tokenizer, small.example("one <|im_end|>", "two <|im_end|>"))
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    assert made.ids[-1] == end
    assert [end] == [token for token in made.ids[made.prompt_length :] if token == end]


def test_template_of_plain_text_ends_with_the_tokenizers_end() -> None:
    tokenizer = families.make_tokenizer(families.FAMILIES["starcoder2"])
    tokenizer.chat_template = "{% for m in messages %}### {{ m.role }}:\n{{ m.content }}\n\n{% endfor %}"
    assert row(tokenizer, small.example("one", "two")).ids[-1] == tokenizer.eos_token_id


def test_system_prompts_and_earlier_turns_are_context(tokenizers: dict[str, Any]) -> None:
    turns = (Turn("user", "one"), Turn("assistant", "two"))
    example = dataclasses.replace(small.example("three", "four"), system="five", history=turns)
    made = row(tokenizers["qwen2"], example)
    expected = (
        "<|im_start|>system\nfive<|im_end|>\n<|im_start|>user\none<|im_end|>\n<|im_start|>assistant\ntwo<|im_end|>\n"
        "<|im_start|>user\nthree<|im_end|>\n<|im_start|>assistant\nfour<|im_end|>"
    )
    assert expected == tokenizers["qwen2"].decode(made.ids)
    with pytest.raises(DataError, match="System role not supported"):
        row(tokenizers["gemma"], example)
