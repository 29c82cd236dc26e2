"""Instruction-tune code models and measure, with evidence, what it did in every language."""

from importlib.metadata import version

__version__ = version("crosstune")
