{ The candidate's process: calls its functions as it is asked; see docs/values.md. Nothing here needs protection
  from the candidate: all that it can change is what it answers. The conversions between bytes and declared types
  are written for each program (_server.py). }
unit crosstune_wire;
{$mode objfpc}{$H+}
interface
uses SysUtils, BaseUnix, Variants;
type
  TCrosstuneCall = procedure(const name: AnsiString);

procedure crosstune_serve(call: TCrosstuneCall);
procedure crosstune_begin(expected: LongInt);
procedure crosstune_missing(const name: AnsiString);

function crosstune_tag: AnsiChar;
function crosstune_count: Int64;
function crosstune_integer: Int64;
function crosstune_unsigned: QWord;
function crosstune_float: Double;
function crosstune_boolean: Boolean;
function crosstune_text: AnsiString;
function crosstune_char: AnsiChar;
function crosstune_variant: Variant;
procedure crosstune_field(const name: AnsiString);

procedure crosstune_put_tag(tag: AnsiChar);
procedure crosstune_put_count(tag: AnsiChar; count: Int64);
procedure crosstune_put_integer(value: Int64);
procedure crosstune_put_unsigned(value: QWord);
procedure crosstune_put_float(value: Double);
procedure crosstune_put_boolean(value: Boolean);
procedure crosstune_put_text(const value: AnsiString);
procedure crosstune_put_char(value: AnsiChar);
procedure crosstune_put_variant(const value: Variant);
procedure crosstune_put_name(const value: AnsiString);
procedure crosstune_put_size(count: LongInt);

procedure crosstune_result;
procedure crosstune_mark;
function crosstune_captured: AnsiString;
procedure crosstune_changed(place: LongInt; const before: AnsiString);

implementation

const
  most_bytes = 16 * 1024 * 1024;
  deepest = 200;
var
  question, reply, changes: AnsiString;
  at, marked: SizeInt;
  changed, depth: LongInt;

procedure take(var bytes; size: SizeInt);
begin
  if at + size > Length(question) + 1 then raise Exception.Create('a question ends too early');
  Move(question[at], bytes, size);
  Inc(at, size);
end;

procedure put(const bytes; size: SizeInt);
var
  place: SizeInt;
begin
  if Length(reply) > most_bytes then exit; // `send` ends the process
  place := Length(reply);
  SetLength(reply, place + size);
  Move(bytes, reply[place + 1], size);
end;

function crosstune_tag: AnsiChar;
begin
  take(Result, 1);
end;

function number: LongWord;
begin
  take(Result, 4);
  Result := BEtoN(Result);
end;

procedure put_number(value: LongWord);
begin
  value := NtoBE(value);
  put(value, 4);
end;

function counted_text: AnsiString;
begin
  SetLength(Result, number);
  if Result <> '' then take(Result[1], Length(Result));
end;

function crosstune_count: Int64;
begin
  crosstune_tag;
  Result := number;
end;

function crosstune_integer: Int64;
begin
  crosstune_tag;
  take(Result, 8);
  Result := BEtoN(Result);
end;

function crosstune_unsigned: QWord;
var
  large: AnsiString;
begin
  if question[at] = 'i' then exit(QWord(crosstune_integer));
  crosstune_tag;
  large := counted_text;
  Move(large[Length(large) - 7], Result, 8);
  Result := BEtoN(Result);
end;

function crosstune_float: Double;
var
  bits: QWord;
begin
  crosstune_tag;
  take(bits, 8);
  bits := BEtoN(bits);
  Move(bits, Result, 8);
end;

function crosstune_boolean: Boolean;
begin
  Result := crosstune_tag = 'T';
end;

function crosstune_text: AnsiString;
begin
  crosstune_tag;
  Result := counted_text;
end;

function crosstune_char: AnsiChar;
begin
  crosstune_tag;
  Result := Chr(number);
end;

procedure crosstune_field(const name: AnsiString);
begin
  if counted_text <> name then raise Exception.Create('there is no field ' + name);
end;

function items: Variant;
var
  place: LongInt;
  count: Int64;
begin
  count := number;
  Result := VarArrayCreate([0, count - 1], varVariant);
  for place := 0 to count - 1 do Result[place] := crosstune_variant;
end;

function crosstune_variant: Variant;
begin
  case crosstune_tag of
    'T': Result := True;
    'F': Result := False;
    'i': begin Dec(at); Result := crosstune_integer; end;
    'd': begin Dec(at); Result := crosstune_float; end;
    's': Result := counted_text;
    'l', 't', 'S': Result := items;
    'm': if number = 0 then Result := VarArrayCreate([0, -1], varVariant)
         else raise Exception.Create('a map is no Variant');
    else Result := Null;
  end;
end;

procedure crosstune_put_tag(tag: AnsiChar);
begin
  put(tag, 1);
end;

procedure crosstune_put_count(tag: AnsiChar; count: Int64);
begin
  put(tag, 1);
  put_number(count);
end;

procedure crosstune_put_integer(value: Int64);
begin
  crosstune_put_tag('i');
  value := NtoBE(value);
  put(value, 8);
end;

procedure crosstune_put_unsigned(value: QWord);
begin
  if value <= QWord(High(Int64)) then
  begin
    crosstune_put_integer(Int64(value));
    exit;
  end;
  crosstune_put_count('I', 9);
  crosstune_put_tag(#0);
  value := NtoBE(value);
  put(value, 8);
end;

procedure crosstune_put_float(value: Double);
var
  bits: QWord;
begin
  Move(value, bits, 8);
  bits := NtoBE(bits);
  crosstune_put_tag('d');
  put(bits, 8);
end;

procedure crosstune_put_boolean(value: Boolean);
begin
  if value then crosstune_put_tag('T') else crosstune_put_tag('F');
end;

// Whether bytes are UTF-8; lone surrogates have three bytes.
function is_text(const value: AnsiString): Boolean;
var
  place, more: SizeInt;
begin
  place := 1;
  while place <= Length(value) do
  begin
    case Ord(value[place]) of
      0..127: more := 0;
      $C2..$DF: more := 1;
      $E0..$EF: more := 2;
      $F0..$F4: more := 3;
      else exit(False);
    end;
    while more > 0 do
    begin
      Inc(place);
      Dec(more);
      if (place > Length(value)) or (Ord(value[place]) and $C0 <> $80) then exit(False);
    end;
    Inc(place);
  end;
  Result := True;
end;

procedure crosstune_put_name(const value: AnsiString);
begin
  put_number(Length(value));
  if value <> '' then put(value[1], Length(value));
end;

procedure crosstune_put_size(count: LongInt);
begin
  put_number(count);
end;

procedure crosstune_put_text(const value: AnsiString);
begin
  if is_text(value) then crosstune_put_tag('s') else crosstune_put_tag('b');
  crosstune_put_name(value);
end;

procedure crosstune_put_char(value: AnsiChar);
begin
  crosstune_put_text(value);
end;

procedure put_items(const value: Variant);
var
  place: LongInt;
begin
  Inc(depth);
  if depth > deepest then raise Exception.Create('it nests too deep');
  crosstune_put_count('l', VarArrayHighBound(value, 1) - VarArrayLowBound(value, 1) + 1);
  for place := VarArrayLowBound(value, 1) to VarArrayHighBound(value, 1) do crosstune_put_variant(value[place]);
  Dec(depth);
end;

procedure crosstune_put_variant(const value: Variant);
begin
  if VarIsArray(value) then put_items(value)
  else if VarIsEmpty(value) or VarIsNull(value) then crosstune_put_tag('N')
  else if VarIsType(value, varBoolean) then crosstune_put_boolean(value)
  else if VarIsOrdinal(value) then crosstune_put_integer(value)
  else if VarIsFloat(value) then crosstune_put_float(value)
  else if VarIsStr(value) then crosstune_put_text(VarToStr(value))
  else
  begin
    crosstune_put_tag('o');
    crosstune_put_name('Variant');
  end;
end;

procedure crosstune_begin(expected: LongInt);
begin
  if number <> expected then raise Exception.Create('another number of arguments');
end;

procedure crosstune_missing(const name: AnsiString);
begin
  raise Exception.Create('the candidate has no function ' + name);
end;

procedure crosstune_result;
begin
  crosstune_put_tag('R');
end;

procedure crosstune_mark;
begin
  marked := Length(reply);
end;

function crosstune_captured: AnsiString;
begin
  Result := Copy(reply, marked + 1);
  SetLength(reply, marked);
end;

procedure crosstune_changed(place: LongInt; const before: AnsiString);
var
  after: AnsiString;
begin
  after := crosstune_captured;
  if after = before then exit;
  Inc(changed);
  crosstune_mark;
  put_number(place);
  changes := changes + crosstune_captured + after;
end;

procedure answer(call: TCrosstuneCall);
var
  name: AnsiString;
begin
  at := 1;
  reply := '';
  changes := '';
  changed := 0;
  depth := 0;
  if crosstune_tag <> 'C' then raise Exception.Create('only functions are called');
  name := counted_text;
  crosstune_tag;
  try
    call(name);
  except
    on problem: Exception do
    begin
      reply := 'E';
      crosstune_put_name(problem.ClassName);
      crosstune_put_name(problem.Message);
      crosstune_put_name('');
      changes := '';
      changed := 0;
    end;
  end;
  put_number(changed);
  reply := reply + changes;
  put_number(0);
  put_number(0);
end;

procedure send(const data: AnsiString);
var
  size: LongWord;
  sent, part: SizeInt;
begin
  size := NtoBE(LongWord(Length(data)));
  FpWrite(6, @size, 4);
  if Length(data) > most_bytes then Halt(1); // the judge reads no more of it
  sent := 0;
  while sent < Length(data) do
  begin
    part := FpWrite(6, PAnsiChar(data) + sent, Length(data) - sent);
    if part <= 0 then Halt(1);
    Inc(sent, part);
  end;
end;

function received(var bytes; size: SizeInt): Boolean;
var
  got, part: SizeInt;
begin
  got := 0;
  while got < size do
  begin
    part := FpRead(5, PAnsiChar(@bytes) + got, size - got);
    if part <= 0 then exit(False);
    Inc(got, part);
  end;
  Result := True;
end;

procedure crosstune_serve(call: TCrosstuneCall);
var
  size: LongWord;
begin
  send('H'#1);
  while received(size, 4) do
  begin
    SetLength(question, BEtoN(size));
    if not received(PAnsiChar(question)^, Length(question)) then break;
    answer(call);
    send(reply);
    Flush(Output);
  end;
  Halt(0);
end;

end.
