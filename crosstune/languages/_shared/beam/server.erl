%% The candidate's process: loads the candidate, then calls its functions as it is asked; see docs/values.md. Nothing here
%% needs protection from the candidate: all that it can change is what it answers.
-module(crosstune_server).
-export([serve/1]).

-define(DEEPEST, 200).
-define(MOST_BYTES, (16 bsl 20)).

serve([Language]) ->
    {ok, Payload} = file:read_file("/dev/fd/3"),
    {Candidate, Rest} = crosstune_judge:text(Payload),
    {Specs, _} = crosstune_judge:text(Rest),
    case crosstune_judge:attempt(fun() -> run(Language, Candidate, Specs) end) of
        ended -> erlang:halt(0);
        Failure -> crosstune_judge:finish(["failed ", atom_to_list(Failure)], 1)
    end.

run(Language, Candidate, Specs) ->
    Before = code:all_loaded(),
    case load(Language, Candidate) of
        ok ->
            Modules = [Module || {Module, From} <- code:all_loaded() -- Before, not crosstune_judge:is_library(From)],
            Port = open_port({fd, 5, 6}, [binary, {packet, 4}, eof]),
            port_command(Port, <<"H", 1>>),
            talk(Port, {Language, Modules, specs(Specs)});
        Failure -> Failure
    end.

load(elixir, Candidate) ->
    crosstune_judge:start_elixir(),
    crosstune_judge:loaded(Candidate, <<"candidate.exs">>, compile_error);
load(erlang, Candidate) ->
    crosstune_judge:load_erlang(Candidate).

%% The types that the benchmark declares, by name and arity: {Parameters, Result}.
specs(Text) ->
    {ok, Tokens, _} = erl_scan:string(unicode:characters_to_list(Text)),
    maps:from_list([spec(erl_parse:parse_form(Form)) || Form <- forms(Tokens, [])]).

forms([], _) -> [];
forms([{dot, _} = Dot | Rest], Form) -> [lists:reverse(Form, [Dot]) | forms(Rest, [])];
forms([Token | Rest], Form) -> forms(Rest, [Token | Form]).

spec({ok, {attribute, _, spec, {{Name, Arity}, [{type, _, bounded_fun, [Type, _]} | _]}}}) -> {{Name, Arity}, function_type(Type)};
spec({ok, {attribute, _, spec, {{Name, Arity}, [Type | _]}}}) -> {{Name, Arity}, function_type(Type)}.

function_type({type, _, 'fun', [{type, _, product, Parameters}, Result]}) -> {Parameters, Result}.

talk(Port, State) ->
    receive
        {Port, {data, Question}} ->
            send(Port, iolist_to_binary(answer(Question, State))),
            talk(Port, State);
        {Port, eof} -> ended
    end.

send(Port, Frame) when byte_size(Frame) =< ?MOST_BYTES -> port_command(Port, Frame);
send(_, Frame) -> %% the judge reads no more of it
    {ok, File} = file:open("/dev/fd/6", [write, raw]),
    ok = file:write(File, <<(byte_size(Frame)):32>>),
    erlang:halt(1).

answer(<<"C", Size:32, Name:Size/binary, "l", Count:32, Rest/binary>>, {Language, Modules, Specs}) ->
    {Module, Function} = target(Language, Name, Count, Modules),
    {Parameters, Result} = maps:get({Function, Count}, Specs, {lists:duplicate(Count, any), any}),
    {Arguments, _} = values(Language, Parameters, Rest),
    [outcome(Language, Module, Function, Arguments, Result), <<0:32>>, text(<<>>), text(<<>>)].

%% A function of the named module, or of the module of the candidate's that has it.
target(Language, Name, Arity, Modules) ->
    case string:split(Name, ".", trailing) of
        [Owner, Own] when Language =:= elixir -> {binary_to_atom(<<"Elixir.", Owner/binary>>, utf8), binary_to_atom(Own, utf8)};
        _ ->
            Function = binary_to_atom(Name, utf8),
            Having = [Each || Each <- Modules, erlang:function_exported(Each, Function, Arity)],
            {hd(Having ++ Modules ++ [program]), Function}
    end.

outcome(Language, Module, Function, Arguments, Type) ->
    try
        Result = apply(Module, Function, Arguments),
        ["R", whole_value(Language, Result, Type)]
    catch
        Class:Reason:Stack -> ["E" | [text(Each) || Each <- failure(Language, Class, Reason, Stack)]]
    end.

failure(elixir, error, Reason, Stack) ->
    Error = 'Elixir.Exception':normalize(error, Reason, Stack),
    Kind = lists:last(binary:split(atom_to_binary(maps:get('__struct__', Error), utf8), <<".">>, [global])),
    [Kind, shown(fun() -> 'Elixir.Exception':message(Error) end), shown(fun() -> 'Elixir.Exception':format(error, Reason, Stack) end)];
failure(erlang, error, Reason, Stack) -> [kind(Reason), format(Reason), format({error, Reason, Stack})];
failure(erlang, throw, Reason, _) -> [kind(Reason), format(Reason), format({throw, Reason})];
failure(_, Class, Reason, _) -> [atom_to_binary(Class, utf8), format(Reason), format({Class, Reason})].

kind(Reason) when is_atom(Reason) -> atom_to_binary(Reason, utf8);
kind(Reason) when is_tuple(Reason), tuple_size(Reason) > 0, is_atom(element(1, Reason)) -> kind(element(1, Reason));
kind(_) -> <<"error">>.

shown(Function) -> try iolist_to_binary(Function()) catch _:_ -> <<>> end.
format(Term) -> unicode:characters_to_binary(io_lib:format("~tP", [Term, 60])).

text(Bytes) -> [<<(byte_size(Bytes)):32>>, Bytes].

%% Reading: a text is a binary in Elixir, and in Erlang a list of its codes, unless the type is one of binaries.

values(_, [], Rest) -> {[], Rest};
values(Language, [Type | Types], Data) ->
    {Value, Rest} = value(Language, Type, Data),
    {Values, More} = values(Language, Types, Rest),
    {[Value | Values], More}.

value(Language, {ann_type, _, [_, Type]}, Data) -> value(Language, Type, Data);
value(elixir, _, <<"N", Rest/binary>>) -> {nil, Rest};
value(erlang, _, <<"N", Rest/binary>>) -> {undefined, Rest};
value(_, _, <<"T", Rest/binary>>) -> {true, Rest};
value(_, _, <<"F", Rest/binary>>) -> {false, Rest};
value(_, _, <<"i", Whole:64/signed, Rest/binary>>) -> {Whole, Rest};
value(_, _, <<"I", Size:32, Rest/binary>>) ->
    Bits = 8 * Size,
    <<Whole:Bits/signed, More/binary>> = Rest,
    {Whole, More};
value(_, _, <<"d", Number/float, Rest/binary>>) -> {Number, Rest};
value(Language, Type, <<"s", Size:32, Text:Size/binary, Rest/binary>>) ->
    {case Language =:= elixir orelse is_binary_type(Type) of true -> binary:copy(Text); false -> codes(Text) end, Rest};
value(_, _, <<"b", Size:32, Bytes:Size/binary, Rest/binary>>) -> {binary:copy(Bytes), Rest};
value(Language, Type, <<"l", Count:32, Rest/binary>>) -> values(Language, lists:duplicate(Count, item(Type)), Rest);
value(Language, Type, <<"t", Count:32, Rest/binary>>) ->
    {Items, More} = values(Language, items(Type, Count), Rest),
    {list_to_tuple(Items), More};
value(Language, Type, <<"S", Count:32, Rest/binary>>) ->
    {Items, More} = values(Language, lists:duplicate(Count, item(Type)), Rest),
    {case Language of elixir -> 'Elixir.MapSet':new(Items); erlang -> sets:from_list(Items) end, More};
value(Language, Type, <<"m", Count:32, Rest/binary>>) ->
    {Key, Each} = entry(Type),
    {Flat, More} = values(Language, lists:append(lists:duplicate(Count, [Key, Each])), Rest),
    {maps:from_list(pairs(Flat)), More}.

pairs([]) -> [];
pairs([Key, Value | Rest]) -> [{Key, Value} | pairs(Rest)].

%% Lone surrogates have the three bytes of their codes.
codes(<<Code/utf8, Rest/binary>>) -> [Code | codes(Rest)];
codes(<<14:4, A:4, 2:2, B:6, 2:2, C:6, Rest/binary>>) -> [A bsl 12 bor (B bsl 6) bor C | codes(Rest)];
codes(<<>>) -> [].

%% What a type says of the values within.

is_binary_type({type, _, binary, _}) -> true;
is_binary_type({remote_type, _, [{atom, _, unicode}, {atom, _, unicode_binary}, _]}) -> true;
is_binary_type({type, _, union, Types}) -> lists:any(fun is_binary_type/1, Types);
is_binary_type(_) -> false.

item({type, _, Name, [Type]}) when Name =:= list; Name =:= nonempty_list -> Type;
item({type, _, union, Types}) -> hd([item(Each) || Each <- Types, item(Each) =/= any] ++ [any]);
item(_) -> any.

items({type, _, tuple, Types}, Count) when is_list(Types), length(Types) =:= Count -> Types;
items(_, Count) -> lists:duplicate(Count, any).

entry({type, _, map, [{type, _, _, [Key, Value]}]}) -> {Key, Value};
entry(_) -> {any, any}.

is_string_type({type, _, Name, []}) -> Name =:= string orelse Name =:= nonempty_string;
is_string_type(_) -> false.

%% Writing

whole_value(Language, Value, Type) ->
    try written(Language, Value, Type, 1)
    catch throw:unsendable -> other(Value)
    end.

other(Value) -> ["o", text(format(Value))].

written(_, _, _, Depth) when Depth > ?DEEPEST -> throw(unsendable);
written(Language, Value, {ann_type, _, [_, Type]}, Depth) -> written(Language, Value, Type, Depth);
written(_, true, _, _) -> "T";
written(_, false, _, _) -> "F";
written(elixir, nil, _, _) -> "N";
written(erlang, undefined, _, _) -> "N";
written(_, Value, _, _) when is_integer(Value) -> whole(Value);
written(_, Value, _, _) when is_float(Value) -> <<"d", Value/float>>;
written(_, Value, _, _) when is_binary(Value) -> [case is_text(Value) of true -> "s"; false -> "b" end, text(Value)];
written(Language, Value, Type, Depth) when is_list(Value) -> of_list(Language, Value, Type, Depth);
written(Language, Value, Type, Depth) when is_tuple(Value) ->
    case Language =:= erlang andalso sets:is_set(Value) of
        true -> sequence("S", Language, sets:to_list(Value), lists:duplicate(sets:size(Value), any), Depth);
        false -> sequence("t", Language, tuple_to_list(Value), items(Type, tuple_size(Value)), Depth)
    end;
written(Language, #{'__struct__' := Struct} = Value, _, Depth) -> struct(Struct, Language, Value, Depth);
written(Language, Value, Type, Depth) when is_map(Value) ->
    {Key, Each} = entry(Type),
    ["m", <<(maps:size(Value)):32>>,
     [[written(Language, K, Key, Depth + 1), written(Language, V, Each, Depth + 1)] || {K, V} <- maps:to_list(Value)]];
written(_, Value, _, _) -> other(Value).

struct('Elixir.MapSet', Language, Value, Depth) ->
    Items = 'Elixir.MapSet':to_list(Value),
    sequence("S", Language, Items, lists:duplicate(length(Items), any), Depth);
struct('Elixir.Range', Language, Value, Depth) -> of_list(Language, 'Elixir.Enum':to_list(Value), any, Depth);
struct(_, _, Value, _) -> other(Value).

of_list(Language, Value, Type, Depth) ->
    case is_proper(Value) of
        false -> other(Value);
        true ->
            case Language =:= erlang andalso is_string(Value, Type) of
                true -> ["s", text(encoded(Value))];
                false -> sequence("l", Language, Value, lists:duplicate(length(Value), item(Type)), Depth)
            end
    end.

is_proper(Value) -> try length(Value) of _ -> true catch error:badarg -> false end.

%% In Erlang texts are lists of codes: the type decides, or else what they look like.
is_string(Value, {type, _, union, Types}) ->
    lists:any(fun is_string_type/1, Types)
        andalso are_codes(Value)
        andalso (io_lib:printable_unicode_list(Value) orelse lists:all(fun(Each) -> item(Each) =:= any end, Types));
is_string(Value, {type, _, Name, _} = Type) when Name =/= any, Name =/= term -> is_string_type(Type) andalso are_codes(Value);
is_string(Value, _) -> Value =/= [] andalso io_lib:printable_unicode_list(Value).

are_codes(Value) -> lists:all(fun(Each) -> is_integer(Each) andalso Each >= 0 andalso Each < 16#110000 end, Value).

encoded(Codes) -> iolist_to_binary([code(Each) || Each <- Codes]).

code(Code) when Code >= 16#D800, Code =< 16#DFFF -> <<14:4, (Code bsr 12):4, 2:2, (Code bsr 6):6, 2:2, Code:6>>;
code(Code) -> <<Code/utf8>>.

sequence(Tag, Language, Values, Types, Depth) ->
    [Tag, <<(length(Values)):32>>, [written(Language, Value, Type, Depth + 1) || {Value, Type} <- lists:zip(Values, Types)]].

whole(Value) when Value >= -(1 bsl 63), Value < 1 bsl 63 -> <<"i", Value:64/signed>>;
whole(Value) ->
    Size = byte_size(binary:encode_unsigned(abs(Value))) + 1,
    <<"I", Size:32, Value:Size/signed-unit:8>>.

is_text(<<_/utf8, Rest/binary>>) -> is_text(Rest);
is_text(<<14:4, 13:4, 2:2, 1:1, _:5, 2:2, _:6, Rest/binary>>) -> is_text(Rest);
is_text(Rest) -> Rest =:= <<>>.
