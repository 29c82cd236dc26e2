"""CodeM's template: Alpaca's, with the preamble for instructions without an input, as in WizardCoder.

The instruction says what is requested: that of HumanEval-X begins with CodeM's own line, "Finish the Python
code for this problem:".
"""

from __future__ import annotations

from crosstune.prompts._template import PromptTemplate

_PREAMBLE = (
    "Below is an instruction that describes a task. "
    "Write a response that appropriately completes the request.\n\n"
)


def _train(prompt: str) -> str:
    return f"{_PREAMBLE}### Instruction:\n{prompt}\n\n### Response:\n" if prompt else ""


def _ask(instruction: str, declaration: str, _language_title: str) -> str:
    return _train(instruction) + declaration.lstrip("\n")


PROMPT = PromptTemplate(
    name="codem",
    origin="arXiv 2308.16824, reconstructed from its description; preamble: tatsu-lab/stanford_alpaca",
    train=_train,
    ask=_ask,
    stops=("\n### Instruction:", "\n### Response:"),
)
