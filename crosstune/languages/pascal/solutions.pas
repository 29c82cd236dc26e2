// HumanEval/10 helper
function IsPalindrome(const s: string): Boolean;
var
  i: Integer;
begin
  for i := 1 to Length(s) div 2 do
    if s[i] <> s[Length(s) - i + 1] then Exit(False);
  Result := True;
end;

// HumanEval/32 helper
function Poly(const xs: array of Integer; x: Double): Double;
var
  i: Integer;
begin
  Result := 0;
  for i := High(xs) downto 0 do Result := Result * x + xs[i];
end;

// HumanEval/38 helper
function EncodeCyclic(const s: string): string;
var
  i: Integer;
begin
  Result := '';
  i := 1;
  while i + 2 <= Length(s) do
  begin
    Result := Result + s[i + 1] + s[i + 2] + s[i];
    i := i + 3;
  end;
  Result := Result + Copy(s, i, 2);
end;

// HumanEval/50 helper
function EncodeShift(const s: string): string;
var
  i: Integer;
begin
  SetLength(Result, Length(s));
  for i := 1 to Length(s) do Result[i] := Chr((Ord(s[i]) + 5 - 97) mod 26 + 97);
end;

// HumanEval/32 tests
function ValueAt(const xs: array of Integer; x: Double): Double;
var
  i: Integer;
begin
  Result := 0;
  for i := High(xs) downto 0 do Result := Result * x + xs[i];
end;
begin
  Assert(Abs(ValueAt(ARGUMENTS, CALL)) < TOLERANCE);
end.

// HumanEval/0
var
  i, j: Integer;
begin
  for i := 0 to High(numbers) do
    for j := i + 1 to High(numbers) do
      if Abs(numbers[i] - numbers[j]) < threshold then Exit(True);
  Result := False;
end;

// HumanEval/2
begin
  Result := number - Int(number);
end;

// HumanEval/8
var
  x: Integer;
begin
  Result.First := 0;
  Result.Second := 1;
  for x in numbers do
  begin
    Result.First := Result.First + x;
    Result.Second := Result.Second * x;
  end;
end;

// HumanEval/10
var
  at, i: Integer;
begin
  at := 1;
  while not IsPalindrome(Copy(string_, at, Length(string_))) do Inc(at);
  Result := string_;
  for i := at - 1 downto 1 do Result := Result + string_[i];
end;

// HumanEval/12
var
  each, found: string;
begin
  if Length(strings) = 0 then Exit(Null);
  found := strings[0];
  for each in strings do
    if Length(each) > Length(found) then found := each;
  Result := found;
end;

// HumanEval/22
var
  i: Integer;
begin
  Result := nil;
  for i := 0 to High(values) do
    if VarIsOrdinal(values[i]) and not VarIsType(values[i], varBoolean) then
    begin
      SetLength(Result, Length(Result) + 1);
      Result[High(Result)] := values[i];
    end;
end;

// HumanEval/32
var
  low_, high_, middle: Double;
begin
  low_ := -1;
  high_ := 1;
  while Poly(xs, low_) * Poly(xs, high_) > 0 do
  begin
    low_ := low_ * 2;
    high_ := high_ * 2;
  end;
  while high_ - low_ > 1e-12 do
  begin
    middle := (low_ + high_) / 2;
    if (middle = low_) or (middle = high_) then Break;
    if Poly(xs, middle) * Poly(xs, low_) > 0 then low_ := middle else high_ := middle;
  end;
  Result := low_;
end;

// HumanEval/38
begin
  Result := EncodeCyclic(EncodeCyclic(s));
end;

// HumanEval/50
var
  i: Integer;
begin
  SetLength(Result, Length(s));
  for i := 1 to Length(s) do Result[i] := Chr((Ord(s[i]) - 97 + 21) mod 26 + 97);
end;

// HumanEval/53
begin
  Result := x + y;
end;

// HumanEval/87
var
  i, j: Integer;
begin
  Result := nil;
  for i := 0 to High(lst) do
    for j := High(lst[i]) downto 0 do
      if lst[i][j] = x then
      begin
        SetLength(Result, Length(Result) + 1);
        Result[High(Result)].First := i;
        Result[High(Result)].Second := j;
      end;
end;

// HumanEval/90
var
  x, smallest, second: Integer;
  found: Boolean;
begin
  if Length(lst) = 0 then Exit(Null);
  smallest := MinIntValue(lst);
  found := False;
  second := 0;
  for x in lst do
    if (x > smallest) and (not found or (x < second)) then
    begin
      second := x;
      found := True;
    end;
  if found then Result := second else Result := Null;
end;

// HumanEval/95
var
  i: Integer;
  c: Char;
  lower, upper: Boolean;
begin
  lower := dict.Count > 0;
  upper := lower;
  for i := 0 to dict.Count - 1 do
    for c in dict.Keys[i] do
    begin
      lower := lower and (c in ['a'..'z']);
      upper := upper and (c in ['A'..'Z']);
    end;
  Result := lower or upper;
end;

// HumanEval/103
var
  middle: Integer;
  digits: string;
begin
  if n > m then Exit(-1);
  middle := (n + m) div 2;
  if Odd(n + m) and Odd(middle) then Inc(middle);
  digits := '';
  repeat
    digits := Chr(Ord('0') + middle mod 2) + digits;
    middle := middle div 2;
  until middle = 0;
  Result := '0b' + digits;
end;

// HumanEval/107
var
  i, rest, mirrored: Integer;
begin
  Result.First := 0;
  Result.Second := 0;
  for i := 1 to n do
  begin
    rest := i;
    mirrored := 0;
    while rest > 0 do
    begin
      mirrored := mirrored * 10 + rest mod 10;
      rest := rest div 10;
    end;
    if mirrored = i then
      if Odd(i) then Inc(Result.Second) else Inc(Result.First);
  end;
end;

// HumanEval/111
var
  letter: string;
  counts: TStringIntegerMap;
  i, most: Integer;
begin
  counts := TStringIntegerMap.Create;
  most := 0;
  for letter in test.Split([' ']) do
    if letter <> '' then
    begin
      i := counts.IndexOf(letter);
      if i < 0 then i := counts.Add(letter, 0);
      counts.Data[i] := counts.Data[i] + 1;
      most := Max(most, counts.Data[i]);
    end;
  Result := TStringIntegerMap.Create;
  for i := 0 to counts.Count - 1 do
    if counts.Data[i] = most then Result.Add(counts.Keys[i], most);
end;

// HumanEval/112
var
  each: Char;
  i: Integer;
begin
  Result.First := '';
  for each in s do
    if Pos(each, c) = 0 then Result.First := Result.First + each;
  Result.Second := True;
  for i := 1 to Length(Result.First) div 2 do
    if Result.First[i] <> Result.First[Length(Result.First) - i + 1] then Result.Second := False;
end;

// HumanEval/125
var
  words: TStringArray;
  i, count: Integer;
  c: Char;
begin
  if Pos(' ', txt) > 0 then words := txt.Split([' '], TStringSplitOptions.ExcludeEmpty)
  else words := txt.Split([',']);
  if (Pos(' ', txt) > 0) or (Pos(',', txt) > 0) then
  begin
    Result := VarArrayCreate([0, High(words)], varVariant);
    for i := 0 to High(words) do Result[i] := words[i];
    Exit;
  end;
  count := 0;
  for c in txt do
    if (c in ['a'..'z']) and Odd(Ord(c) - Ord('a')) then Inc(count);
  Result := count;
end;

// HumanEval/128
var
  x, sum, sign_: Integer;
begin
  if Length(arr) = 0 then Exit(Null);
  sum := 0;
  sign_ := 1;
  for x in arr do
  begin
    sum := sum + Abs(x);
    sign_ := sign_ * Sign(x);
  end;
  Result := sum * sign_;
end;

// HumanEval/136
var
  x: Integer;
begin
  Result.First := Null;
  Result.Second := Null;
  for x in lst do
  begin
    if (x < 0) and (VarIsNull(Result.First) or (x > Result.First)) then Result.First := x;
    if (x > 0) and (VarIsNull(Result.Second) or (x < Result.Second)) then Result.Second := x;
  end;
end;

// HumanEval/139
var
  i: Integer;
  factorial: Int64;
begin
  Result := 1;
  factorial := 1;
  for i := 1 to n do
  begin
    factorial := factorial * i;
    Result := Result * factorial;
  end;
end;

// HumanEval/155
var
  c: Char;
begin
  Result.First := 0;
  Result.Second := 0;
  for c in IntToStr(Abs(num)) do
    if c in ['0', '2', '4', '6', '8'] then Inc(Result.First) else Inc(Result.Second);
end;
