# HumanEval/10 helper
def is_palindrome(string) do
  string == String.reverse(string)
end

# HumanEval/32 helper
def poly(xs, x) do
  List.foldr(xs, 0, fn each, sum -> sum * x + each end)
end

# HumanEval/38 helper
def encode_cyclic(s) do
  s
  |> String.graphemes()
  |> Enum.chunk_every(3)
  |> Enum.map_join(fn group -> if length(group) < 3, do: Enum.join(group), else: Enum.join(tl(group) ++ [hd(group)]) end)
end

# HumanEval/50 helper
def encode_shift(s) do
  for <<c <- s>>, into: "", do: <<rem(c - ?a + 5, 26) + ?a>>
end

# HumanEval/32 tests
value_at = fn xs, x -> List.foldr(xs, 0, fn each, sum -> sum * x + each end) end
true = abs(value_at.(ARGUMENTS, Solution.CALL)) < TOLERANCE

# HumanEval/0
    pairs = for {one, i} <- Enum.with_index(numbers), {other, j} <- Enum.with_index(numbers), i < j, do: abs(one - other)
    Enum.any?(pairs, fn each -> each < threshold end)

# HumanEval/8
    {Enum.sum(numbers), Enum.reduce(numbers, 1, fn each, product -> each * product end)}

# HumanEval/9
    Enum.scan(numbers, fn one, other -> max(one, other) end)

# HumanEval/10
    at = Enum.find(0..String.length(string), fn i -> is_palindrome(String.slice(string, i, String.length(string))) end)
    string <> String.reverse(String.slice(string, 0, at))

# HumanEval/12
    Enum.max_by(strings, fn each -> String.length(each) end, fn -> nil end)

# HumanEval/14
    Enum.map(1..String.length(string)//1, fn size -> String.slice(string, 0, size) end)

# HumanEval/20
    sorted = Enum.sort(numbers)
    Enum.min_by(Enum.zip(sorted, tl(sorted)), fn {one, other} -> other - one end)

# HumanEval/22
    Enum.filter(values, fn each -> is_integer(each) end)

# HumanEval/25
    Stream.iterate(2, fn i -> i + 1 end)
    |> Enum.reduce_while({n, []}, fn i, {left, found} ->
      {left, found} = divided(left, i, found)
      if left == 1, do: {:halt, Enum.reverse(found)}, else: {:cont, {left, found}}
    end)
  end

  defp divided(left, i, found) do
    if rem(left, i) == 0, do: divided(div(left, i), i, [i | found]), else: {left, found}

# HumanEval/32
    bound = Enum.find(Stream.iterate(1.0, fn x -> x * 2 end), fn x -> poly(xs, -x) * poly(xs, x) <= 0 end)
    {low, _} =
      Enum.reduce(1..200, {-bound, bound}, fn _, {low, high} ->
        middle = (low + high) / 2
        if poly(xs, middle) * poly(xs, low) > 0, do: {middle, high}, else: {low, middle}
      end)
    low

# HumanEval/38
    encode_cyclic(encode_cyclic(s))

# HumanEval/46
    Enum.reduce(1..n//1, [0, 0, 2, 0], fn _, last -> tl(last) ++ [Enum.sum(last)] end) |> hd()

# HumanEval/50
    for <<c <- s>>, into: "", do: <<rem(c - ?a + 21, 26) + ?a>>

# HumanEval/53
    x + y

# HumanEval/70
    sorted = Enum.sort(lst)
    size = length(lst)
    for i <- 0..(size - 1)//1, do: Enum.at(sorted, if(rem(i, 2) == 0, do: div(i, 2), else: size - 1 - div(i, 2)))

# HumanEval/87
    for {cells, row} <- Enum.with_index(lst), {cell, column} <- Enum.reverse(Enum.with_index(cells)), cell == x, do: {row, column}

# HumanEval/90
    lst |> Enum.uniq() |> Enum.sort() |> Enum.at(1)

# HumanEval/95
    keys = Map.keys(dict)
    keys != [] and (Enum.all?(keys, fn key -> key =~ ~r/^[a-z]+$/ end) or Enum.all?(keys, fn key -> key =~ ~r/^[A-Z]+$/ end))

# HumanEval/107
    found = Enum.filter(1..n, fn i -> to_string(i) == String.reverse(to_string(i)) end)
    {Enum.count(found, fn i -> rem(i, 2) == 0 end), Enum.count(found, fn i -> rem(i, 2) == 1 end)}

# HumanEval/111
    counts = test |> String.split() |> Enum.frequencies()
    most = counts |> Map.values() |> Enum.max(fn -> 0 end)
    for {letter, count} <- counts, count == most, into: %{}, do: {letter, count}

# HumanEval/115
    Enum.sum(Enum.map(grid, fn row -> div(Enum.sum(row) + capacity - 1, capacity) end))

# HumanEval/128
    sign = fn x -> if x > 0, do: 1, else: if(x < 0, do: -1, else: 0) end
    if arr == [], do: nil, else: Enum.sum(Enum.map(arr, &abs/1)) * Enum.reduce(arr, 1, fn each, product -> sign.(each) * product end)

# HumanEval/136
    {Enum.max(Enum.filter(lst, fn x -> x < 0 end), fn -> nil end), Enum.min(Enum.filter(lst, fn x -> x > 0 end), fn -> nil end)}

# HumanEval/139
    {product, _} = Enum.reduce(1..n, {1, 1}, fn i, {product, factorial} -> {product * factorial * i, factorial * i} end)
    product

# HumanEval/148
    planets = ["Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune"]
    [one, other] = Enum.map([planet1, planet2], fn planet -> Enum.find_index(planets, fn each -> each == planet end) end)
    if one == nil or other == nil, do: [], else: Enum.slice(planets, (min(one, other) + 1)..(max(one, other) - 1)//1)

# HumanEval/161
    if s =~ ~r/[A-Za-z]/ do
      for <<c <- s>>, into: "", do: if(c in ?a..?z, do: <<c - 32>>, else: if(c in ?A..?Z, do: <<c + 32>>, else: <<c>>))
    else
      String.reverse(s)
    end
