"""The programs that are judged: HumanEvalPack's own solutions, or McEval's (in the folder beside).

C and TypeScript are special cases because these benchmarks lack them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crosstune.benchmarks import BENCHMARKS
from crosstune.languages import LANGUAGES
from crosstune.records import Program

_C_INCLUDES = "".join(
    f"#include <{name}.h>\n" for name in ("assert", "ctype", "math", "stdbool", "stdio", "stdlib", "string")
)
# Functions and, after `//`, statements that test them.
_C = """
bool below_zero(const int *x, size_t n) { int sum = 0; for (size_t i = 0; i < n; i++) { sum += x[i];
  if (sum < 0) return true; } return false; }
// int a[] = {1, 2, -4, 5}, b[] = {1, 2, 3}; assert(below_zero(a, 4)); assert(!below_zero(b, 3));

int gcd(int a, int b) { while (b) { int t = a % b; a = b; b = t; } return a; }
// assert(gcd(25, 15) == 5); assert(gcd(144, 60) == 12); assert(gcd(3, 7) == 1);

bool is_palindrome(const char *s) { size_t n = strlen(s);
  for (size_t i = 0; i < n / 2; i++) if (s[i] != s[n - 1 - i]) return false; return true; }
// assert(is_palindrome("")); assert(is_palindrome("aba")); assert(!is_palindrome("zbcd"));

int largest_divisor(int n) { for (int i = n - 1; i > 0; i--) if (n % i == 0) return i; return 1; }
// assert(largest_divisor(3) == 1); assert(largest_divisor(100) == 50); assert(largest_divisor(49) == 7);

double deviation(const double *x, size_t n) { double sum = 0, all = 0;
  for (size_t i = 0; i < n; i++) sum += x[i];
  for (size_t i = 0; i < n; i++) all += fabs(x[i] - sum / n); return all / n; }
// double a[] = {1, 2, 3, 4}; assert(fabs(deviation(a, 4) - 1.0) < 1e-9);

char *reversed(const char *s) { size_t n = strlen(s); char *r = malloc(n + 1);
  for (size_t i = 0; i < n; i++) r[i] = s[n - 1 - i]; r[n] = 0; return r; }
// char *r = reversed("abc"); assert(!strcmp(r, "cba")); free(r);

static int order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
void sorted(int *x, size_t n) { qsort(x, n, sizeof *x, order); }
// int a[] = {3, 1, 2}; sorted(a, 3); assert(a[0] == 1 && a[1] == 2 && a[2] == 3);

int capitals(const char *s) { int sum = 0; for (; *s; s++) if (isupper(*s)) sum += *s; return sum; }
// assert(capitals("") == 0); assert(capitals("abAB") == 131);
"""


def programs(language: str, data: Path) -> list[Program]:
    """All programs of a language; TypeScript takes JavaScript's, some of which may not type-check."""
    if language == "c":
        return [_c_program(number, text) for number, text in enumerate(_C.split("\n\n"))]
    benchmark = BENCHMARKS.load("humanevalpack")
    if language not in (*benchmark.languages, "typescript"):
        return _from_mceval(language, data.parent / "mceval")
    source = "javascript" if language == "typescript" else language
    settings = benchmark.settings.model_validate({"data": str(data)}, context={"base": Path.cwd()})
    rows = benchmark.problems(settings, source, benchmark.tasks[0])
    solutions = [benchmark.program(row, row.canonical) for row in rows if not row.defect]
    return [replace(program, language=language, limits=None) for program in solutions]


def _from_mceval(language: str, data: Path) -> list[Program]:
    benchmark = BENCHMARKS.load("mceval")
    settings = benchmark.settings.model_validate({"data": str(data)}, context={"base": Path.cwd()})
    rows = benchmark.problems(settings, language, benchmark.tasks[0])
    return [benchmark.program(row, row.canonical) for row in rows if not row.defect]


def _c_program(number: int, text: str) -> Program:
    code, _, tests = text.partition("\n// ")
    return Program(f"C/{number}", "c", code, f"int main(void) {{ {tests} return 0; }}\n", _C_INCLUDES)


def spread(programs: list[Program], count: int) -> list[Program]:
    """``count`` of the programs, evenly spread; 0: all."""
    if not count or count >= len(programs):
        return programs
    return [programs[number * len(programs) // count] for number in range(count)]


def again(program: Program, number: int) -> Program:
    """The same program with a different text, so that no cache has its verdict."""
    comment = LANGUAGES.load(program.language).line_comment
    return replace(program, candidate=f"{program.candidate}\n{comment} {number}\n")
