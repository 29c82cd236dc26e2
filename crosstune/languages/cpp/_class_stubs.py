"""The classes that tests in C++ use, as the tests have them: each method asks the candidate's process."""

from __future__ import annotations

from crosstune.languages.cpp._class_names import STEP, type_of, typedef
from crosstune.languages.cpp._classes import Class, Method


def stub(each: Class) -> str:
    """The class as the tests have it: its methods ask the candidate's process."""
    own, base = f"{each.name}{each.arguments}", f"crosstune::Object<{each.name}{each.arguments}>"
    received = " crosstune::receive_fields(*this); " if each.fields else ""
    text = f"{each.plain_template}{each.keyword} {each.name}{' final' * each.final} : public {base} {{\n"
    for member in each.members:
        text += f"{member}\n" if isinstance(member, str) else _stub_of(member, own, base, received)
    text += f"public:\nexplicit {each.name}(crosstune::Made made) : {base}(made) {{{received}}}\n"
    if not any(method.how == "constructor" for method in each.methods):
        question = f"{{'N', crosstune::Remote<{own}>::name(), \"make\"}}"
        asked = f"crosstune::Function<crosstune::Made()>::ask({question})"
        text += f"{each.name}() : {base}({asked}) {{{received}}}\n"
        if each.all_public and each.fields:
            text += _with_fields(each)
    if each.fields:
        text += _exchanges(each)
    return f"{text}}}{';' * bool(each.template)}"


def _with_fields(each: Class) -> str:
    """Constructors in place of the initialisation of an aggregate, which may leave out its last fields."""
    text = ""
    for count in range(1, len(each.fields) + 1):
        given = list(enumerate(each.fields[:count]))
        parameters = ", ".join(f"decltype({name}) crosstune_{at}" for at, name in given)
        assigned = " ".join(f"{name} = crosstune_{at};" for at, name in given)
        text += f"{each.name}({parameters}) : {each.name}() {{ {assigned} }}\n"
    return text


def _exchanges(each: Class) -> str:
    sent = " ".join(
        f'this->template crosstune_send_field<{at}>("{name}=", {name});'
        for at, name in enumerate(each.fields)
    )
    received = " ".join(
        f'this->template crosstune_receive_field<{at}>("{name}", "{name}=", {name});'
        for at, name in enumerate(each.fields)
    )
    return (
        f"void crosstune_send() override {{ {sent} }}\nvoid crosstune_receive() override {{ {received} }}\n"
    )


def _stub_of(method: Method, own: str, base: str, received: str) -> str:
    kind = f"crosstune::Function<{type_of(method)}>"
    parameters, names = _parameters(method, kind)
    remote = f"crosstune::Remote<{own}>::name()"
    arguments = "".join(f", {name}" for name in names)
    if method.how == "constructor":
        asked = f"{kind}::ask({{'N', {remote}, \"{method.key}\"}}{arguments})"
        return (
            f"{typedef(method)}{method.before} {method.name}({parameters}) : {base}({asked}) {{{received}}}\n"
        )
    question = f'this->crosstune_question("{method.key}")'
    if method.how == "static":
        question = f"{{'C', {remote}, \"{method.key}\"}}"
    return (
        f"{typedef(method)}{'static ' if method.how == 'static' else ''}typename {kind}::Result "
        f"{method.name}({parameters}) {method.after} {{ return {kind}::ask({question}{arguments}); }}\n"
    )


def _parameters(method: Method, kind: str) -> tuple[str, list[str]]:
    names = [f"crosstune_{at}" for at in range(len(method.type.parameters))]
    if STEP.match(method.name) and names:
        return "int crosstune_0", names  # which tells i++ from ++i
    listed = (
        f"typename {kind}::template Parameter<{at}>::type {name}"
        + (f" = {each.default}" if each.default else "")
        for at, (name, each) in enumerate(zip(names, method.type.parameters, strict=True))
    )
    return ", ".join(listed), names
