// HumanEval/10 helper
function is_palindrome($string) {
    return $string === strrev($string);
}

// HumanEval/32 helper
function poly($xs, $x) {
    $sum = 0;
    foreach ($xs as $i => $coefficient) {
        $sum += $coefficient * $x ** $i;
    }
    return $sum;
}

// HumanEval/38 helper
function encode_cyclic($s) {
    return preg_replace('/(.)(..)/s', '$2$1', $s);
}

// HumanEval/50 helper
function encode_shift($s) {
    return $s === '' ? '' : implode('', array_map(fn($c) => chr((ord($c) + 5 - 97) % 26 + 97), str_split($s)));
}

// HumanEval/32 tests
$valueAt = function ($xs, $x) {
    $sum = 0;
    foreach ($xs as $i => $coefficient) {
        $sum += $coefficient * $x ** $i;
    }
    return $sum;
};
if (!(abs($valueAt(ARGUMENTS, CALL)) < TOLERANCE)) { throw new Exception("no root"); }

// HumanEval/0
    foreach ($numbers as $i => $a) {
        foreach ($numbers as $j => $b) {
            if ($i !== $j && abs($a - $b) < $threshold) { return true; }
        }
    }
    return false;

// HumanEval/8
    return [array_sum($numbers), array_product($numbers)];

// HumanEval/10
    for ($i = 0; ; $i++) {
        if (is_palindrome(substr($string, $i))) { return $string . strrev(substr($string, 0, $i)); }
    }

// HumanEval/12
    $longest = null;
    foreach ($strings as $each) {
        if ($longest === null || strlen($each) > strlen($longest)) { $longest = $each; }
    }
    return $longest;

// HumanEval/22
    return array_values(array_filter($values, 'is_int'));

// HumanEval/32
    [$low, $high] = [-1.0, 1.0];
    while (poly($xs, $low) * poly($xs, $high) > 0) { [$low, $high] = [$low * 2, $high * 2]; }
    while ($high - $low > 1e-12) {
        $middle = ($low + $high) / 2;
        if ($middle === $low || $middle === $high) { break; }
        if (poly($xs, $middle) * poly($xs, $low) > 0) { $low = $middle; } else { $high = $middle; }
    }
    return $low;

// HumanEval/38
    return encode_cyclic(encode_cyclic($s));

// HumanEval/50
    return implode('', array_map(fn($c) => chr((ord($c) - 5 - 97 + 26) % 26 + 97), str_split($s)));

// HumanEval/53
    return $x + $y;

// HumanEval/95
    $keys = array_keys($dict);
    $all = fn($pattern) => count(preg_grep($pattern, $keys)) === count($keys);
    return $keys && ($all('/^[a-z]+$/') || $all('/^[A-Z]+$/'));

// HumanEval/107
    $counts = [0, 0];
    for ($i = 1; $i <= $n; $i++) {
        if ((string) $i === strrev((string) $i)) { $counts[$i % 2]++; }
    }
    return $counts;

// HumanEval/111
    $counts = array_count_values(preg_split('/\s+/', $test, -1, PREG_SPLIT_NO_EMPTY));
    return $counts ? array_filter($counts, fn($count) => $count === max($counts)) : [];

// HumanEval/128
    if (!$arr) { return null; }
    return array_sum(array_map('abs', $arr)) * array_product(array_map(fn($x) => $x <=> 0, $arr));

// HumanEval/136
    $negative = array_filter($lst, fn($x) => $x < 0);
    $positive = array_filter($lst, fn($x) => $x > 0);
    return [$negative ? max($negative) : null, $positive ? min($positive) : null];

// HumanEval/139
    [$factorial, $product] = [1, 1];
    for ($i = 1; $i <= $n; $i++) {
        $factorial *= $i;
        $product *= $factorial;
    }
    return $product;
