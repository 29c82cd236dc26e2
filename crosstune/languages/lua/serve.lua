-- The candidate's process: loads the candidate, then calls its functions as it is asked; see docs/values.md. Nothing here
-- needs protection from the candidate: all that it can change is what it answers.
local pack, unpack, maxinteger = string.pack, string.unpack, math.maxinteger
local type, pairs, tostring, pcall, error, load, floor, concat = type, pairs, tostring, pcall, error, load, math.floor, table.concat
local open, exit, utf8_length, tointeger, mathtype = io.open, os.exit, utf8.len, math.tointeger, math.type
local DEEPEST, MOST_BYTES = 200, 16 << 20

local random = open("/dev/urandom", "rb")
random:setvbuf("no")
math.randomseed(unpack("jj", random:read(16))) -- a fork would continue what its parent began
random:close()

local function text(value) return pack(">s4", value) end

-- Reads the value that begins at a place; returns it and the place behind it.
local decode
local function items(data, at)
  local count, values, value = nil, {}, nil
  count, at = unpack(">I4", data, at)
  for position = 1, count do
    value, at = decode(data, at)
    values[position] = value
  end
  return values, at, count
end

local function entries(data, at)
  local count, values, key, value = nil, {}, nil, nil
  count, at = unpack(">I4", data, at)
  for _ = 1, count do
    key, at = decode(data, at)
    value, at = decode(data, at)
    values[key] = value
  end
  return values, at
end

local function large(bytes)
  local value = bytes:byte(1) >= 128 and -1.0 or 0.0
  for at = 1, #bytes do
    local byte = bytes:byte(at)
    value = value * 256 + (value < 0 and byte or byte)
  end
  return value
end

local formats = { i = ">i8", d = ">d", s = ">s4", b = ">s4" }
function decode(data, at)
  local tag = data:sub(at, at)
  at = at + 1
  if formats[tag] then return unpack(formats[tag], data, at) end
  if tag == "N" or tag == "U" then return nil, at end
  if tag == "T" or tag == "F" then return tag == "T", at end
  if tag == "l" or tag == "t" then return items(data, at) end
  if tag == "S" then
    local set, values, count = {}, nil, nil
    values, at, count = items(data, at)
    for position = 1, count do set[values[position]] = true end
    return set, at
  end
  if tag == "m" then return entries(data, at) end
  if tag == "c" then
    local code
    code, at = unpack(">I4", data, at)
    return utf8.char(code), at
  end
  if tag == "I" then
    local bytes
    bytes, at = unpack(">s4", data, at)
    return large(bytes), at
  end
  error("an unknown tag " .. tag)
end

local encode

-- The number of items if all keys are those of a list, which may have holes; nil for any other table.
local function length(value)
  local count, highest = 0, 0
  for key in next, value do
    if mathtype(key) ~= "integer" or key < 1 then return nil end
    count = count + 1
    if key > highest then highest = key end
  end
  return highest <= 2 * count + 8 and highest or nil
end

local function list(value, count, depth)
  local parts = { "l", pack(">I4", count) }
  for position = 1, count do parts[position + 2] = encode(rawget(value, position), depth) end
  return concat(parts)
end

local function map(value, depth)
  local parts, count = {}, 0
  for key, each in next, value do
    count = count + 1
    parts[count] = encode(key, depth) .. encode(each, depth)
  end
  return "m" .. pack(">I4", count) .. concat(parts)
end

function encode(value, depth)
  if depth > DEEPEST then error("too deep") end
  local kind = type(value)
  if kind == "nil" then return "N" end
  if kind == "boolean" then return value and "T" or "F" end
  if kind == "number" then return mathtype(value) == "integer" and pack(">c1i8", "i", value) or pack(">c1d", "d", value) end
  if kind == "string" then
    local is_text = utf8_length(value) or utf8_length((value:gsub("\xED[\xA0-\xBF][\x80-\xBF]", "")))
    return (is_text and "s" or "b") .. text(value)
  end
  if kind ~= "table" then return "o" .. text(kind) end
  local count = length(value)
  return count and list(value, count, depth + 1) or map(value, depth + 1)
end

local function safely(value)
  local fine, data = pcall(encode, value, 1)
  return fine and data or "o" .. text(type(value))
end

local function results(fine, ...)
  if not fine then
    local message = ...
    return "E" .. text("error") .. text(type(message) == "table" and "a table" or tostring(message)) .. text("")
  end
  if select("#", ...) <= 1 then return "R" .. safely((...)) end
  local parts = { ... }
  for position = 1, select("#", ...) do parts[position] = safely(parts[position]) end
  return "Rt" .. pack(">I4", #parts) .. concat(parts)
end

local find
local function answer(question)
  if question:sub(1, 1) ~= "C" then error("only functions are called") end
  local name, at = unpack(">s4", question, 2)
  local values, _, count = items(question, at + 1)
  local before, changed, changes = {}, {}, 0
  for position = 1, count do before[position] = safely(values[position]) end
  local given = { table.unpack(values, 1, count) }
  local head = results(pcall(function() return find(name)(table.unpack(given, 1, count)) end))
  for position = 1, count do
    local after = safely(values[position])
    if after ~= before[position] then
      changes = changes + 1
      changed[changes] = pack(">I4", position - 1) .. after
    end
  end
  return head .. pack(">I4", changes) .. concat(changed) .. text("") .. text("")
end

local reader, writer = open("/dev/fd/5", "rb"), open("/dev/fd/6", "wb")
local function send(data)
  writer:write(pack(">I4", #data), #data > MOST_BYTES and "" or data)
  writer:flush()
  if #data > MOST_BYTES then exit(1) end -- the judge reads no more of it
end

local function fail(message, kind)
  io.stderr:write(tostring(message), "\n")
  local report = open("/dev/fd/4", "wb")
  report:write("failed ", kind)
  report:close()
  exit(1)
end

local payload = open("/dev/fd/3", "rb")
local function part() return payload:read(payload:read("n") + 0 * #payload:read("l")) end
local candidate, names = part(), part()
payload:close()

-- Local functions have names only within the candidate's own text: it returns those that are called.
local fields = {}
for name in names:gmatch("[^\n]+") do
  if name:match("^[%a_][%w_]*$") then fields[#fields + 1] = name .. " = " .. name end
end
local ending = "\n; return { " .. concat(fields, ", ") .. " }"
arg = { [0] = "tests.lua" }
local chunk, message = load(candidate, "=candidate.lua", "t")
if not chunk then fail(message, "compile_error") end
local with_names = load(candidate .. ending, "=candidate.lua", "t")
local fine, found = pcall(with_names or chunk)
if not fine then fail(found, "runtime_error") end
function find(name)
  local value = type(found) == "table" and found[name]
  if value == nil or value == false then value = _G[name] end
  if value == nil then error("the candidate has no function " .. name) end
  return value
end

send("H\x01")
while true do
  local size = reader:read(4)
  if not size then exit(0) end
  send(answer(reader:read((unpack(">I4", size)))))
end
