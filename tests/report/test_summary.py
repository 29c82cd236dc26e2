from __future__ import annotations

from dataclasses import replace

from crosstune.analysis import Run, analyse
from crosstune.records import Status
from crosstune.report import summary
from tests.analysis import synthetic

RUN = synthetic.run()


def told(run: Run, *, allow_partial: bool = False) -> dict[str, str]:
    found = summary(analyse(run, allow_partial=allow_partial))
    return {one.about: one.text.replace("\u00a0", " ") for one in found}


def of(run: Run, *models: str) -> Run:
    judged = [row for row in run.judged if row.model in models]
    return replace(run, judged=judged, control=run.control if run.control in models else "")


def test_each_part_says_what_its_numbers_are() -> None:
    found = told(RUN)
    assert "4,320 programs judged, over 60 problems and 3 seeds" in found["Run"]
    assert found["Baseline"] == "The model base solves 0.0 to 5.0 %, depending on the cell."
    assert "(interval above 0, p < 0.05) for 7 of 7, and for all of these also" in found["Tuned on"]
    assert (
        "a gain is shown (interval above 0, p < 0.05) for 4 of 9, and for 1 of these also"
        in found["Transfer"]
    )
    assert "python on JavaScript synthesize +49.4 [24.1, 72.8]" in found["Transfer"]
    assert "For the other 5 the data cannot distinguish a gain from none" in found["Transfer"]
    assert "3 of these 4 gains" in found["Control"]
    assert "Not distinguishable from control: mixed on JavaScript fix" in found["Control"]
    assert "of 20 about 1.0" in found["Caution"]
    assert "Losses" not in found


def test_without_transfer_none_is_claimed() -> None:
    run = of(RUN, "base", "control")
    found = told(replace(run, control=""))
    assert "for 2 of 4, and for none of these also after correction" in found["Transfer"]
    same = [replace(row, model="python") for row in RUN.judged if row.model == "base"]
    nothing = told(replace(RUN, judged=[*(row for row in RUN.judged if row.model == "base"), *same]))
    assert nothing["Transfer"].startswith(
        "On cells that a model was not tuned on, a gain is shown (interval above 0, p < 0.05) for none of 3."
    )
    assert "for none of 1" in nothing["Tuned on"]
    assert "The largest" not in nothing["Transfer"]


def test_losses_are_told() -> None:
    run = replace(of(RUN, "base", "python"), baseline="python")
    found = told(run)
    assert "(interval below 0, p < 0.05): base on Python synthesize \u221292.8" in found["Losses"]


def test_one_seed_is_a_caution() -> None:
    found = told(replace(RUN, judged=[row for row in RUN.judged if row.seed == 1]))
    assert "with one seed" in found["Run"]
    assert "With one seed, nothing is known" in found["Caution"]


def test_what_was_not_judged_is_counted() -> None:
    first, second, *rest = RUN.judged
    judged = [replace(first, status=Status.HARNESS_ERROR), replace(second, defect="bad test"), *rest]
    found = told(replace(RUN, judged=judged), allow_partial=True)
    assert "4,319 of 4,320 programs judged, over" in found["Run"]
    assert (
        "4,319 of 4,320 programs judged: on the others the harness failed, and they are left out "
        "(most of base on Python synthesize: 179 of 180 judged)." in found["Caution"]
    )
    assert "1 problem with known errors in the benchmark's own data counts like all" in found["Caution"]
    assert "without it no rate changes more than from " in found["Caution"]


def test_nothing_judged() -> None:
    assert told(replace(RUN, judged=[])) == {"Run": "Nothing has been judged yet."}
