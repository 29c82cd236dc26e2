"""The command line: parse, call one function, print."""

from crosstune.cli._main import main

__all__ = ["main"]
