"""Train a model on examples."""

from crosstune.tuning._recipe import Architecture, Lora, Recipe, load_recipe, recipe_names
from crosstune.tuning._requirements import gpu_gib, memory_bytes, requirements
from crosstune.tuning._tune import tune

__all__ = [
    "Architecture",
    "Lora",
    "Recipe",
    "gpu_gib",
    "load_recipe",
    "memory_bytes",
    "recipe_names",
    "requirements",
    "tune",
]
