-- A checker's decisions are the exit statuses 1 and 2, and Lua ends with 1 after an error: with 3 instead.
local program = table.remove(arg, 1)
arg[0] = program
local chunk, message = loadfile(program)
local fine = chunk and xpcall(chunk, function(error) message = debug.traceback(tostring(error), 2) end, table.unpack(arg))
if not fine then
  io.stderr:write(message, "\n")
  os.exit(3)
end
