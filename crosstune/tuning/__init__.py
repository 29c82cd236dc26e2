"""Train a model on examples."""

from crosstune.tuning._checkpoints import made_with
from crosstune.tuning._needs import DryRun, check_fits
from crosstune.tuning._recipe import Architecture, Dpo, Lora, Recipe, load_recipe, recipe_names
from crosstune.tuning._requirements import gpu_gib, memory_bytes, requirements
from crosstune.tuning._tune import dry_run, tune

__all__ = [
    "Architecture",
    "Dpo",
    "DryRun",
    "Lora",
    "Recipe",
    "check_fits",
    "dry_run",
    "gpu_gib",
    "load_recipe",
    "made_with",
    "memory_bytes",
    "recipe_names",
    "requirements",
    "tune",
]
