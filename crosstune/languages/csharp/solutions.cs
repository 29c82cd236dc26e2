// HumanEval/10 helper
public static bool IsPalindrome(string text)
{
    return text.SequenceEqual(text.Reverse());
}

// HumanEval/32 helper
public static double Poly(List<int> xs, double x)
{
    return xs.Select((coefficient, i) => coefficient * Math.Pow(x, i)).Sum();
}

// HumanEval/38 helper
public static string EncodeCyclic(string s)
{
    var made = new StringBuilder();
    for (int at = 0; at < s.Length; at += 3)
        made.Append(s.Length - at < 3 ? s.Substring(at) : s.Substring(at + 1, 2) + s[at]);
    return made.ToString();
}

// HumanEval/50 helper
public static string EncodeShift(string s)
{
    return string.Concat(s.Select(c => (char)((c - 'a' + 5) % 26 + 'a')));
}

// HumanEval/32 tests
class Tests
{
    static double ValueAt(List<int> xs, double x) { return Enumerable.Reverse(xs).Aggregate(0.0, (sum, each) => sum * x + each); }
    static double FindZero(List<int> xs) { return Solution.FindZero(new List<int>(xs)); }
    static void Main()
    {
        Debug.Assert(Math.Abs(ValueAt(ARGUMENTS, CALL)) < TOLERANCE);
    }
}

// HumanEval/0
        return numbers.Where((one, i) => numbers.Skip(i + 1).Any(other => Math.Abs(one - other) < threshold)).Any();

// HumanEval/8
        return (numbers.Sum(), numbers.Aggregate(1, (product, each) => product * each));

// HumanEval/9
        var found = new List<int>();
        foreach (int each in numbers) found.Add(found.Count == 0 ? each : Math.Max(found[found.Count - 1], each));
        return found;

// HumanEval/10
        int at = 0;
        while (!IsPalindrome(string_.Substring(at))) at++;
        return string_ + new string(string_.Substring(0, at).Reverse().ToArray());

// HumanEval/12
        return strings.OrderByDescending(each => each.Length).FirstOrDefault();

// HumanEval/14
        return Enumerable.Range(1, string_.Length).Select(size => string_.Substring(0, size)).ToList();

// HumanEval/20
        var sorted = numbers.OrderBy(each => each).ToList();
        int best = Enumerable.Range(1, sorted.Count - 1).OrderBy(i => sorted[i] - sorted[i - 1]).First();
        return (sorted[best - 1], sorted[best]);

// HumanEval/22
        return values.OfType<int>().ToList();

// HumanEval/25
        var found = new List<int>();
        for (int i = 2; n > 1; i++)
            while (n % i == 0) { found.Add(i); n /= i; }
        return found;

// HumanEval/32
        double low = -1, high = 1;
        while (Poly(xs, low) * Poly(xs, high) > 0) { low *= 2; high *= 2; }
        while (high - low > 1e-12)
        {
            double middle = (low + high) / 2;
            if (middle == low || middle == high) break;
            if (Poly(xs, middle) * Poly(xs, low) > 0) low = middle; else high = middle;
        }
        return low;

// HumanEval/38
        return EncodeCyclic(EncodeCyclic(s));

// HumanEval/46
        var last = new Queue<int>(new[] { 0, 0, 2, 0 });
        for (int i = 0; i < n; i++) { last.Enqueue(last.Sum()); last.Dequeue(); }
        return last.Peek();

// HumanEval/50
        return string.Concat(s.Select(c => (char)((c - 'a' + 21) % 26 + 'a')));

// HumanEval/53
        return x + y;

// HumanEval/70
        var sorted = lst.OrderBy(each => each).ToList();
        return sorted.Select((_, i) => i % 2 == 0 ? sorted[i / 2] : sorted[sorted.Count - 1 - i / 2]).ToList();

// HumanEval/87
        var found = new List<(int, int)>();
        for (int row = 0; row < lst.Count; row++)
            for (int column = lst[row].Count - 1; column >= 0; column--)
                if (lst[row][column] == x) found.Add((row, column));
        return found;

// HumanEval/90
        var sorted = lst.Distinct().OrderBy(each => each).ToList();
        return sorted.Count > 1 ? sorted[1] : (int?)null;

// HumanEval/95
        if (dict.Count == 0) return false;
        return dict.Keys.All(key => key.All(char.IsLower)) || dict.Keys.All(key => key.All(char.IsUpper));

// HumanEval/107
        var found = Enumerable.Range(1, n).Where(i => i.ToString().SequenceEqual(i.ToString().Reverse())).ToList();
        return (found.Count(i => i % 2 == 0), found.Count(i => i % 2 == 1));

// HumanEval/111
        var counts = test.Split(' ').Where(each => each != "").GroupBy(each => each).ToDictionary(each => each.Key, each => each.Count());
        return counts.Where(each => each.Value == counts.Values.Max()).ToDictionary(each => each.Key, each => each.Value);

// HumanEval/115
        return grid.Sum(row => (row.Sum() + capacity - 1) / capacity);

// HumanEval/128
        if (arr.Count == 0) return null;
        return arr.Sum(each => Math.Abs(each)) * arr.Aggregate(1, (sign, each) => sign * Math.Sign(each));

// HumanEval/136
        var less = lst.Where(each => each < 0).ToList();
        var more = lst.Where(each => each > 0).ToList();
        return (less.Any() ? less.Max() : (int?)null, more.Any() ? more.Min() : (int?)null);

// HumanEval/139
        long product = 1, factorial = 1;
        for (int i = 1; i <= n; i++) { factorial *= i; product *= factorial; }
        return product;

// HumanEval/148
        var planets = new List<string> { "Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune" };
        int one = planets.IndexOf(planet1), other = planets.IndexOf(planet2);
        if (one < 0 || other < 0) return new List<string>();
        return planets.Skip(Math.Min(one, other) + 1).Take(Math.Abs(one - other) - 1).ToList();

// HumanEval/161
        if (!s.Any(char.IsLetter)) return string.Concat(s.Reverse());
        return string.Concat(s.Select(c => char.IsUpper(c) ? char.ToLower(c) : char.ToUpper(c)));
