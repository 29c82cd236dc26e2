"""Forms: a benchmark as a file of about 20 lines, which maps the columns of rows to problems and programs."""

from crosstune.benchmarks._forms._benchmark import FormSettings, form_benchmark, packaged
from crosstune.benchmarks._forms._form import Form, load_form

__all__ = ["Form", "FormSettings", "form_benchmark", "load_form", "packaged"]
