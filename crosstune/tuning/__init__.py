"""Examples in, a tuned model out."""

from crosstune.tuning._recipe import Architecture, Lora, Recipe, load_recipe, recipe_names
from crosstune.tuning._requirements import requirements
from crosstune.tuning._tune import tune

__all__ = ["Architecture", "Lora", "Recipe", "load_recipe", "recipe_names", "requirements", "tune"]
