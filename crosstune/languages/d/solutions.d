// HumanEval/10 helper
bool isPalindrome(string text) {
    foreach (at; 0 .. text.length) if (text[at] != text[$ - 1 - at]) return false;
    return true;
}

// HumanEval/32 helper
double poly(int[] xs, double x) {
    double sum = 0;
    foreach_reverse (each; xs) sum = sum * x + each;
    return sum;
}

// HumanEval/38 helper
string encodeCyclic(string s) {
    string made;
    for (size_t at = 0; at < s.length; at += 3)
        made ~= s.length - at >= 3 ? s[at + 1 .. at + 3] ~ s[at] : s[at .. $];
    return made;
}

// HumanEval/50 helper
string encodeShift(string s) {
    string made;
    foreach (each; s) made ~= cast(char)((each - 'a' + 5) % 26 + 'a');
    return made;
}

// HumanEval/32 tests
double valueAt(int[] xs, double x) {
    double sum = 0;
    foreach_reverse (each; xs) sum = sum * x + each;
    return sum;
}
unittest {
    double far(double x) { return x < 0 ? -x : x; }
    assert(far(valueAt(ARGUMENTS, CALL)) < TOLERANCE);
}
void main() {}
