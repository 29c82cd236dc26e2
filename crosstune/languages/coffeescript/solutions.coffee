# HumanEval/10 helper
isPalindrome = (string) ->
  string is [string...].reverse().join('')

# HumanEval/32 helper
poly = (xs, x) ->
  xs.reduce ((sum, coefficient, i) -> sum + coefficient * x ** i), 0

# HumanEval/38 helper
encodeCyclic = (s) ->
  groups = s.match(/[^]{1,3}/g) ? []
  (for group in groups
    if group.length is 3 then group[1..] + group[0] else group
  ).join ''

# HumanEval/50 helper
encodeShift = (s) ->
  (String.fromCharCode((c.charCodeAt(0) + 5 - 97) %% 26 + 97) for c in s).join ''

# HumanEval/32 tests
valueAt = (xs, x) -> xs.reduce ((sum, coefficient, i) -> sum + coefficient * x ** i), 0
throw new Error 'no root' unless Math.abs(valueAt(ARGUMENTS, CALL)) < TOLERANCE

# HumanEval/0
  numbers.some (a, i) -> numbers.some (b, j) -> i < j and Math.abs(a - b) < threshold

# HumanEval/2
  number % 1

# HumanEval/8
  [numbers.reduce(((a, b) -> a + b), 0), numbers.reduce(((a, b) -> a * b), 1)]

# HumanEval/10
  at = 0
  at++ until isPalindrome string[at..]
  string + [string[...at]...].reverse().join ''

# HumanEval/12
  longest = null
  for each in strings
    longest = each if longest is null or each.length > longest.length
  longest

# HumanEval/22
  each for each in values when Number.isInteger each

# HumanEval/32
  [low, high] = [-1, 1]
  [low, high] = [low * 2, high * 2] while poly(xs, low) * poly(xs, high) > 0
  while high - low > 1e-12
    middle = (low + high) / 2
    break if middle is low or middle is high
    if poly(xs, middle) * poly(xs, low) > 0 then low = middle else high = middle
  low

# HumanEval/38
  encodeCyclic encodeCyclic s

# HumanEval/50
  (String.fromCharCode((c.charCodeAt(0) - 5 - 97) %% 26 + 97) for c in s).join ''

# HumanEval/53
  x + y

# HumanEval/87
  found = []
  for row, i in lst
    for each, j in row by -1
      found.push [i, j] if each is x
  found

# HumanEval/90
  distinct = [new Set(lst)...].sort (a, b) -> a - b
  distinct[1] ? null

# HumanEval/95
  keys = Object.keys dict
  keys.length > 0 and (keys.every((key) -> /^[a-z]+$/.test key) or keys.every((key) -> /^[A-Z]+$/.test key))

# HumanEval/103
  return -1 if n > m
  middle = (n + m) / 2
  rounded = if middle % 1 is 0.5 then 2 * Math.round(middle / 2) else Math.round middle
  "0b#{rounded.toString 2}"

# HumanEval/107
  found = (i for i in [1..n] when "#{i}" is [..."#{i}"].reverse().join '')
  [(i for i in found when i % 2 is 0).length, (i for i in found when i % 2 is 1).length]

# HumanEval/111
  counts = {}
  for letter in test.split ' ' when letter
    counts[letter] = (counts[letter] ? 0) + 1
  most = Math.max Object.values(counts)...
  found = {}
  found[letter] = count for letter, count of counts when count is most
  found

# HumanEval/112
  kept = (each for each in s when each not in c).join ''
  [kept, kept is [kept...].reverse().join '']

# HumanEval/125
  return (word for word in txt.split ' ' when word) if ' ' in txt
  return txt.split ',' if ',' in txt
  (c for c in txt when 'a' <= c <= 'z' and c.charCodeAt(0) % 2 is 0).length

# HumanEval/128
  return null unless arr.length
  sum = arr.reduce ((total, x) -> total + Math.abs x), 0
  arr.reduce ((product, x) -> product * Math.sign x), sum

# HumanEval/136
  negative = (x for x in lst when x < 0)
  positive = (x for x in lst when x > 0)
  [
    if negative.length then Math.max negative... else null
    if positive.length then Math.min positive... else null
  ]

# HumanEval/139
  product = factorial = 1
  for i in [1..n]
    factorial *= i
    product *= factorial
  product

# HumanEval/155
  digits = (Number c for c in String Math.abs num)
  [digits.filter((d) -> d % 2 is 0).length, digits.filter((d) -> d % 2 is 1).length]
