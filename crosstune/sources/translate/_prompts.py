"""What is asked of the teacher, and the exercise of a translated row.

Stored responses are looked up by the whole prompt, so a change of wording makes them useless.
"""

from __future__ import annotations

from crosstune.languages import LANGUAGES, Language
from crosstune.sources.translate._tasks import Task

TRANSLATE = """\
Translate a solution from Python to {title}. This is the exercise:

===== EXERCISE =====
{instruction}
===== END =====

The solution in Python:
```python
{code}
```

Write complete {title} code in one block that opens with ```{fence}, with whatever it needs around it. \
It must return the same results, and have exactly this declaration:
```{fence}
{documented}
```
Write no tests, no main program and no examples."""

EXERCISE = """\
{instruction}

Write it in {title}, with this declaration:
```{fence}
{shown}
```"""


def translation_prompt(task: Task) -> str:
    language = LANGUAGES.load(task.language)
    return TRANSLATE.format(
        title=language.title,
        fence=language.fences[0],
        instruction=task.instruction,
        code=task.row.code.strip(),
        documented=task.documented.strip(),
    )


def exercise(task: Task, language: Language) -> str:
    """The prompt of the translated row."""
    return EXERCISE.format(
        title=language.title,
        fence=language.fences[0],
        instruction=task.instruction,
        shown=task.shown.strip(),
    )


def completion(task: Task, candidate: str, language: Language) -> str:
    """The code in a Markdown block, or alone, as in the Python row."""
    code = candidate.strip("\n")
    return f"```{language.fences[0]}\n{code}\n```" if task.row.fenced else f"{code}\n"
