"""All benchmarks: crosstune's own, those of other packages, and forms, which are named by their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crosstune.benchmarks import _folders
from crosstune.benchmarks._benchmark import Benchmark
from crosstune.benchmarks._forms import form_benchmark, load_form
from crosstune.errors import SettingsError
from crosstune.plugins import Registry
from crosstune.settings import resolve_path

_ENDS = (".yaml", ".yml")
_loaded: dict[str, Benchmark] = {}
"""The forms' benchmarks by the names in them."""


def is_form(name: str) -> bool:
    """Whether a benchmark is named by the file of its form."""
    return name.endswith(_ENDS)


class Benchmarks(Registry[Benchmark]):
    """The registry: a name that ends in ``.yaml`` is the path of a form."""

    def load(self, name: str) -> Benchmark:
        """The benchmark ``name``. That of a form is known by its own name from then on.

        Raises:
            UnknownName: there is none of this name.
            SettingsError: the form is missing or wrong, or has the name of another benchmark.
        """
        if not is_form(name):
            return _loaded[name] if name in _loaded else super().load(name)
        file = Path(name).resolve()
        form = load_form(file)
        if form.name in self.names():
            raise SettingsError(f"{file}: {form.name!r} is the name of another benchmark")
        _loaded[form.name] = form_benchmark(form, file)
        return _loaded[form.name]

    def of(self, name: str, settings: Any) -> Benchmark:
        """The benchmark ``name`` with these settings, which name its form, if it has one."""
        form = getattr(settings, "form", None)
        return self.load(str(form) if form else name)

    def find_settings(self, name: str, folder: Path | None) -> Any | None:
        """Settings with which the benchmark finds its files in a folder with those of several benchmarks, or
        in the Hub's cache; None: it does not. Benchmarks of one dataset have a folder in common.

        Raises:
            UnknownName: there is no benchmark of this name.
        """
        own = self.load(name)
        others = (each.name for each in self.all().values() if own.hub and each.hub == own.hub)
        return _folders.find_settings(own, (own.name, *others), folder)

    def relative_to(self, folder: Path, name: str) -> Benchmark:
        """The benchmark ``name``; the path of a form is relative to ``folder``."""
        return self.load(str(resolve_path(Path(name), folder)) if is_form(name) else name)
