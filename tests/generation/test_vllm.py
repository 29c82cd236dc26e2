"""The back end `vllm` calls vLLM's documented interface; here it is a stand-in, because vLLM needs a GPU."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from tokenizers import AddedToken

from crosstune.errors import MissingExtra
from crosstune.generation import BACK_ENDS, Decoding, GeneratedAnswer, Request

BACK_END = BACK_ENDS.load("vllm")


class Tokenizer:
    is_fast = False
    bos_token_id, eos_token_id = 0, 1
    added_tokens_decoder = {2: AddedToken("<end>", special=True)}
    chat_template = "of this class"
    name_or_path = "m"

    def __call__(self, text: Any, add_special_tokens: bool = True, verbose: bool = True) -> Any:
        del verbose
        texts = [text] if isinstance(text, str) else text
        rows = [[0] * add_special_tokens + [ord(each) for each in one] for one in texts]
        return {"input_ids": rows[0] if isinstance(text, str) else rows}

    def convert_ids_to_tokens(self, token: int) -> str:
        return {1: "</s>"}[token]

    def apply_chat_template(self, messages: list[dict[str, str]], **given: Any) -> str:
        thinks = {"enable_thinking": False} if given["add_generation_prompt"] else {}
        assert given == {"add_generation_prompt": bool(thinks), "tokenize": False} | thinks
        ends = {"assistant": "<end>"}
        return "".join(f"<{each['role']}>{each['content']}{ends.get(each['role'], '')}" for each in messages)


@dataclass
class Engine:
    """Answers with the prompt's text in capitals."""

    arguments: dict[str, Any]
    calls: list[tuple[list[str], list[Any]]] = field(default_factory=list)
    llm_engine: Any = field(
        default_factory=lambda: SimpleNamespace(model_config=SimpleNamespace(max_model_len=40))
    )

    def get_tokenizer(self) -> Tokenizer:
        return Tokenizer()

    def generate(self, prompts: list[Any], sampling: list[Any], use_tqdm: bool) -> list[Any]:
        assert not use_tqdm
        texts = ["".join(map(chr, filter(None, each["prompt_token_ids"]))) for each in prompts]
        self.calls.append((texts, sampling))
        reasons = {"abort": "abort", "cut": "length"}
        return [
            output(each["prompt_token_ids"], text.upper(), reasons.get(text, "stop"))
            for each, text in zip(prompts, texts, strict=True)
        ]


def output(prompt: list[int], text: str, reason: str) -> Any:
    answer = SimpleNamespace(text=text, finish_reason=reason, token_ids=[1, 2])
    return SimpleNamespace(prompt_token_ids=prompt, outputs=[answer])


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    made: list[Engine] = []

    def llm(**arguments: Any) -> Engine:
        made.append(Engine(arguments))
        return made[-1]

    module = SimpleNamespace(LLM=llm, SamplingParams=SimpleNamespace)
    monkeypatch.setitem(sys.modules, "vllm", module)
    return made


def request(prompt: str, chat: bool = False) -> Request:
    return Request("p", "b", "python", "t", 0, prompt, ("\ndef ",), 7, chat, system="s" if chat else "")


def answers(*requests: Request, decoding: Decoding, done: frozenset[int] = frozenset()) -> dict[int, Any]:
    options = BACK_END.settings.model_validate({"context": 40, "engine": {"enforce_eager": True}})
    with BACK_END.open("m", decoding, options) as session:
        return dict(filter(None, session.answers(requests, done)))


def test_answers_and_their_ends(engines: list[Engine]) -> None:
    decoding = Decoding(temperature=0.5, max_new_tokens=9, batch_size=1)
    found = answers(request("one"), request("cut"), request("abort"), request("x" * 40), decoding=decoding)
    assert found[0] == GeneratedAnswer("ONE", "stop", 4, 2)
    assert found[1].finish_reason == "length"
    assert (found[2].finish_reason, found[2].temporary) == ("error", True)
    assert found[3].error.startswith("context overflow: a prompt of 41 tokens")
    (engine,) = engines
    assert (engine.arguments["model"], engine.arguments["max_model_len"]) == ("m", 40)
    assert engine.arguments["enforce_eager"]
    sampling = engine.calls[0][1][0]
    assert (sampling.temperature, sampling.max_tokens, sampling.seed, sampling.stop) == (
        0.5,
        9,
        7,
        ["\ndef "],
    )


def test_chats_have_the_model_s_template_and_answered_requests_are_left_out(engines: list[Engine]) -> None:
    decoding = Decoding(chat_template_kwargs={"enable_thinking": False})
    found = answers(
        request("hi", chat=True), request("two", chat=True), decoding=decoding, done=frozenset({1})
    )
    assert found == {0: GeneratedAnswer("<SYSTEM>S<USER>HI", "stop", 17, 2)}
    sampling = engines[0].calls[0][1][0]
    assert (sampling.seed, sampling.stop_token_ids) == (None, [2])


def test_the_package_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(MissingExtra):
        answers(request("one"), decoding=Decoding())
