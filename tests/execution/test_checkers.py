"""A checker's decisions and crashes are recognised by how it ends, not by what it prints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Case, Comparison, ComparisonKind, Program, Status, Verdict


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


QUOTED = (
    "Traceback (most recent call last):\\n\\nNode.js v20\\n\\ngoroutine 1\\n"
    'Exception in thread \\"main\\" java.lang.Error\\n'
)
# Each rejects "reject" with status 1 and quotes the output, and crashes at "crash".
CHECKERS = {
    "python": """\
from __future__ import annotations
import sys
text = open(sys.argv[2]).read()
print("found", text, file=sys.stderr)
if "crash" in text:
    raise KeyError(text)
sys.exit("reject" in text)
""",
    "javascript": """\
const text = require("fs").readFileSync(process.argv[3], "utf8");
console.error("found", text);
if (text.includes("crash")) throw new Error(text);
process.exit(text.includes("reject") ? 1 : 0);
""",
    "typescript": """\
import * as fs from "fs";
const text: string = fs.readFileSync(process.argv[3], "utf8");
console.error("found", text);
if (text.includes("crash")) throw new Error(text);
process.exit(text.includes("reject") ? 1 : 0);
""",
    "go": """\
package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	text, _ := os.ReadFile(os.Args[2])
	fmt.Fprintln(os.Stderr, "found", string(text))
	if strings.Contains(string(text), "crash") {
		panic(string(text))
	}
	if strings.Contains(string(text), "reject") {
		os.Exit(1)
	}
}
""",
    "java": """\
package checks;
import java.nio.file.*;
public class Main {
    public static void main(String[] words) throws Exception {
        String text = new String(Files.readAllBytes(Paths.get(words[1])));
        System.err.println("found " + text);
        if (text.contains("crash")) throw new IllegalStateException(text);
        System.exit(text.contains("reject") ? 1 : 0);
    }
}
""",
    "rust": """\
fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(2).unwrap()).unwrap();
    eprintln!("found {}", text);
    if text.contains("crash") { panic!("{}", text); }
    std::process::exit(if text.contains("reject") { 1 } else { 0 });
}
""",
    "cpp": """\
#include <bits/stdc++.h>
int main(int, char **words) {
    std::ifstream file(words[2]);
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::cerr << "found " << text;
    if (text.find("crash") != text.npos) throw std::runtime_error(text);
    return text.find("reject") != text.npos;
}
""",
    "ruby": """\
text = File.read(ARGV[1])
warn "found #{text}"
raise IndexError, text if text.include?("crash")
exit(text.include?("reject") ? 1 : 0)
""",
    "perl": """\
open my $file, '<', $ARGV[1] or die;
my $text = join '', <$file>;
print STDERR "found $text";
my $caught = !eval { die "no crash" };
die $text if $text =~ /crash/;
exit($text =~ /reject/ ? 1 : 0);
""",
    "lua": """\
local text = io.open(arg[2]):read("a")
io.stderr:write("found ", text)
if text:find("crash") then error(text) end
os.exit(not text:find("reject"))
""",
    "php": """\
<?php
$text = file_get_contents($argv[2]);
fwrite(STDERR, "found $text");
if (str_contains($text, "crash")) { throw new DomainException($text); }
exit(str_contains($text, "reject") ? 1 : 0);
""",
    "racket": """\
#lang racket
(define text (file->string (vector-ref (current-command-line-arguments) 1)))
(eprintf "found ~a" text)
(when (string-contains? text "crash") (error text))
(exit (if (string-contains? text "reject") 1 0))
""",
}


def verdict(judge: Judge, language: str, printed: str) -> Verdict:
    if missing := [each.what for each in requirements(language) if not each.met]:
        pytest.skip(f"{language} cannot be run here: {missing[0]} is missing")
    comparison = Comparison(ComparisonKind.CHECKER, language=language, source=CHECKERS[language])
    program = Program("x", "python", f'print("{printed}")', cases=(Case("", "6"),), comparison=comparison)
    (result,) = judge.run([program])
    return result


@pytest.mark.parametrize("language", CHECKERS)
def test_what_a_checker_quotes_does_not_matter(judge: Judge, language: str) -> None:
    assert verdict(judge, language, QUOTED).status is Status.PASSED
    assert verdict(judge, language, f"{QUOTED}reject").status is Status.WRONG_ANSWER


@pytest.mark.parametrize("language", CHECKERS)
def test_a_checker_that_crashes_is_a_harness_error(judge: Judge, language: str) -> None:
    result = verdict(judge, language, "crash")
    assert result.status is Status.HARNESS_ERROR
    assert result.stderr.startswith("the checker failed (")
    assert "found" in result.stderr
