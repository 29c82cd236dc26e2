# HumanEval/10 helper
def is_palindrome(string)
  string == string.reverse
end

# HumanEval/32 helper
def poly(xs, x)
  xs.each_with_index.sum { |coefficient, i| coefficient * x**i }
end

# HumanEval/38 helper
def encode_cyclic(s)
  s.scan(/.{1,3}/m).map { |group| group.size == 3 ? group[1..] + group[0] : group }.join
end

# HumanEval/50 helper
def encode_shift(s)
  s.each_char.map { |c| ((c.ord + 5 - 97) % 26 + 97).chr }.join
end

# HumanEval/32 tests
value_at = ->(xs, x) { xs.each_with_index.sum { |coefficient, i| coefficient * x**i } }
raise "no root" unless value_at.call(ARGUMENTS, CALL).abs < TOLERANCE

# HumanEval/0
  numbers.combination(2).any? { |a, b| (a - b).abs < threshold }

# HumanEval/8
  [numbers.sum, numbers.inject(1, :*)]

# HumanEval/10
  at = (0..string.size).find { |i| is_palindrome(string[i..]) }
  string + string[0...at].reverse

# HumanEval/12
  strings.max_by.with_index { |string, i| [string.size, -i] }

# HumanEval/22
  values.grep(Integer)

# HumanEval/32
  low, high = -1.0, 1.0
  low, high = low * 2, high * 2 while poly(xs, low) * poly(xs, high) > 0
  while high - low > 1e-12
    middle = (low + high) / 2
    break if middle == low || middle == high
    poly(xs, middle) * poly(xs, low) > 0 ? low = middle : high = middle
  end
  low

# HumanEval/38
  encode_cyclic(encode_cyclic(s))

# HumanEval/50
  s.each_char.map { |c| ((c.ord - 5 - 97) % 26 + 97).chr }.join

# HumanEval/53
  x + y

# HumanEval/95
  keys = dict.keys
  return false if keys.empty?
  keys.all? { |key| key.match?(/\A[a-z]+\z/) } || keys.all? { |key| key.match?(/\A[A-Z]+\z/) }

# HumanEval/107
  found = (1..n).select { |i| i.to_s == i.to_s.reverse }
  [found.count(&:even?), found.count(&:odd?)]

# HumanEval/111
  counts = test.split.tally
  counts.select { |_, count| count == counts.values.max }

# HumanEval/128
  return nil if arr.empty?
  arr.sum(&:abs) * arr.map { |x| x <=> 0 }.inject(1, :*)

# HumanEval/136
  [lst.select(&:negative?).max, lst.select(&:positive?).min]

# HumanEval/139
  (1..n).map { |i| (1..i).inject(1, :*) }.inject(1, :*)
