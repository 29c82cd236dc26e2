from __future__ import annotations

from dataclasses import replace

from crosstune.analysis import Run, analyse
from crosstune.records import Status
from crosstune.report import summary
from tests.analysis import synthetic

RUN = synthetic.run()


def statements_of(run: Run, *, allow_partial: bool = False) -> dict[str, str]:
    statements = summary(analyse(run, allow_partial=allow_partial))
    return {one.about: one.text.replace("\u00a0", " ") for one in statements}


def of(run: Run, *models: str) -> Run:
    judged = [row for row in run.judged if row.model in models]
    return replace(run, judged=judged, control=run.control if run.control in models else "")


def test_each_statement_has_its_numbers() -> None:
    statements = statements_of(RUN)
    assert "4,320 programs judged, over 60 problems and 3 seeds" in statements["Run"]
    assert statements["Baseline"] == "The model base solves 0.0 to 5.0 %, depending on the cell."
    assert "(interval above 0, p < 0.05) for 7 of 7, and for all of these also" in statements["Tuned on"]
    assert (
        "a gain is shown (interval above 0, p < 0.05) for 4 of 9, and for 1 of these also"
        in statements["Transfer"]
    )
    assert "python on JavaScript synthesize +49.4 [24.1, 72.8]" in statements["Transfer"]
    assert "For the other 5 the data cannot distinguish a gain from none" in statements["Transfer"]
    assert "3 of these 4 gains" in statements["Control"]
    assert "Not distinguishable from control: mixed on JavaScript fix" in statements["Control"]
    assert "of 20 about 1.0" in statements["Caution"]
    assert "Losses" not in statements


def test_without_transfer_none_is_claimed() -> None:
    run = of(RUN, "base", "control")
    statements = statements_of(replace(run, control=""))
    assert "for 2 of 4, and for none of these also after correction" in statements["Transfer"]
    same = [replace(row, model="python") for row in RUN.judged if row.model == "base"]
    unchanged = statements_of(
        replace(RUN, judged=[*(row for row in RUN.judged if row.model == "base"), *same])
    )
    assert unchanged["Transfer"].startswith(
        "On cells that a model was not tuned on, a gain is shown (interval above 0, p < 0.05) for none of 3."
    )
    assert "for none of 1" in unchanged["Tuned on"]
    assert "The largest" not in unchanged["Transfer"]


def test_losses_are_stated() -> None:
    run = replace(of(RUN, "base", "python"), baseline="python")
    statements = statements_of(run)
    assert "(interval below 0, p < 0.05): base on Python synthesize \u221292.8" in statements["Losses"]


def test_a_single_seed_is_a_caution() -> None:
    statements = statements_of(replace(RUN, judged=[row for row in RUN.judged if row.seed == 1]))
    assert "with one seed" in statements["Run"]
    assert "With one seed, nothing is known" in statements["Caution"]


def test_programs_without_verdict_are_counted() -> None:
    first, second, *rest = RUN.judged
    judged = [replace(first, status=Status.HARNESS_ERROR), replace(second, defect="bad test"), *rest]
    statements = statements_of(replace(RUN, judged=judged), allow_partial=True)
    assert "4,319 of 4,320 programs judged, over" in statements["Run"]
    assert (
        "4,319 of 4,320 programs judged: on the others the harness failed, and they are left out "
        "(most of base on Python synthesize: 179 of 180 judged)." in statements["Caution"]
    )
    assert "1 problem with known errors in the benchmark's own data counts like all" in statements["Caution"]
    assert "without it no rate changes more than from " in statements["Caution"]


def test_cut_answers_are_counted_and_many_are_a_warning() -> None:
    def caution(number: int) -> str:
        cut = [replace(row, finish_reason="length") for row in RUN.judged[:number]]
        return statements_of(replace(RUN, judged=[*cut, *RUN.judged[number:]]))["Caution"]

    assert "cut at" not in caution(0)
    assert "1 of 4,320 answers was cut at the length limit." in caution(1)
    assert "Warning: 9 of 4,320 answers were cut at the length limit (most of base on Python" in caution(9)
    assert "raise max_new_tokens" in caution(9)


def test_answers_that_repeat_the_question_are_counted() -> None:
    def caution(number: int) -> str:
        same = [replace(row, repeats=True) for row in RUN.judged[:number]]
        return statements_of(replace(RUN, judged=[*same, *RUN.judged[number:]]))["Caution"]

    assert "unchanged" not in caution(0)
    assert "1 of 2,160 answers repeats the code to repair unchanged (most of base on Python" in caution(1)
    assert "9 of 2,160 answers repeat the code to repair unchanged" in caution(9)


def test_a_run_without_verdicts_has_one_statement() -> None:
    assert statements_of(replace(RUN, judged=[])) == {"Run": "Nothing has been judged yet."}
