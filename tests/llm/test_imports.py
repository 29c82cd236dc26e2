"""Planning imports these packages and all their plug-ins: none may import a heavy library."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
import crosstune.llm
from crosstune.generation import BACK_ENDS
from crosstune.sources import SOURCES
print(*SOURCES.all(), *BACK_ENDS.all())
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_packages_and_plug_ins_import_no_heavy_library() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    plug_ins, loaded = (line.split() for line in done.stdout.splitlines())
    assert {"teacher", "openai-compatible"} <= set(plug_ins)
    heavy = {"openai", "httpx", "httpx2", "torch", "transformers", "datasets", "pyarrow", "numpy"}
    assert heavy & set(loaded) == set()
