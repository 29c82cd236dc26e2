"""Examples become token rows in a reproducible order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError
from crosstune.prompts import PROMPTS, PromptTemplate
from crosstune.records import Example
from crosstune.tuning import Recipe
from crosstune.tuning._rows import IGNORED, WINDOW, Row, Rows, encode, order
from tests.tuning import small


@pytest.fixture(scope="module")
def tokenizer(trained: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(trained / "out" / "model")


def rows(
    tokenizer: Any, made: Sequence[Example], recipe: Recipe = small.RECIPE, template: str = "plain"
) -> Rows:
    return encode(made, tokenizer, PROMPTS.load(template), recipe)


def learned(tokenizer: Any, row: Row) -> str:
    return str(tokenizer.decode([label for label in row.labels if label != IGNORED]))


def test_completion_is_learned_from_the_prompt_boundary_to_the_end_token(tokenizer: Any) -> None:
    (row,) = rows(tokenizer, [small.example("Write plus.", "def plus(x):")]).rows
    assert tokenizer.decode(row.ids) == "Write plus.\ndef plus(x):<|end|>"
    assert learned(tokenizer, row) == "\ndef plus(x):<|end|>"


def test_raw_text_and_loss_all_learn_everything(tokenizer: Any) -> None:
    (raw,) = rows(tokenizer, [small.example("", "def plus(x):")]).rows
    everything = small.RECIPE.model_copy(update={"loss": "all"})
    (whole,) = rows(tokenizer, [small.example("Write plus.", "def plus(x):")], everything).rows
    assert learned(tokenizer, raw) == "def plus(x):<|end|>"
    assert learned(tokenizer, whole) == "Write plus.\ndef plus(x):<|end|>"


def test_training_uses_the_same_prompt_tokens_as_generation(tokenizer: Any) -> None:
    from crosstune.languages import LANGUAGES
    from crosstune.prompts import asking_text
    from crosstune.records import Problem

    problem = Problem("p", "b", "synthesize", "python", "Write plus.", "", "plus", "")
    asked = tokenizer(asking_text(PROMPTS.load("plain"), problem, LANGUAGES.load("python")))["input_ids"]
    (row,) = rows(tokenizer, [small.example("Write plus.", "def plus(x):")]).rows
    assert asked == row.ids[: row.prompt_length]


def test_truncated_and_dropped_examples_are_counted(tokenizer: Any) -> None:
    short = small.example("Ask", "yes")
    long = small.example("Ask", "no " * 200)
    hopeless = small.example("Ask " * 200, "yes")
    found = rows(tokenizer, [short, long, hopeless])
    assert (len(found.rows), found.truncated, found.dropped) == (2, 1, 1)
    assert [row.ids[-1] == tokenizer.eos_token_id for row in found.rows] == [True, False]
    assert small.RECIPE.max_length == len(found.rows[1].ids)
    with pytest.raises(DataError, match="all 1 are longer than max_length before their completions"):
        rows(tokenizer, [hopeless])


def test_wrapped_documents_are_not_truncated(tokenizer: Any) -> None:
    wrapped = small.RECIPE.model_copy(update={"packing": "wrapped"})
    found = rows(tokenizer, [small.example("Ask", "no " * 200)], wrapped)
    assert found.truncated == 0
    assert len(found.rows[0].ids) > small.RECIPE.max_length


def test_chat_prompt_needs_a_chat_template_and_uses_it(tokenizer: Any) -> None:
    made = [small.example("Write plus.", "def plus(x):")]
    with pytest.raises(DataError, match="no chat template; use another prompt template than 'chat'"):
        rows(tokenizer, made, template="chat")
    tokenizer.chat_template = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<bot>"
    (row,) = rows(tokenizer, made, template="chat").rows
    tokenizer.chat_template = None
    assert tokenizer.decode(row.ids) == "<user>Write plus.<bot>def plus(x):<|end|>"
    assert learned(tokenizer, row) == "def plus(x):<|end|>"


def test_special_tokens_before_a_text_are_kept_and_those_after_it_are_not(tokenizer: Any) -> None:
    from transformers import PreTrainedTokenizerFast

    made: Any = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer.backend_tokenizer, bos_token="A", eos_token=tokenizer.eos_token
    )
    from tokenizers.processors import TemplateProcessing

    first, end = made.convert_tokens_to_ids("A"), made.eos_token_id
    made.backend_tokenizer.post_processor = TemplateProcessing(
        single=f"A $A {made.eos_token}", special_tokens=[("A", first), (made.eos_token, end)]
    )
    for prompt in ("Write plus.", ""):
        (row,) = rows(made, [small.example(prompt, "def plus(x):")]).rows
        assert first == row.ids[0]
        assert [end] == [token for token in row.ids if token == end]


def test_digest_depends_on_ids_and_boundaries() -> None:
    one = Rows([Row([1, 2], 0)], 0, 0)
    assert one.digest == Rows([Row([1, 2], 0)], 3, 3).digest
    assert (
        len({one.digest, *(Rows(made, 0, 0).digest for made in ([], [Row([1, 2], 1)], [Row([12], 0)]))}) == 4
    )


def test_every_row_is_used_once_before_any_is_used_twice() -> None:
    lengths = [(7 * place) % 50 for place in range(1000)]
    found = order(lengths, small.RECIPE, 2400, seed=3)
    assert len(found) == 2400
    assert {2, 3} == {found.count(place) for place in range(1000)}
    assert found == order(lengths, small.RECIPE, 2400, seed=3)
    assert found != order(lengths, small.RECIPE, 2400, seed=4)


def test_batches_have_rows_of_similar_length_in_random_order() -> None:
    lengths = [(7 * place) % 50 for place in range(1000)]
    found = order(lengths, small.RECIPE, 1000, seed=3)
    batches = [[lengths[place] for place in found[at : at + 4]] for at in range(0, 1000, 4)]
    assert max(max(batch) - min(batch) for batch in batches) <= 3
    firsts = [batch[0] for batch in batches[:WINDOW]]
    assert firsts != sorted(firsts)
    shuffled = order(lengths, small.RECIPE.model_copy(update={"batching": "shuffled"}), 1000, seed=3)
    spread = [[lengths[place] for place in shuffled[at : at + 4]] for at in range(0, 1000, 4)]
    assert sum(max(batch) - min(batch) for batch in spread) > 250 * 10


def test_packed_documents_do_not_attend_to_each_other(trained: Path, tokenizer: Any) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    from crosstune.tuning._collate import collator

    made = rows(tokenizer, small.examples()).rows
    model = AutoModelForCausalLM.from_pretrained(trained / "out" / "model")
    model.config.use_cache = False

    def loss(packing: str) -> float:
        recipe = small.RECIPE.model_copy(update={"packing": packing})
        items, collate = collator(made, recipe, tokenizer)
        with torch.inference_mode():
            return float(model(**collate(items)).loss)

    assert loss("none") == pytest.approx(loss("bfd"), rel=1e-4)
    assert loss("none") != pytest.approx(loss("wrapped"), rel=1e-3)


def test_wrapped_documents_lose_no_token(tokenizer: Any) -> None:
    from crosstune.tuning._collate import collator

    made = rows(tokenizer, small.examples()).rows
    recipe = small.RECIPE.model_copy(update={"packing": "wrapped"})
    items, collate = collator(made, recipe, tokenizer)
    assert [token for row in made for token in row.ids] == [
        token for item in items for token in item["input_ids"]
    ]
    batch = collate(items)
    assert (len(items), recipe.max_length) == tuple(batch["labels"].shape)
    assert sum(label != IGNORED for row in made for label in row.labels) == int(
        (batch["labels"] != IGNORED).sum()
    )


def test_a_reasoning_that_the_chat_template_opens_is_closed(tokenizer: Any) -> None:
    each = "{% for m in messages %}{{ m.content }}{% endfor %}"
    tokenizer.chat_template = each + "{% if add_generation_prompt %}<think>\n{% endif %}"
    made = [small.example("x", "y"), small.example("x", "<think>\nz\n</think>\n\ny")]
    found = rows(tokenizer, made, template="chat").rows
    tokenizer.chat_template = None
    assert [tokenizer.decode(each.ids) for each in found] == [
        "x<think>\n\n</think>\n\ny<|end|>",
        "x<think>\nz\n</think>\n\ny<|end|>",
    ]
    assert [learned(tokenizer, each)[:2] for each in found] == ["\n<", "z\n"]


def test_every_template_except_chat_can_be_learned(tokenizer: Any) -> None:
    templates = {name: template for name, template in PROMPTS.all().items() if not template.chat}
    assert {"plain", "codem", "octocoder"} <= templates.keys()
    for template in templates.values():
        assert isinstance(template, PromptTemplate)
        long = small.RECIPE.model_copy(update={"max_length": 512})
        (row,) = encode([small.example("Write plus.", "def plus(x):")], tokenizer, template, long).rows
        assert learned(tokenizer, row).endswith("def plus(x):<|end|>")
