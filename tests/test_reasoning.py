"""Reasoning is removed from answers, and nothing else."""

import pytest

from crosstune.reasoning import after_opening, opened_reasoning, split_reasoning, without_reasoning

CODE = "```python\ndef f():\n    return 1\n```\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (CODE, CODE),
        (f"<think>\ndraft\n</think>\n{CODE}", f"\n{CODE}"),
        (f"<thinking>a</thinking><think>b</think>{CODE}", CODE),
        (f"<Reasoning>\n{CODE}</Reasoning>{CODE}", CODE),
        (f"[THINK]no[/THINK]{CODE}", CODE),
        (f"◁think▷no◁/think▷{CODE}", CODE),
        (f"<|begin_of_thought|>no<|end_of_thought|>{CODE}", CODE),
        (f"what the prompt has opened\n{CODE}</think>\nend", "\nend"),
        (f"<think>\nwithout an end\n{CODE}", ""),
        (f"before\n  <think>a</think>\n{CODE}", f"before\n  \n{CODE}"),
        (
            (
                "<|channel|>analysis<|message|>hm<|end|>"
                f"<|start|>assistant<|channel|>final<|message|>{CODE}<|return|>"
            ),
            CODE,
        ),
        ("<|channel|>analysis<|message|>still thinking", ""),
    ],
)
def test_reasoning_is_removed(answer: str, expected: str) -> None:
    assert without_reasoning(answer) == expected


@pytest.mark.parametrize(
    "answer",
    [
        "```python\ntag = '''\n<think>\n'''\n```\n",
        "```js\nconst end = '</think>';\n```\n",
        "The tag `<think>` in a sentence.\n",
    ],
)
def test_tags_in_code_and_sentences_stay(answer: str) -> None:
    assert without_reasoning(answer) == answer


@pytest.mark.parametrize(
    ("prompt", "tag"),
    [
        ("assistant\n<think>\n", "<think>"),
        ("assistant\n[THINK]", "[THINK]"),
        ("assistant\n◁think▷", "◁think▷"),
        ("a <|begin_of_thought|>\n\n", "<|begin_of_thought|>"),
        ("assistant\n<think>\n\n</think>\n\n", ""),
        ("a [/THINK]", ""),
        ("a ◁/think▷", ""),
        ("a <|end_of_thought|>", ""),
        ("assistant\n", ""),
    ],
)
def test_a_prompt_may_open_the_reasoning(prompt: str, tag: str) -> None:
    assert opened_reasoning(prompt) == tag
    if tag:
        own = f"{tag}\nwhy\n{after_opening(tag, '').strip()}answer"
        assert split_reasoning(prompt + after_opening(tag, "answer"))[1].strip().endswith("answer")
        assert split_reasoning(f"{tag}\n{after_opening(tag, own)}") == ("why", "answer")


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("plain", "", "plain"),
        ("<think>\na\n</think>\n\nanswer", "a", "\n\nanswer"),
        ("a\n</think>answer", "a", "answer"),
        ("<think>cut", "cut", ""),
        ("<think>a</think>x\n<think>b</think>y", "a\nb", "x\ny"),
        ("[THINK]a[/THINK]b", "a", "b"),
        (
            "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>",
            "a",
            "b",
        ),
        ("<|channel|>analysis<|message|>cut", "cut", ""),
        ("", "", ""),
    ],
)
def test_nothing_is_lost(text: str, reasoning: str, answer: str) -> None:
    assert split_reasoning(text) == (reasoning, answer)
