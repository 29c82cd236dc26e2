"""One training as plain data: the same for this process and for several."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crosstune.tuning._recipe import Recipe
from crosstune.tuning._rows import Row

LOSSES = "losses.jsonl"
MODEL = "model"


@dataclass(frozen=True)
class Job:
    """What is trained on what. ``tokenizer`` is its folder; ``work`` gets the checkpoints, ``out`` the
    model and its losses; ``resume`` is the checkpoint to go on from; ``name`` is the training's identity."""

    base: str | None
    tokenizer: Path
    rows: Sequence[Row]
    recipe: Recipe
    seed: int
    out: Path
    work: Path
    resume: Path | None
    name: str

    def write(self, path: Path) -> None:
        """As JSON; paths are absolute in it."""
        told = {
            "base": self.base,
            "tokenizer": str(self.tokenizer.resolve()),
            "rows": [[row.given, row.ids] for row in self.rows],
            "recipe": {field: getattr(self.recipe, field) for field in self.recipe.model_fields_set},
            "seed": self.seed,
            "out": str(self.out.resolve()),
            "work": str(self.work.resolve()),
            "resume": self.resume and str(self.resume.resolve()),
            "name": self.name,
        }
        path.write_text(json.dumps(told, default=lambda settings: settings.model_dump()), "utf-8")

    @classmethod
    def read(cls, path: Path) -> Job:
        """What `write` wrote."""
        told = json.loads(path.read_text("utf-8"))
        return cls(
            base=told["base"],
            tokenizer=Path(told["tokenizer"]),
            rows=[Row(ids, given) for given, ids in told["rows"]],
            recipe=Recipe.model_validate(told["recipe"]),
            seed=told["seed"],
            out=Path(told["out"]),
            work=Path(told["work"]),
            resume=Path(told["resume"]) if told["resume"] else None,
            name=told["name"],
        )
