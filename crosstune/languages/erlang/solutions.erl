% HumanEval/10 helper
is_palindrome(String) ->
    String =:= lists:reverse(String).

% HumanEval/32 helper
poly(Xs, X) ->
    lists:foldr(fun(Each, Sum) -> Sum * X + Each end, 0, Xs).

% HumanEval/38 helper
encode_cyclic([A, B, C | Rest]) -> [B, C, A | encode_cyclic(Rest)];
encode_cyclic(Rest) -> Rest.

% HumanEval/50 helper
encode_shift(S) ->
    [(C - $a + 5) rem 26 + $a || C <- S].

% HumanEval/32 tests
value_at(Xs, X) -> lists:foldr(fun(Each, Sum) -> Sum * X + Each end, 0, Xs).
test() ->
    true = abs(value_at(ARGUMENTS, CALL)) < TOLERANCE,
    ok.

% HumanEval/0
    Indexed = lists:zip(lists:seq(1, length(Numbers)), Numbers),
    lists:any(fun({I, One}) -> lists:any(fun({J, Other}) -> I < J andalso abs(One - Other) < Threshold end, Indexed) end, Indexed).

% HumanEval/8
    {lists:sum(Numbers), lists:foldl(fun(Each, Product) -> Each * Product end, 1, Numbers)}.

% HumanEval/9
    {Found, _} = lists:mapfoldl(fun(Each, Most) -> Best = max(Each, Most), {Best, Best} end, hd(Numbers ++ [0]), Numbers),
    Found.

% HumanEval/10
    [At | _] = [I || I <- lists:seq(0, length(String)), is_palindrome(lists:nthtail(I, String))],
    String ++ lists:reverse(lists:sublist(String, At)).

% HumanEval/12
    lists:foldl(fun(Each, undefined) -> Each;
                   (Each, Best) when length(Each) > length(Best) -> Each;
                   (_, Best) -> Best end, undefined, Strings).

% HumanEval/14
    [lists:sublist(String, Size) || Size <- lists:seq(1, length(String))].

% HumanEval/20
    [First | Rest] = lists:sort(Numbers),
    {_, Found} = lists:min([{Other - One, {One, Other}} || {One, Other} <- lists:zip([First | lists:droplast(Rest)], Rest)]),
    Found.

% HumanEval/22
    [Each || Each <- Values, is_integer(Each)].

% HumanEval/25
    factors(N, 2).

factors(1, _) -> [];
factors(N, I) when N rem I =:= 0 -> [I | factors(N div I, I)];
factors(N, I) -> factors(N, I + 1).

% HumanEval/32
    Bound = bound(Xs, 1.0),
    halved(Xs, -Bound, Bound, 200).

bound(Xs, X) ->
    case poly(Xs, -X) * poly(Xs, X) =< 0 of
        true -> X;
        false -> bound(Xs, X * 2)
    end.

halved(_, Low, _, 0) -> Low;
halved(Xs, Low, High, Left) ->
    Middle = (Low + High) / 2,
    case poly(Xs, Middle) * poly(Xs, Low) > 0 of
        true -> halved(Xs, Middle, High, Left - 1);
        false -> halved(Xs, Low, Middle, Left - 1)
    end.

% HumanEval/38
    encode_cyclic(encode_cyclic(S)).

% HumanEval/46
    hd(lists:foldl(fun(_, Last) -> tl(Last) ++ [lists:sum(Last)] end, [0, 0, 2, 0], lists:seq(1, N))).

% HumanEval/50
    [(C - $a + 21) rem 26 + $a || C <- S].

% HumanEval/53
    X + Y.

% HumanEval/70
    strange(lists:sort(Lst)).

strange([]) -> [];
strange([First]) -> [First];
strange([First | Rest]) -> [First, lists:last(Rest) | strange(lists:droplast(Rest))].

% HumanEval/87
    Rows = lists:zip(lists:seq(0, length(Lst) - 1), Lst),
    [{Row, Column} || {Row, Cells} <- Rows,
        {Column, Cell} <- lists:reverse(lists:zip(lists:seq(0, length(Cells) - 1), Cells)), Cell =:= X].

% HumanEval/90
    case lists:usort(Lst) of
        [_, Second | _] -> Second;
        _ -> undefined
    end.

% HumanEval/95
    Keys = maps:keys(Dict),
    All = fun(Pattern) -> lists:all(fun(Key) -> re:run(Key, Pattern) =/= nomatch end, Keys) end,
    Keys =/= [] andalso (All("^[a-z]+$") orelse All("^[A-Z]+$")).

% HumanEval/107
    Found = [I || I <- lists:seq(1, N), integer_to_list(I) =:= lists:reverse(integer_to_list(I))],
    {length([I || I <- Found, I rem 2 =:= 0]), length([I || I <- Found, I rem 2 =:= 1])}.

% HumanEval/111
    Counts = lists:foldl(fun(Each, All) -> maps:update_with(Each, fun(Count) -> Count + 1 end, 1, All) end, #{}, string:tokens(Test, " ")),
    maps:filter(fun(_, Count) -> Count =:= lists:max(maps:values(Counts)) end, Counts).

% HumanEval/115
    lists:sum([(lists:sum(Row) + Capacity - 1) div Capacity || Row <- Grid]).

% HumanEval/128
    Sign = fun(X) when X > 0 -> 1; (X) when X < 0 -> -1; (_) -> 0 end,
    case Arr of
        [] -> undefined;
        _ -> lists:sum([abs(X) || X <- Arr]) * lists:foldl(fun(X, Product) -> Sign(X) * Product end, 1, Arr)
    end.

% HumanEval/136
    Last = fun([]) -> undefined; (Found) -> lists:last(lists:sort(Found)) end,
    First = fun([]) -> undefined; (Found) -> hd(lists:sort(Found)) end,
    {Last([X || X <- Lst, X < 0]), First([X || X <- Lst, X > 0])}.

% HumanEval/139
    {Product, _} = lists:foldl(fun(I, {All, Factorial}) -> {All * Factorial * I, Factorial * I} end, {1, 1}, lists:seq(1, N)),
    Product.

% HumanEval/148
    Planets = ["Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune"],
    Numbered = lists:zip(Planets, lists:seq(1, 8)),
    case {proplists:get_value(Planet1, Numbered), proplists:get_value(Planet2, Numbered)} of
        {One, Other} when is_integer(One), is_integer(Other) ->
            [Planet || {Planet, At} <- Numbered, At > min(One, Other), At < max(One, Other)];
        _ -> []
    end.

% HumanEval/161
    Turned = fun(C) when C >= $a, C =< $z -> C - 32; (C) when C >= $A, C =< $Z -> C + 32; (C) -> C end,
    case lists:map(Turned, S) of
        S -> lists:reverse(S);
        Other -> Other
    end.
