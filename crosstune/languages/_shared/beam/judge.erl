%% Runs a candidate and its tests inside the sandbox; see __init__.py.
-module(crosstune_judge).
-export([judge/1, check/1, whole/1]).
-export([text/1, attempt/1, finish/2, load_erlang/1, start_elixir/0, loaded/3, is_library/1]). %% for crosstune_server
-export([init/1, handle_call/3, handle_cast/2]). %% for ExUnit

judge([Language]) ->
    %% The nonce is only kept masked.
    {ok, Payload} = file:read_file("/dev/fd/3"),
    {Nonce, Rest} = text(Payload),
    {Candidate, Rest2} = text(Rest),
    {Tests, _} = text(Rest2),
    Mask = rand:uniform(1 bsl 128),
    Masked = binary_to_integer(Nonce, 16) bxor Mask,
    erlang:garbage_collect(),
    judge(Language, Candidate, Tests, Masked, Mask).

judge(Language, Candidate, Tests, Masked, Mask) ->
    case attempt(fun() -> run(Language, Candidate, Tests) end) of
        passed -> finish(io_lib:format("passed ~32.16.0b", [Masked bxor Mask]), 0);
        Failure -> finish(["failed ", atom_to_list(Failure)], 1)
    end.

finish(Report, Status) ->
    {ok, File} = file:open("/dev/fd/4", [write, raw]),
    ok = file:write(File, Report),
    erlang:halt(Status).

text(Payload) ->
    [Size, Rest] = binary:split(Payload, <<"\n">>),
    Bytes = binary_to_integer(Size),
    <<Text:Bytes/binary, More/binary>> = Rest,
    {binary:copy(Text), More}.

%% The tests' process may be ended by what it is linked to; the judge's is not.
attempt(Function) ->
    {Pid, Reference} = spawn_monitor(fun() -> exit({result, Function()}) end),
    receive
        {'DOWN', Reference, process, Pid, {result, Result}} -> Result;
        {'DOWN', Reference, process, Pid, Reason} -> show(Reason), runtime_error
    end.

show(Reason) -> io:format(standard_error, "~tp~n", [Reason]).

run(Language, Candidate, Tests) ->
    Folders = [Folder || "/" ++ _ = Folder <- code:get_path()],
    case Language of
        erlang -> erlang_program(Candidate, Tests, Folders);
        elixir -> elixir_program(Candidate, Tests, Folders)
    end.

%% Libraries that the program has replaced decide nothing. Folders are those of the libraries, as they were before it ran.
unless_replaced(Status, Folders) ->
    Loaded = [Each || {Module, _} = Each <- code:all_loaded(), Module =/= crosstune_judge],
    case [Module || {Module, From} <- Loaded, is_replaced(Module, From, Folders)] of
        [] -> Status;
        Replaced -> show({replaced, Replaced}), wrong_answer
    end.

is_replaced(_, preloaded, _) -> false;
is_replaced(Module, From, Folders) ->
    File = "/" ++ atom_to_list(Module) ++ ".beam",
    not lists:any(fun(Folder) -> Folder ++ File =:= From end, Folders)
        andalso lists:any(fun(Folder) -> element(1, file:read_file_info(Folder ++ File, [raw])) =:= ok end, Folders).

%% Erlang: one module of candidate and tests, with a function test/0, main/0, or tests of eunit.

erlang_program(Candidate, Tests, Folders) ->
    compile_alone(Candidate),
    case compile(join(without_exports(Candidate), without_exports(Tests)), [export_all, nowarn_export_all]) of
        {ok, Module, Binary} ->
            {module, Module} = code:load_binary(Module, "program.erl", Binary),
            unless_replaced(call(Module), Folders);
        error -> compile_error
    end.

%% Load a candidate alone.
load_erlang(Candidate) ->
    compile_alone(Candidate),
    case compile(join(without_exports(Candidate), <<>>), [export_all, nowarn_export_all]) of
        {ok, Module, Binary} ->
            {module, Module} = code:load_binary(Module, "program.erl", Binary),
            ok;
        error -> compile_error
    end.

%% Everything is exported; an answer may export what was only an example.
without_exports(Source) ->
    re:replace(Source, "^\\s*-export\\s*\\(\\s*\\[[^\\]]*\\]\\s*\\)\\s*\\.", "", [multiline, global, {return, binary}]).

%% A candidate that is open at its end must not swallow the tests.
compile_alone(Candidate) ->
    case erl_scan:string(unicode:characters_to_list(Candidate)) of
        {ok, Tokens, _} when Tokens =/= [] ->
            case lists:last(Tokens) of
                {dot, _} -> ok;
                Last -> show({not_ended, Last}), exit({result, compile_error})
            end;
        {ok, [], _} -> show(empty), exit({result, compile_error});
        {error, Reason, _} -> show(Reason), exit({result, compile_error})
    end.

join(Candidate, Tests) ->
    Header = case re:run(Candidate, "^\\s*-module", [multiline]) of
        nomatch -> case re:run(Tests, "^\\s*-module", [multiline]) of
            nomatch -> <<"-module(program).\n">>;
            _ -> <<>>
        end;
        _ -> <<>>
    end,
    case {Header, re:run(Tests, "^\\s*-module", [multiline])} of
        {<<>>, {match, _}} ->
            {Attributes, Rest} = attributes(Tests),
            iolist_to_binary([Attributes, without_module(Candidate), "\n", Rest]);
        _ ->
            {Attributes, Rest} = attributes(Tests),
            iolist_to_binary([Header, before_functions(Candidate, Attributes), "\n", Rest])
    end.

%% Attributes of the tests come before all functions.
attributes(Tests) ->
    Pattern = "^-(?:include|include_lib|import|export|compile|define|record|module)\\b[^.]*(?:\\.hrl\"\\))?\\.\\s*$",
    case re:run(Tests, Pattern, [multiline, global, {capture, first, binary}]) of
        {match, Found} -> {[[Each, "\n"] || [Each] <- Found], re:replace(Tests, Pattern, "", [multiline, global])};
        nomatch -> {[], Tests}
    end.

before_functions(Candidate, []) -> Candidate;
before_functions(Candidate, Attributes) ->
    case re:run(Candidate, "^\\s*-module\\b[^.]*\\.", [multiline, {capture, first, index}]) of
        {match, [{Start, Length}]} ->
            <<Before:(Start + Length)/binary, After/binary>> = Candidate,
            [Before, "\n", Attributes, After];
        nomatch -> [Attributes, Candidate]
    end.

without_module(Candidate) ->
    re:replace(Candidate, "^\\s*-(?:module|export)\\b[^.]*\\.", "", [multiline, global]).

compile(Source, Options) ->
    Name = "program.erl",
    ok = file:write_file(Name, Source),
    Result = compile:file(Name, [binary, return_errors | Options]),
    ok = file:delete(Name),
    case Result of
        {ok, Module, Binary} -> {ok, Module, Binary};
        {ok, Module, Binary, _} -> {ok, Module, Binary};
        {error, Errors, _} ->
            [io:format(standard_error, "~ts:~tp: ~ts~n", [File, Line, Format:format_error(Reason)])
             || {File, Reasons} <- Errors, {Line, Format, Reason} <- Reasons],
            error
    end.

call(Module) ->
    Called = [Name || Name <- [test, main], erlang:function_exported(Module, Name, 0)],
    case {[Each || Each <- Called, Each =/= test orelse not is_eunit(Module)], is_eunit(Module)} of
        {[], true} -> eunit_result(eunit:test(Module));
        {[Function | _], _} -> tested(Module, Function);
        {[], false} -> show(no_tests), runtime_error
    end.

is_eunit(Module) ->
    lists:any(fun({Name, 0}) -> Text = atom_to_list(Name), Name =/= test
                   andalso (lists:suffix("_test", Text) orelse lists:suffix("_test_", Text));
                 (_) -> false end, Module:module_info(exports)).

eunit_result(ok) -> passed;
eunit_result(_) -> wrong_answer.

tested(Module, Function) ->
    try Module:Function() of
        false -> show(false), wrong_answer;
        error -> show(error), wrong_answer;
        {error, Reason} -> show(Reason), wrong_answer;
        _ -> passed
    catch
        Class:Reason:Stack ->
            show({Class, Reason, Stack}),
            case is_failed_test(Module, Function, Reason, Stack) of
                true -> wrong_answer;
                false -> runtime_error
            end
    end.

%% A match of the tests themselves, or a macro of eunit, has failed.
is_failed_test(Module, Function, _, [{Module, Function, _, _} | _]) -> true;
is_failed_test(_, _, {Assert, _}, _) when is_atom(Assert) -> lists:prefix("assert", atom_to_list(Assert));
is_failed_test(_, _, _, _) -> false.

%% Elixir: the candidate, then the tests, as if they were one script.

elixir_program(Candidate, Tests, Folders) ->
    start_elixir(),
    Before = code:all_loaded(),
    case loaded(Candidate, <<"candidate.exs">>, compile_error) of
        ok -> elixir_tests(Tests, Folders, [Module || {Module, From} <- code:all_loaded() -- Before, not is_library(From)]);
        Failure -> Failure
    end.

start_elixir() ->
    {ok, _} = application:ensure_all_started(elixir),
    'Elixir.Code':put_compiler_option(ignore_module_conflict, true).

%% Own are the candidate's modules.
elixir_tests(Tests, Folders, Own) ->
    case unless_replaced(passed, Folders) of
        passed ->
            Uses = binary:match(Tests, <<"ExUnit">>) =/= nomatch,
            start_ex_unit(Uses),
            Failed = fun(Class, Reason, Stack) -> show_exception(Class, Reason, Stack), failed_status(Class, Reason, Stack, Own) end,
            case evaluated(Tests, <<"tests.exs">>, Failed) of
                ok -> unless_replaced(ex_unit(Uses, Own), Folders);
                Failure -> Failure
            end;
        Failure -> Failure
    end.

start_ex_unit(false) -> ok;
start_ex_unit(true) -> {ok, _} = application:ensure_all_started(ex_unit), ok.

ex_unit(false, _) -> passed;
ex_unit(true, Own) ->
    'Elixir.Application':put_env(ex_unit, autorun, false),
    'Elixir.Application':put_env(ex_unit, formatters, ['Elixir.ExUnit.CLIFormatter', ?MODULE]),
    'Elixir.Application':put_env(ex_unit, crosstune_judge, self()),
    case 'Elixir.ExUnit':run() of
        #{failures := 0, total := Total, excluded := Excluded, skipped := Skipped}
            when Total > Excluded + Skipped -> passed;
        _ -> failed_tests(Own)
    end.

%% What a failed test says depends on the order of tests, which is random; a failed assertion counts before an error.
failed_tests(Own) ->
    Found = [failed_status(Class, Reason, Stack, Own) || {Class, Reason, Stack} <- failures()],
    case lists:usort(Found) of
        [runtime_error] -> runtime_error;
        _ -> wrong_answer
    end.

failures() ->
    receive {crosstune_failed, Failures} -> Failures ++ failures()
    after 0 -> []
    end.

%% A formatter of ExUnit: it tells the process that runs the tests how they failed.
init(Options) -> {ok, proplists:get_value(crosstune_judge, Options)}.

handle_cast({Finished, #{state := {failed, Failures}}}, Judge) when Finished =:= test_finished; Finished =:= module_finished ->
    Judge ! {crosstune_failed, Failures},
    {noreply, Judge};
handle_cast(_, Judge) -> {noreply, Judge}.

handle_call(_, _, Judge) -> {reply, ok, Judge}.

%% An assertion, or a match or error of the tests themselves, has failed; anything else is an error of the candidate.
failed_status(error, Reason, Stack, Own) ->
    #{'__struct__' := Struct} = 'Elixir.Exception':normalize(error, Reason, Stack),
    IsOwn = lists:any(fun(Frame) -> lists:member(element(1, Frame), Own) end, Stack),
    case {lists:member(Struct, ['Elixir.ExUnit.AssertionError', 'Elixir.ExUnit.MultiError']), IsOwn} of
        {true, _} -> wrong_answer;
        {false, true} -> runtime_error;
        {false, false} -> case is_checking(Struct) andalso is_of_tests(Stack) of true -> wrong_answer; false -> runtime_error end
    end;
failed_status(_, _, _, _) -> runtime_error.

is_checking(Struct) ->
    Checking = ['Elixir.RuntimeError', 'Elixir.MatchError', 'Elixir.CaseClauseError', 'Elixir.CondClauseError', 'Elixir.WithClauseError'],
    lists:member(Struct, Checking).

is_of_tests([{Module, _, _, _} | _]) ->
    lists:member(Module, [erl_eval, elixir_eval, elixir]) orelse case code:is_loaded(Module) of
        {file, From} -> not is_library(From);
        false -> true
    end;
is_of_tests(_) -> true.

is_library(From) -> From =:= preloaded orelse (is_list(From) andalso lists:prefix("/", From)).

loaded(Source, Name, Otherwise) ->
    evaluated(Source, Name, fun(Class, Reason, Stack) -> elixir_failure(Class, Reason, Stack, Otherwise) end).

evaluated(Source, Name, Failed) ->
    try 'Elixir.Code':eval_string(Source, [], [{file, Name}]), ok
    catch
        Class:Reason:Stack -> Failed(Class, Reason, Stack)
    end.

elixir_failure(Class, Reason, Stack, Otherwise) ->
    show_exception(Class, Reason, Stack),
    case Reason of
        #{'__struct__' := Struct} when Struct =:= 'Elixir.SyntaxError'; Struct =:= 'Elixir.TokenMissingError';
                Struct =:= 'Elixir.CompileError' -> Otherwise;
        _ -> runtime_error
    end.

show_exception(Class, Reason, Stack) ->
    io:put_chars(standard_error, ['Elixir.Exception':format(Class, Reason, Stack), "\n"]).

%% Whole programs.

check([elixir]) ->
    start_elixir(),
    {ok, Source} = file:read_file("program.exs"),
    try 'Elixir.Code':'string_to_quoted!'(Source), erlang:halt(0)
    catch Class:Reason:Stack -> elixir_failure(Class, Reason, Stack, error), erlang:halt(1)
    end;
check([erlang]) ->
    case compile:file("program.erl", [binary, report_errors, export_all, nowarn_export_all]) of
        {ok, _, _} -> erlang:halt(0);
        _ -> erlang:halt(1)
    end.

whole([Language]) ->
    case attempt(fun() -> whole_program(Language) end) of
        passed -> erlang:halt(0);
        _ -> erlang:halt(3)
    end.

whole_program(erlang) ->
    {ok, Module, Binary} = compile:file("program.erl", [binary, export_all, nowarn_export_all]),
    {module, Module} = code:load_binary(Module, "program.erl", Binary),
    Arguments = init:get_plain_arguments(),
    case erlang:function_exported(Module, main, 1) of
        true -> Module:main(Arguments);
        false -> Module:main()
    end,
    passed;
whole_program(elixir) ->
    start_elixir(),
    'Elixir.System':argv([unicode:characters_to_binary(Each) || Each <- init:get_plain_arguments()]),
    {ok, Source} = file:read_file("program.exs"),
    case loaded(Source, <<"program.exs">>, runtime_error) of
        ok -> passed;
        Failure -> Failure
    end.
