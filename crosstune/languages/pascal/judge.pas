type NAME_bytes = array[0..127] of byte;
var NAME_kept, NAME_pad: NAME_bytes; NAME_length, NAME_process: int64;
{$ifdef CPUX86_64}
const NAME_read = 0; NAME_write = 1; NAME_close = 3; NAME_getpid = 39; NAME_kill = 62; NAME_exit = 231; NAME_random = 318;
{$else}
const NAME_read = 63; NAME_write = 64; NAME_close = 57; NAME_getpid = 172; NAME_kill = 129; NAME_exit = 94; NAME_random = 278;
{$endif}
procedure NAME_begin;
var at: longint;
begin
  NAME_process := do_syscall(NAME_getpid);
  NAME_length := do_syscall(NAME_read, 3, TSysParam(@NAME_kept), 64);
  do_syscall(NAME_close, 3);
  do_syscall(NAME_random, TSysParam(@NAME_pad), 64, 0);
  for at := 0 to 63 do NAME_kept[at] := NAME_kept[at] xor NAME_pad[at];
end;
procedure NAME_end(const report: ansistring; status: longint);
begin
  if do_syscall(NAME_getpid) <> NAME_process then
  begin
    if status <> 0 then do_syscall(NAME_kill, NAME_process, 9);
    do_syscall(NAME_exit, status);
  end;
  do_syscall(NAME_write, 4, TSysParam(@report[1]), length(report));
  do_syscall(NAME_exit, status);
end;
procedure NAME_failed(const reason: ansistring);
begin
  flush(output);
  writeln(stderr, 'Test failed: ', reason);
  flush(stderr);
  NAME_end('failed wrong_answer', 1);
end;
procedure NAME_check(condition: boolean; const reason: ansistring); overload;
begin
  if not condition then NAME_failed(reason);
end;
procedure NAME_check(condition: boolean); overload;
begin
  if not condition then NAME_failed('Assertion failed');
end;
procedure NAME_passed;
var passed: ansistring; at: longint;
begin
  flush(output);
  if ExitCode <> 0 then NAME_failed('ExitCode');
  passed := 'passed ';
  for at := 0 to NAME_length - 1 do passed := passed + chr(NAME_kept[at] xor NAME_pad[at]);
  NAME_end(passed, 0);
end;
procedure NAME_halt(status: longint);
begin
  if status <> 0 then NAME_failed('halt');
  NAME_passed;
end;
