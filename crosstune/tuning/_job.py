"""The data of one training run, which are passed to its processes as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crosstune.tuning._recipe import Recipe
from crosstune.tuning._rows import Row

LOSSES = "losses.jsonl"
MODEL = "model"
CHECK = "check.json"


@dataclass(frozen=True)
class Job:
    """``tokenizer`` is a folder; checkpoints go to ``work``, the model and its losses to ``out``; ``resume``
    is the checkpoint to continue from; ``name`` is the training's identity; ``ends`` are the tokens that end
    a completion."""

    base: str | None
    tokenizer: Path
    rows: Sequence[Row]
    recipe: Recipe
    seed: int
    out: Path
    work: Path
    resume: Path | None
    name: str
    ends: tuple[int, ...] = ()

    def write(self, path: Path) -> None:
        """Write the job as JSON with absolute paths."""
        fields = {
            "base": self.base,
            "tokenizer": str(self.tokenizer.resolve()),
            "rows": [[row.prompt_length, row.ids, row.rejected] for row in self.rows],
            "recipe": {field: getattr(self.recipe, field) for field in self.recipe.model_fields_set},
            "seed": self.seed,
            "out": str(self.out.resolve()),
            "work": str(self.work.resolve()),
            "resume": self.resume and str(self.resume.resolve()),
            "name": self.name,
            "ends": self.ends,
        }
        path.write_text(json.dumps(fields, default=lambda settings: settings.model_dump()), "utf-8")

    @classmethod
    def read(cls, path: Path) -> Job:
        """Read what `write` wrote."""
        fields = json.loads(path.read_text("utf-8"))
        return cls(
            base=fields["base"],
            tokenizer=Path(fields["tokenizer"]),
            rows=[Row(ids, length, rejected) for length, ids, rejected in fields["rows"]],
            recipe=Recipe.model_validate(fields["recipe"]),
            seed=fields["seed"],
            out=Path(fields["out"]),
            work=Path(fields["work"]),
            resume=Path(fields["resume"]) if fields["resume"] else None,
            name=fields["name"],
            ends=tuple(fields["ends"]),
        )
