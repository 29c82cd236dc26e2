-- Runs a candidate and its tests inside the sandbox; see __init__.py and `_shared/scripts/interpreter.py`. The nonce exists
-- only in local variables of the main thread, masked: the candidate runs in another one, and no function that it can
-- reach refers to them.
local load, type, pairs, rawset = load, type, pairs, rawset
local getinfo, open, format = debug.getinfo, io.open, string.format
local create, resume, status, yield, running = coroutine.create, coroutine.resume, coroutine.status, coroutine.yield, coroutine.running
local leave, stdout, stderr, setmetatable, traceback = os.exit, io.stdout, io.stderr, setmetatable, debug.traceback

local random = open("/dev/urandom", "rb")
random:setvbuf("no")
local path, mask_high, mask_low = "tests-" .. random:read(16):gsub(".", function(c) return format("%02x", c:byte()) end)
mask_high, mask_low = string.unpack("jj", random:read(16))
math.randomseed(string.unpack("jj", random:read(16))) -- a fork would continue what its parent began
random:close()

local payload = open("/dev/fd/3", "rb")
payload:setvbuf("no")
local function hexadecimal(mask)
  local masked = 0
  for _ = 1, 16 do masked = masked << 4 | tonumber(payload:read(1), 16) end
  return masked ~ mask
end
payload:read("l")
local high, low = hexadecimal(mask_high), hexadecimal(mask_low)
local function text() return payload:read(payload:read("n") + 0 * #payload:read("l")) end
local candidate, tests = text(), text()
payload:close()
if candidate:sub(1, 1) == "\0" then -- a long one is in a file: see the Interpreter's `closes_payload`
  local file = open(candidate:sub(2), "rb")
  candidate = file:read("a")
  file:close()
end

local function done(failure)
  stdout:flush()
  local report = open("/dev/fd/4", "wb")
  report:write(failure and "failed " .. failure or format("passed %016x%016x", high ~ mask_high, low ~ mask_low))
  report:close()
  leave(failure and 1 or 0)
end

-- Copies of what decides in tests. What a candidate adds to the libraries is seen, what it replaces is not.
local pristine = {}
for _, name in ipairs { "assert", "error", "pcall", "xpcall", "type", "tostring", "tonumber", "pairs", "ipairs", "next", "select",
  "rawequal", "rawget", "rawlen", "rawset", "print", "getmetatable", "setmetatable" } do
  pristine[name] = _G[name]
end
for _, name in ipairs { "string", "table", "math", "os", "io", "utf8", "coroutine", "debug" } do
  local copy = {}
  for key, value in pairs(_G[name]) do copy[key] = value end
  pristine[name] = setmetatable(copy, { __index = _G[name] })
end

-- What the tests define are global variables as usual, but their functions are theirs.
local own, globals = {}, _G
local environment = setmetatable({}, {
  __index = function(_, name)
    local value = own[name]
    if value == nil then value = pristine[name] end
    if value == nil then value = globals[name] end
    return value
  end,
  __newindex = function(_, name, value)
    own[name] = type(value) == "function" and value or nil
    if pristine[name] ~= nil then own[name] = value end
    rawset(globals, name, value)
  end,
})

local unit, unit_functions, unit_path = nil, {}, "=" .. path:gsub("tests", "luaunit")
local require = require
local function load_unit()
  if unit then return unit end
  local file = package.searchpath("luaunit", "/usr/share/lua/5.4/?.lua;/usr/local/share/lua/5.4/?.lua")
  if not file then return require("luaunit") end
  local opened = open(file, "rb")
  local code = opened:read("a"):gsub("^#[^\n]*", "")
  opened:close()
  unit = load(code, unit_path, "t", environment)("luaunit")
  package.loaded.luaunit = unit
  for key, value in pairs(unit) do if type(value) == "function" then unit_functions[key] = value end end
  return unit
end
pristine.require = function(name)
  if name == "luaunit" then return load_unit() end
  return require(name)
end

-- A candidate's exit is no end. The tests' own ends them: the main thread looks whose it is.
local thread, begun
local function exit(code)
  if begun and running() == thread then yield(code) end
  leave(code == nil or code)
end
os.exit, pristine.os.exit = exit, exit
debug.getregistry, pristine.debug.getregistry = nil, nil
arg = { [0] = "tests.lua" }

local function lines(code)
  local _, count = code:gsub("\n", "")
  return count
end

local last = lines(candidate) + 1
local names = "assert error pcall xpcall type tostring tonumber pairs ipairs next select rawequal string table math os require"
local between = "\n; local _ENV = (...)(); local " .. names:gsub(" ", ", ") .. " = _ENV." .. names:gsub(" ", ", _ENV.") .. "; "
tests = tests:gsub("^#[^\n]*", "")

local shown = path:gsub("%p", "%%%0")
local function fail(kind, message)
  if type(message) ~= "string" then message = "the program raised something that is no text" end
  stderr:write((message:gsub(shown, "program")), "\n")
  done(kind)
end

local alone, message = load(candidate, "=candidate.lua", "t")
if not alone then fail("compile_error", message) end
local chunk
chunk, message = load(candidate .. between .. tests, "=" .. path, "t")
if not chunk then fail("wrong_answer", message) end
candidate, tests, between, alone = nil, nil, nil, nil

-- The environment of the tests, once the candidate has been loaded.
local function begin()
  local from = getinfo(2, "Sl")
  if begun or from.source ~= "=" .. path or from.currentline ~= last + 1 then return globals end
  begun = true
  return environment
end

thread = create(chunk)
collectgarbage()
local fine, result = resume(thread, begin)

-- Whether all functions of a thread that has yielded are the tests', from os.exit on.
local function is_end()
  local level = 2
  if getinfo(thread, 1, "t").istailcall then return getinfo(thread, 2, "f") == nil end -- whose frame is gone
  while true do
    local frame = getinfo(thread, level, "Slf")
    if not frame then return level > 2 end
    local is_tests = frame.source == "=" .. path and (frame.linedefined > last or frame.func == chunk and frame.currentline > last)
    if frame.what ~= "C" and not is_tests and frame.source ~= unit_path then return false end
    level = level + 1
  end
end

-- Where it failed: the first function that is not in C.
local function place()
  for level = 0, 250 do
    local frame = getinfo(thread, level, "Slf")
    if not frame or type(result) == "string" and result:find("attempt to call a nil value (global", 1, true) then
      return "runtime_error"
    end
    if frame.what ~= "C" then
      local is_tests = frame.currentline > last and frame.source == "=" .. path
      return (is_tests or frame.source == unit_path) and "wrong_answer" or "runtime_error"
    end
  end
end

if not fine then
  local trace = traceback(thread, type(result) == "string" and result or "an error"):gsub(shown, "program")
  stderr:write(trace:sub(1, 4000), "\n")
  done(begun and place() or "runtime_error")
end
if status(thread) == "suspended" then
  local called = getinfo(thread, 1, "f")
  if not called or called.func ~= exit then fail("runtime_error", "attempt to yield from outside a coroutine") end
  if not is_end() then leave(result == nil or result) end
  if result ~= nil and result ~= true and result ~= 0 then done("wrong_answer") end
elseif not begun then
  leave(0)
end
for name, each in pairs(unit_functions) do
  if unit[name] ~= each then done("wrong_answer") end
end
done()
