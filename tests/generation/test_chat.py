"""A request in a model's own chat template, which may refuse it."""

from __future__ import annotations

from typing import Any

import jinja2
import pytest

from crosstune.errors import DataError
from crosstune.generation import Decoding, Request
from crosstune.generation._chat import chat_text

TEMPLATE = """\
{% for message in messages %}<{{ message.role }}>{{ message.content }}{% endfor %}\
{% if enable_thinking is defined and not enable_thinking %}<quiet>{% endif %}<assistant>"""
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('No system role') }}{% endif %}"


class Tokenizer:
    def __init__(self, template: str) -> None:
        self.template = jinja2.Environment(autoescape=False).from_string(template)
        self.template.globals["raise_exception"] = self.refuse

    def refuse(self, message: str) -> None:
        raise jinja2.TemplateError(message)

    def apply_chat_template(self, messages: Any, **given: Any) -> str:
        del given["tokenize"]
        return self.template.render(messages=messages, **given)


def request(system: str = "", opening: str = "") -> Request:
    return Request("p", "b", "python", "t", 0, "Hi.", (), 0, chat=True, system=system, opening=opening)


def test_system_message_arguments_and_opening() -> None:
    tokenizer = Tokenizer(TEMPLATE)
    assert chat_text(tokenizer, request(), Decoding()) == "<user>Hi.<assistant>"
    quiet = Decoding(chat_template_kwargs={"enable_thinking": False})
    text = chat_text(tokenizer, request("Be brief.", "Sure"), quiet)
    assert text == "<system>Be brief.<user>Hi.<quiet><assistant>Sure"


def test_a_template_without_system_messages_is_named() -> None:
    with pytest.raises(DataError, match="chat template refuses the request: No system role"):
        chat_text(Tokenizer(NO_SYSTEM), request("Be brief."), Decoding())
