"""Any interpreter can be forked: where it calls fork, and where it opens its second file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crosstune.languages._language import JudgeTask
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.scripts import forks
from crosstune.languages._shared.scripts.interpreter import Interpreter, payload
from crosstune.languages._tools import Tool
from crosstune.records import Program
from crosstune.sandbox import Outcome, SandboxRunner

PERL = Tool(name="perl", package="perl", purpose="a test")
SCRIPT = """
our $started = time . rand;
{fork}
open(my $payload, "<&=", 3);
my $size = <$payload>;
read($payload, my $text, $size);
open(my $report, ">&=", 4);
print STDOUT "$started $$ $text";
print $report "passed $text";
"""


@pytest.mark.skipif(not shutil.which("perl"), reason="perl is not installed")
@pytest.mark.parametrize("at", ["fork", "open"])
def test_programs_are_copies_of_one_process(at: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first.pl", tmp_path / "second.pl"
    begin = "fork if @ARGV && $ARGV[0] eq 'warm';" if at == "fork" else "do $ARGV[0]; 1;"
    first.write_text(
        SCRIPT.replace("{fork}", begin) if at == "fork" else SCRIPT.partition("{fork}")[0] + begin
    )
    second.write_text(SCRIPT.partition("{fork}")[2])
    perl = Interpreter(
        tool=PERL, runner=first, extension=".pl", opened={} if at == "fork" else {first: second}
    )
    if not forks.mounts():
        pytest.skip("there is no C compiler")
    outcomes = run(perl, first, "one", "two", "three")
    assert [outcome.report for outcome in outcomes] == ["passed one", "passed two", "passed three"]
    started, processes, _ = zip(*(outcome.stdout.split() for outcome in outcomes), strict=True)
    assert (len(set(started)), len(set(processes))) == (1, 3)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("perl"), reason="perl is not installed")
def test_interpreter_may_take_its_time_to_start(tmp_path: Path) -> None:
    if not forks.mounts():
        pytest.skip("there is no C compiler")
    script = tmp_path / "script.pl"
    late = "if (@ARGV && $ARGV[0] eq 'warm') { sleep 12; fork }"
    script.write_text(SCRIPT.replace("{fork}", late))
    perl = Interpreter(tool=PERL, runner=script, extension=".pl")
    first, second = (outcome.stdout.split()[0] for outcome in run(perl, script, "one", "two"))
    assert first == second


def run(interpreter: Interpreter, script: Path, *texts: str) -> list[Outcome]:
    with SandboxRunner(mounts=interpreter.mounts()) as runner:
        task = JudgeTask(
            program=Program("x", "perl", ""), limits=RUN_LIMITS, nonce="", sandbox_path=runner.sandbox_path
        )
        return [
            outcome
            for text in texts
            for outcome in runner.run([interpreter.script(task, script, payload(text))], {})
        ]


def test_there_is_no_template_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "_library", lambda: None)
    assert (forks.template(str, ("/usr/bin/perl",)), forks.mounts()) == ((), ())
