"""Forms: a benchmark as a file of about 20 lines, which maps the columns of rows to problems and programs."""

from crosstune.benchmarks._forms._benchmark import (
    FormSettings,
    OutputSettings,
    form_benchmark,
    packaged,
    packaged_form,
)
from crosstune.benchmarks._forms._form import Form
from crosstune.benchmarks._forms._guess import propose_form
from crosstune.benchmarks._forms._load import load_form
from crosstune.benchmarks._forms._template import BadRow

__all__ = [
    "BadRow",
    "Form",
    "FormSettings",
    "OutputSettings",
    "form_benchmark",
    "load_form",
    "packaged",
    "packaged_form",
    "propose_form",
]
