"""Source text for both sides of a call: the tests' functions that ask, and the candidate's that answer."""

from __future__ import annotations

from collections.abc import Iterator

from crosstune.languages.rust import _declaration
from crosstune.languages.rust._declaration import Declaration, Function

_STUB = """\
fn {name}{lifetimes}({parameters}) -> {result_text} {conditions} {{
    let mut question = ::{values}::Question::call("{name}", {count});
    {arguments}
    let frame = question.ask();
    let mut answer = ::{values}::Answer::new({frame});
    let result: ::std::option::Option<{result}> = answer.result();
    {changes}
    answer.end(result)
}}
"""
_CHANGES = """\
answer.changed(&mut |position, from| match position {{
        {arms}
        _ => ::std::result::Result::Err(::{values}::Malformed),
    }});"""
_SERVER = """\
fn main() {{
    ::{values}::serve(|name, call| match name {{
        {arms}
        _ => call.unknown(),
    }})
}}
"""


def tests_code(text: str, declared: Declaration, values: str) -> str:
    """The declaration with stubs in the place of the functions. ``values`` is the name of the crate that
    exchanges values."""
    source = _declaration.parsed(text)
    assert source
    assert source.root
    stubs = {each.name: _stub(each, values) for each in declared.functions}
    for item in _declaration.functions(source.root):
        if stub := stubs.pop(item.name, ""):
            source.replace(item.node, stub)
    return "\n".join((f"extern crate {values};", source.text(), *_record_codes(declared, values)))


def _record_codes(declared: Declaration, values: str) -> Iterator[str]:
    return (each.code(values) for each in declared.records)


def _stub(function: Function, values: str) -> str:
    *texts, result_text = function.texts
    count = len(function.parameters)
    borrows = function.result.borrows or any(function.parameters[at].owned.borrows for at in function.changes)
    arms = " ".join(_change(function, at, values) for at in function.changes)
    return _STUB.format(
        name=function.name,
        lifetimes=function.lifetimes,
        parameters=", ".join(f"a{at}: {text}" for at, text in enumerate(texts)),
        result_text=result_text,
        conditions=function.conditions,
        values=values,
        count=count,
        arguments=" ".join(f"question.argument(&a{at});" for at in range(count)),
        frame="frame.leak()" if borrows else "&frame",
        result=function.result.text("'static"),
        changes=_CHANGES.format(arms=arms, values=values) if arms else "",
    )


def _change(function: Function, at: int, values: str) -> str:
    parameter = function.parameters[at]
    if parameter.arguments[0].name == "[]":
        return f"{at} => ::{values}::refill(a{at}, from),"
    kind = parameter.owned.text("'static")
    return f"{at} => <{kind} as ::{values}::Decode>::decode(from).map(|value| *a{at} = value),"


def server_code(declared: Declaration, values: str) -> str:
    """The main function of a candidate's process."""
    arms = "\n".join(_arm(each, values) for each in declared.functions)
    return "".join((_SERVER.format(values=values, arms=arms), *_record_codes(declared, values)))


def _arm(function: Function, values: str) -> str:
    steps = list(_arguments(function))
    call = f"crate::{function.name}({', '.join(_passed(function))})"
    if function.changes:
        steps.append(f"let result = ::{values}::caught(|| {call}); call.ended(result);")
        steps += [f"call.changed({at}, &a{at});" for at in function.changes]
    else:
        steps.append(f"call.returned(&{call});")
    return f'"{function.name}" => {{ {" ".join(steps)} }}'


def _arguments(function: Function) -> Iterator[str]:
    for at, each in enumerate(function.parameters):
        mutable = "mut " if each.name == "&mut" else ""
        kept = each.owned
        if any(part.lifetime == "'static" for part in each.all()):
            kind, take = kept.text("'static"), "lasting_argument"
        else:
            kind, take = kept.text(), "argument"
        yield f"let {mutable}a{at}: {kind} = call.{take}();"


def _passed(function: Function) -> Iterator[str]:
    for at, each in enumerate(function.parameters):
        yield f"{each.name} a{at}" if each.owned is not each else f"a{at}"
