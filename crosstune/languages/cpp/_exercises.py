"""The idioms of C++ for the exercises; what the language has no short form for is given (`SETUP`)."""

import json

SETUP = """\
#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>
using namespace std;

vector<int> joined(vector<int> first, const vector<int>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

template <class Function> vector<int> mapped(vector<int> values, Function function) {
  transform(values.begin(), values.end(), values.begin(), function);
  return values;
}

template <class Function> vector<int> kept(const vector<int>& values, Function function) {
  vector<int> result;
  copy_if(values.begin(), values.end(), back_inserter(result), function);
  return result;
}

string repeated(const string& text, int count) {
  string result;
  while (count-- > 0) result += text;
  return result;
}

"""

IDIOMS = {
    "setup": SETUP,
    "reserved": "floor long minus plus",
    "number": "int",
    "list": "vector<int>",
    "text": "string",
    "truth": "bool",
    "declare": "{3} {0}({2} {1}) {{",
    "define": "\n  return {0};\n}}\n",
    "assert": "  assert(({0} == {1}));\n",
    "tests": "int main() {{\n{0}  return 0;\n}}\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "max({0}, {1})",
    "smaller": "min({0}, {1})",
    "absolute": "abs({0})",
    "first": "vector<int>({0}.begin(), {0}.begin() + min({1}, int({0}.size())))",
    "skip": "vector<int>({0}.begin() + min({1}, int({0}.size())), {0}.end())",
    "last": "vector<int>({0}.end() - min({1}, int({0}.size())), {0}.end())",
    "append": "joined({0}, {{{1}}})",
    "prepend": "joined({{{1}}}, {0})",
    "holds": "count({0}.begin(), {0}.end(), {1}) > 0",
    "lacks": "count({0}.begin(), {0}.end(), {1}) == 0",
    "sum": "accumulate({0}.begin(), {0}.end(), 0)",
    "length": "int({0}.size())",
    "greatest": "*max_element({0}.begin(), {0}.end())",
    "least": "*min_element({0}.begin(), {0}.end())",
    "repeat": "repeated({0}, {1})",
    "fill after": "{0} + string(max(0, {1} - int({0}.size())), ' ')",
    "fill before": "string(max(0, {1} - int({0}.size())), ' ') + {0}",
    "each": "mapped({0}, [](int x) {{ return {1}; }})",
    "keep": "kept({0}, [](int x) {{ return {1}; }})",
    "all": "all_of({0}.begin(), {0}.end(), [](int x) {{ return {1}; }})",
    "any": "any_of({0}.begin(), {0}.end(), [](int x) {{ return {1}; }})",
}


def format_literal(value: object) -> str:
    if isinstance(value, list):
        return f"vector<int>{{{', '.join(map(str, value))}}}"
    return json.dumps(value)
