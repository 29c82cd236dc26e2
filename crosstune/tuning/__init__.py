"""Examples in, a tuned model out."""

from crosstune.tuning._needs import needs
from crosstune.tuning._recipe import Architecture, Lora, Recipe, load_recipe, recipe_names
from crosstune.tuning._tune import tune

__all__ = ["Architecture", "Lora", "Recipe", "load_recipe", "needs", "recipe_names", "tune"]
