"""Source text for the candidate's side of a call: the main function that answers questions."""

from __future__ import annotations

from collections.abc import Iterator

from crosstune.languages.rust._declaration import Declaration
from crosstune.languages.rust._functions import Function
from crosstune.languages.rust._types import Type

_SERVER = """\
fn main() {{
    ::{values}::serve(|name, call| match name {{
        {arms}
        _ => call.unknown(),
    }})
}}
"""
# Their objects are moved when they are encoded or decoded.
_OBJECT = """\
impl ::{values}::Encode for {name} {{
    fn encode(&self, out: &mut ::std::vec::Vec<u8>) {{ ::{values}::put_object(self, out) }}
}}
impl<'a> ::{values}::Decode<'a> for {name} {{
    fn decode(from: &mut ::{values}::Decoder<'a>) -> ::std::result::Result<Self, ::{values}::Malformed> {{
        from.taken()
    }}
}}
"""
_OPTIONAL = """\
use ::{values}::{{Has{trait} as _, Lacks{trait} as _}};
match (&{subject}).maybe_{name}({arguments}) {{
    ::std::option::Option::Some(result) => call.moved(result),
    ::std::option::Option::None => {otherwise},
}}"""


def server_code(declared: Declaration, values: str) -> str:
    """The main function of a candidate's process. ``values`` is the name of the crate that exchanges
    values."""
    arms = "\n".join(_arm(each, values) for each in declared.functions)
    objects = (_OBJECT.format(name=each.name, values=values) for each in declared.objects)
    records = (each.code(values) for each in declared.records)
    return "".join((_SERVER.format(values=values, arms=arms), *records, *objects))


def _arm(function: Function, values: str) -> str:
    steps = [*_receiver(function), *_arguments(function)]
    if function.optional:
        steps.append(_optional(function, values))
        return f'"{function.key}" => {{ {" ".join(steps)} }}'
    call = _call(function)
    result = function.result
    moved = f"::<{result.text()}>" if result.holds_objects and not result.borrows else ""
    if function.changes:
        ending = f"call.ended_moved{moved}(result);" if moved else "call.ended(result);"
        steps.append(f"let result = ::{values}::caught(|| {call}); {ending}")
        steps += [f"call.changed({at}, &a{at});" for at in function.changes]
    else:
        steps.append(f"call.moved{moved}({call});" if moved else f"call.returned(&{call});")
    return f'"{function.key}" => {{ {" ".join(steps)} }}'


def _receiver(function: Function) -> Iterator[str]:
    if function.by_value:
        return
    if function.receiver.startswith("&"):
        yield f"let this = call.receiver::<{function.owner}>();"
    elif function.receiver:
        yield f"let this: {function.owner} = call.taken_receiver();"
    if function.returns_self:
        yield f"let place: *const {function.owner} = this;"


def _call(function: Function) -> str:
    passed = ", ".join(_passed(function))
    trait = function.trait
    if function.formats:
        mark = "?" if trait.endswith("Debug") else ""
        return (
            f'if a0 {{ ::std::format!("{{:#{mark}}}", this) }} else {{ ::std::format!("{{:{mark}}}", this) }}'
        )
    if not function.owner:
        return f"crate::{function.name}({passed})"
    if function.by_value and not trait.startswith("::std"):
        return f"a0.{function.name}({', '.join(list(_passed(function))[1:])})"
    if function.receiver and not trait.startswith("::std"):
        call = f"this.{function.name}({passed})"
    else:
        path = f"<{function.owner} as {trait}>" if trait else function.owner
        target = "this" if function.receiver and not function.by_value else ""
        whole = ", ".join(filter(None, (target, passed)))
        call = f"{path}::{function.name}({whole})"
    return f"::std::ptr::eq(place, {call})" if function.returns_self else call


def _optional(function: Function, values: str) -> str:
    """Uses a trait that the candidate's type may lack."""
    trait = function.trait.rpartition("::")[2]
    subject = f"::{values}::Maybe(&*this)"
    if not function.receiver:
        subject = f"::{values}::MaybeType::<{function.owner}>(::std::marker::PhantomData)"
    otherwise = "call.unknown()"
    if function.formats:
        otherwise = f'call.moved(::std::string::String::from("{function.owner}"))'
    return _OPTIONAL.format(
        values=values,
        trait=trait,
        subject=subject,
        name=function.name,
        arguments=", ".join(_passed(function)),
        otherwise=otherwise,
    )


def _arguments(function: Function) -> Iterator[str]:
    for at, each in enumerate(function.parameters):
        if _refers_to_object(each):
            yield f"let a{at} = call.object::<{each.arguments[0].name}>();"
            continue
        mutable = "mut " if each.name == "&mut" else ""
        kept = each.owned
        if any(part.lifetime == "'static" for part in each.all()):
            kind, take = kept.text("'static"), "lasting_argument"
        else:
            kind, take = kept.text(), "argument"
        yield f"let {mutable}a{at}: {kind} = call.{take}();"


def _refers_to_object(parameter: Type) -> bool:
    return parameter.name in ("&", "&mut") and parameter.arguments[0].is_object


def _passed(function: Function) -> Iterator[str]:
    for at, each in enumerate(function.parameters):
        is_kept = each.owned is not each and not _refers_to_object(each)
        yield f"{each.name} a{at}" if is_kept else f"a{at}"
