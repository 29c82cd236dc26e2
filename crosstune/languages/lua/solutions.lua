-- HumanEval/10 helper
local function is_palindrome(string)
    return string == string:reverse()
end

-- HumanEval/32 helper
local function poly(xs, x)
    local sum = 0
    for i, coefficient in ipairs(xs) do
        sum = sum + coefficient * x ^ (i - 1)
    end
    return sum
end

-- HumanEval/38 helper
local function encode_cyclic(s)
    return (s:gsub("(.)(..)", "%2%1"))
end

-- HumanEval/50 helper
local function encode_shift(s)
    return (s:gsub(".", function(c) return string.char((c:byte() + 5 - 97) % 26 + 97) end))
end

-- HumanEval/32 tests
local function value_at(xs, x)
    local sum = 0
    for i, coefficient in ipairs(xs) do sum = sum + coefficient * x ^ (i - 1) end
    return sum
end
assert(math.abs(value_at(ARGUMENTS, CALL)) < TOLERANCE, "no root")

-- HumanEval/0
    for i = 1, #numbers do
        for j = i + 1, #numbers do
            if math.abs(numbers[i] - numbers[j]) < threshold then return true end
        end
    end
    return false

-- HumanEval/8
    local sum, product = 0, 1
    for _, number in ipairs(numbers) do
        sum, product = sum + number, product * number
    end
    return { sum, product }

-- HumanEval/10
    for i = 1, #string_ + 1 do
        if is_palindrome(string_:sub(i)) then return string_ .. string_:sub(1, i - 1):reverse() end
    end

-- HumanEval/12
    local longest
    for _, each in ipairs(strings) do
        if not longest or #each > #longest then longest = each end
    end
    return longest

-- HumanEval/22
    local found = {}
    for _, each in ipairs(values) do
        if math.type(each) == "integer" then found[#found + 1] = each end
    end
    return found

-- HumanEval/32
    local low, high = -1.0, 1.0
    while poly(xs, low) * poly(xs, high) > 0 do
        low, high = low * 2, high * 2
    end
    while high - low > 1e-12 do
        local middle = (low + high) / 2
        if middle == low or middle == high then break end
        if poly(xs, middle) * poly(xs, low) > 0 then low = middle else high = middle end
    end
    return low

-- HumanEval/38
    return encode_cyclic(encode_cyclic(s))

-- HumanEval/50
    return (s:gsub(".", function(c) return string.char((c:byte() - 5 - 97) % 26 + 97) end))

-- HumanEval/53
    return x + y

-- HumanEval/95
    local lower, upper, any = true, true, false
    for key in pairs(dict) do
        any = true
        lower = lower and key:match("^%l+$") ~= nil
        upper = upper and key:match("^%u+$") ~= nil
    end
    return any and (lower or upper)

-- HumanEval/107
    local counts = { 0, 0 }
    for i = 1, n do
        if tostring(i) == tostring(i):reverse() then counts[i % 2 + 1] = counts[i % 2 + 1] + 1 end
    end
    return counts

-- HumanEval/111
    local counts, most, found = {}, 0, {}
    for word in test:gmatch("%S+") do
        counts[word] = (counts[word] or 0) + 1
        most = math.max(most, counts[word])
    end
    for word, count in pairs(counts) do
        if count == most then found[word] = count end
    end
    return found

-- HumanEval/128
    if #arr == 0 then return nil end
    local sum, sign = 0, 1
    for _, each in ipairs(arr) do
        sum = sum + math.abs(each)
        sign = sign * (each > 0 and 1 or each < 0 and -1 or 0)
    end
    return sum * sign

-- HumanEval/136
    local largest, smallest
    for _, each in ipairs(lst) do
        if each < 0 then largest = math.max(largest or each, each) end
        if each > 0 then smallest = math.min(smallest or each, each) end
    end
    return { largest, smallest }

-- HumanEval/139
    local factorial, product = 1, 1
    for i = 1, n do
        factorial = factorial * i
        product = product * factorial
    end
    return product
