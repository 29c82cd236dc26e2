"""C++."""

from tests.languages.conformance import c

TESTS = c.tests("int main()")
CASES = c.cases(
    "#include <cstdio>\n#include <cstdlib>\n#include <iostream>\n#include <vector>\n#include <unistd.h>\n",
    crash="std::vector<int> none; return none.at(b);",
    loop="for (volatile int i = 0;;) i = i + 1;",
    flood="for (;;) std::cout << std::string(1000, 'x');",
    memory="std::vector<std::vector<int>> all; for (;;) all.emplace_back(1 << 18, 1);",
    say='std::puts("TEXT"); std::fflush(stdout);',
)
RIGHT = CASES["right_answer"][0]
