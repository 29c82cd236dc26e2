"""Source text for the tests' side of a call: functions that ask the candidate's process."""

from __future__ import annotations

from crosstune.languages.rust import _declaration, _objects
from crosstune.languages.rust._declaration import Declaration
from crosstune.languages.rust._functions import Function
from crosstune.languages.rust._objects import Object
from crosstune.languages.rust._source import Source, items

_STUB = """\
fn {name}{lifetimes}({parameters}) -> {result_text} {conditions} {{
    {body}
}}
"""
_BODY = """\
let mut question = {question};
    {arguments}
    let frame = question.ask();
    let mut answer = ::{values}::Answer::new({frame});
    let result: ::std::option::Option<{result}> = answer.result();
    {changes}
    answer.end(result)"""
_CHANGES = """\
answer.changed(&mut |position, from| match position {{
        {arms}
        _ => ::std::result::Result::Err(::{values}::Malformed),
    }});"""
_FORMAT = """\
fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {{
    let a0 = formatter.alternate();
    let text: ::std::string::String = {{ {body} }};
    formatter.write_str(&text)
}}
"""
_OBJECT = """\
struct {name} {{ object: ::{values}::Object }}
impl ::{values}::Encode for {name} {{
    fn encode(&self, out: &mut ::std::vec::Vec<u8>) {{ ::{values}::Encode::encode(&self.object, out) }}
}}
impl<'a> ::{values}::Decode<'a> for {name} {{
    fn decode(from: &mut ::{values}::Decoder<'a>) -> ::std::result::Result<Self, ::{values}::Malformed> {{
        ::{values}::Decode::decode(from).map(|object| {name} {{ object }})
    }}
}}
"""


def tests_code(text: str, declared: Declaration, values: str) -> str:
    """The declaration with stubs in the place of the functions. ``values`` is the name of the crate that
    exchanges values."""
    source = _declaration.parsed(text)
    assert source
    assert source.root
    stubs = {each.name: _stub(each, values) for each in declared.functions if not each.owner}
    for item in _declaration.functions(source.root):
        if stub := stubs.pop(item.name, ""):
            source.replace(item.node, stub)
    _replace_methods(source, declared, values)
    known = {each.name for each in declared.objects}
    for item in items(source.root):
        if item.node.type in ("struct_item", "enum_item") and item.name in known:
            source.blank(item.node, item.start)
    parts = (_object(each, declared, values) for each in declared.objects)
    records = (each.code(values) for each in declared.records)
    return "\n".join((f"extern crate {values};", source.text(), *records, *parts))


def _replace_methods(source: Source, declared: Declaration, values: str) -> None:
    """Put stubs in the place of what the ``impl`` blocks of objects have."""
    assert source.root
    stubs = {each.start: _stub(each, values) for each in declared.functions if each.start >= 0}
    for block in _objects.blocks(source.root):
        for item in block.items:
            if stub := stubs.get(item.node.start_byte, ""):
                source.replace(item.node, stub)


def _object(one: Object, declared: Declaration, values: str) -> str:
    """The type that stands for one whose objects stay in the candidate's process."""
    optional = [each for each in declared.functions if each.optional and each.owner == one.name]
    operations = (f"impl {each.trait} for {one.name} {{ {_stub(each, values)} }}" for each in optional)
    is_equal = f"impl ::std::cmp::Eq for {one.name} {{}}" if "Eq" in one.operations else ""
    return "\n".join((_OBJECT.format(name=one.name, values=values), *operations, is_equal))


def _stub(function: Function, values: str) -> str:
    *texts, result_text = function.texts
    if function.formats:
        return _FORMAT.format(body=_body(function, values))
    parameters = [function.receiver] if function.receiver else []
    first = 1 if function.by_value else 0
    parameters += [f"a{at}: {texts[at]}" for at in range(first, len(texts))]
    return _STUB.format(
        name=function.name,
        lifetimes=function.lifetimes,
        parameters=", ".join(parameters),
        result_text=result_text,
        conditions=function.conditions,
        body=f"let a0 = self; {_body(function, values)}" if function.by_value else _body(function, values),
    )


def _body(function: Function, values: str) -> str:
    count = len(function.parameters)
    borrows = function.result.borrows or any(function.parameters[at].owned.borrows for at in function.changes)
    arms = " ".join(_change(function, at, values) for at in function.changes)
    words = f'"{function.key}", {count}'
    question = (
        f"method(&self.object, {words})" if function.receiver and not function.by_value else f"call({words})"
    )
    body = _BODY.format(
        values=values,
        question=f"::{values}::Question::{question}",
        arguments=" ".join(f"question.argument(&a{at});" for at in range(count)),
        frame="frame.leak()" if borrows else "&frame",
        result="bool" if function.returns_self else function.result.text("'static"),
        changes=_CHANGES.format(arms=arms, values=values) if arms else "",
    )
    if function.returns_self:
        return f"let is_self: bool = {{ {body} }}; if !is_self {{ ::{values}::refuse() }} self"
    return body


def _change(function: Function, at: int, values: str) -> str:
    parameter = function.parameters[at]
    if parameter.arguments[0].name == "[]":
        return f"{at} => ::{values}::refill(a{at}, from),"
    kind = parameter.owned.text("'static")
    return f"{at} => <{kind} as ::{values}::Decode>::decode(from).map(|value| *a{at} = value),"
