"""The idioms of Rust for the exercises."""

import json

IDIOMS = {
    "number": "i32",
    "list": "Vec<i32>",
    "text": "String",
    "truth": "bool",
    "list parameter": "&[i32]",
    "text parameter": "&str",
    "list argument": "&{0}",
    "declare": "fn {0}({1}: {2}) -> {3} {{",
    "define": "\n    {0}\n}}\n",
    "assert": "    assert_eq!({0}, {1});\n",
    "tests": "#[test]\nfn cases() {{\n{0}}}\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "{0}.max({1})",
    "smaller": "{0}.min({1})",
    "absolute": "({0}).abs()",
    "first": "{0}.iter().cloned().take({1}).collect()",
    "skip": "{0}.iter().cloned().skip({1}).collect()",
    "last": "{0}[{0}.len().saturating_sub({1})..].to_vec()",
    "append": "[{0}, &[{1}]].concat()",
    "prepend": "[&[{1}], {0}].concat()",
    "holds": "{0}.contains(&{1})",
    "lacks": "!{0}.contains(&{1})",
    "sum": "{0}.iter().sum::<i32>()",
    "length": "{0}.len()",
    "greatest": "{0}.iter().max().unwrap()",
    "least": "{0}.iter().min().unwrap()",
    "repeat": "{0}.repeat({1})",
    "fill after": 'format!("{{:{1}}}", {0})',
    "fill before": 'format!("{{:>{1}}}", {0})',
    "each": "{0}.iter().map(|x| {1}).collect()",
    "keep": "{0}.iter().cloned().filter(|&x| {1}).collect()",
    "all": "{0}.iter().all(|&x| {1})",
    "any": "{0}.iter().any(|&x| {1})",
}


def format_literal(value: object) -> str:
    if isinstance(value, list):
        return f"vec![{', '.join(map(str, value))}]" if value else "Vec::<i32>::new()"
    return json.dumps(value)
