# HumanEval/10 helper
sub is_palindrome {
    my ($string) = @_;
    return $string eq reverse($string) ? 1 : 0;
}

# HumanEval/32 helper
sub poly {
    my ($xs, $x) = @_;
    my $sum = 0;
    $sum += $xs->[$_] * $x ** $_ for 0 .. $#$xs;
    return $sum;
}

# HumanEval/38 helper
sub encode_cyclic {
    my ($s) = @_;
    return join '', map { length($_) == 3 ? substr($_, 1) . substr($_, 0, 1) : $_ } $s =~ /.{1,3}/gs;
}

# HumanEval/50 helper
sub encode_shift {
    my ($s) = @_;
    return join '', map { chr((ord($_) + 5 - 97) % 26 + 97) } split //, $s;
}

# HumanEval/32 tests
sub value_at { my ($xs, $x) = @_; my $sum = 0; $sum += $xs->[$_] * $x ** $_ for 0 .. $#$xs; return $sum }
die "no root" unless abs(value_at(ARGUMENTS, scalar CALL)) < TOLERANCE;

# HumanEval/0
    for my $i (0 .. $#$numbers) {
        for my $j ($i + 1 .. $#$numbers) {
            return 1 if abs($numbers->[$i] - $numbers->[$j]) < $threshold;
        }
    }
    return 0;

# HumanEval/8
    my ($sum, $product) = (0, 1);
    for my $number (@$numbers) { $sum += $number; $product *= $number }
    return [$sum, $product];

# HumanEval/10
    for my $i (0 .. length $string) {
        return $string . reverse substr $string, 0, $i if is_palindrome(substr $string, $i);
    }

# HumanEval/12
    my $longest;
    for my $each (@$strings) { $longest = $each if !defined $longest || length $each > length $longest }
    return $longest;

# HumanEval/22
    return [grep { defined && !ref && /^-?\d+$/ } @$values];

# HumanEval/32
    my ($low, $high) = (-1, 1);
    while (poly($xs, $low) * poly($xs, $high) > 0) { $low *= 2; $high *= 2 }
    while ($high - $low > 1e-12) {
        my $middle = ($low + $high) / 2;
        last if $middle == $low || $middle == $high;
        if (poly($xs, $middle) * poly($xs, $low) > 0) { $low = $middle } else { $high = $middle }
    }
    return $low;

# HumanEval/38
    return encode_cyclic(encode_cyclic($s));

# HumanEval/50
    return join '', map { chr((ord($_) - 5 - 97) % 26 + 97) } split //, $s;

# HumanEval/53
    return $x + $y;

# HumanEval/95
    my @keys = keys %$dict;
    return 0 unless @keys;
    return @keys == grep(/^[a-z]+$/, @keys) || @keys == grep(/^[A-Z]+$/, @keys);

# HumanEval/107
    my ($even, $odd) = (0, 0);
    for my $i (1 .. $n) {
        next unless $i eq reverse $i;
        $i % 2 ? $odd++ : $even++;
    }
    return [$even, $odd];

# HumanEval/111
    my %counts;
    $counts{$_}++ for split ' ', $test;
    my ($most) = sort { $b <=> $a } values %counts;
    return {map { $_ => $counts{$_} } grep { $counts{$_} == $most } keys %counts};

# HumanEval/128
    return undef unless @$arr;
    my ($sum, $sign) = (0, 1);
    for my $each (@$arr) { $sum += abs $each; $sign *= $each <=> 0 }
    return $sum * $sign;

# HumanEval/136
    my ($largest) = sort { $b <=> $a } grep { $_ < 0 } @$lst;
    my ($smallest) = sort { $a <=> $b } grep { $_ > 0 } @$lst;
    return [$largest, $smallest];

# HumanEval/139
    my ($factorial, $product) = (1, 1);
    for my $i (1 .. $n) { $factorial *= $i; $product *= $factorial }
    return $product;
