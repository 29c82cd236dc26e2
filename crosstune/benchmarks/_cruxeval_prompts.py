"""The authors' prompts without reasoning, with ``{code}``, ``{input}`` and ``{output}`` of a row."""

from __future__ import annotations

_OUTPUT = """\
You are given a Python function and an assertion containing an input to the function. Complete the assertion \
with a literal (no unsimplified expressions, no function calls) containing the output when executing the \
provided code on the given input, even if the function is incorrect or incomplete. Do NOT output any extra \
information. Provide the full assertion with the correct output in [ANSWER] and [/ANSWER] tags, following \
the examples.

[PYTHON]
def f(n):
    return n
assert f(17) == ??
[/PYTHON]
[ANSWER]
assert f(17) == 17
[/ANSWER]

[PYTHON]
def f(s):
    return s + "a"
assert f("x9j") == ??
[/PYTHON]
[ANSWER]
assert f("x9j") == "x9ja"
[/ANSWER]

[PYTHON]
{code}
assert f({input}) == ??
[/PYTHON]
[ANSWER]
"""
_INPUT = """\
You will be given a function f and an output in the form f(??) == output. Find any input such that executing \
f on the input leads to the given output. There may be multiple answers, but you should only output one. In \
[ANSWER] and [/ANSWER] tags, complete the assertion with one such input that will produce the output when \
executing the function.

[PYTHON]
def f(my_list):
    count = 0
    for i in my_list:
        if len(i) % 2 == 0:
            count += 1
    return count
assert f(??) == 3
[/PYTHON]
[ANSWER]
assert f(["mq", "px", "zy"]) == 3
[/ANSWER]

[PYTHON]
def f(s1, s2):
    return s1 + s2
assert f(??) == "banana"
[/PYTHON]
[ANSWER]
assert f("ba", "nana") == "banana"
[/ANSWER]

[PYTHON]
{code}
assert f(??) == {output}
[/PYTHON]
[ANSWER]
"""
PROMPTS = {"output": _OUTPUT, "input": _INPUT}
