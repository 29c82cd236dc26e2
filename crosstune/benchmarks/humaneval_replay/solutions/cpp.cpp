// common
#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

static string own_binary(int number) {
    string digits;
    do digits.insert(0, 1, char('0' + number % 2));
    while (number /= 2);
    return digits;
}

// HumanEval/8
    pair<int, int> result = {0, 1};
    for (int number : numbers) {
        result.first += number;
        result.second *= number;
    }
    return result;

// HumanEval/12
    optional<string> found;
    for (const string &each : strings) {
        if (!found || each.size() > found->size()) found = each;
    }
    return found;

// HumanEval/18
    int times = 0;
    for (size_t i = 0; i + substring.size() <= string_.size(); i++) {
        times += string_.compare(i, substring.size(), substring) == 0;
    }
    return times;

// HumanEval/20
    sort(numbers.begin(), numbers.end());
    size_t best = 1;
    for (size_t i = 2; i < numbers.size(); i++) {
        if (numbers[i] - numbers[i - 1] < numbers[best] - numbers[best - 1]) best = i;
    }
    return {numbers[best - 1], numbers[best]};

// HumanEval/22
    vector<int> result;
    for (const auto &value : values) {
        if (auto number = get_if<int>(&value)) result.push_back(*number);
    }
    return result;

// HumanEval/30
    l.erase(remove_if(l.begin(), l.end(), [](int each) { return each <= 0; }), l.end());
    return l;

// HumanEval/32 helper
#include <cmath>

double poly(vector<int> xs, double x) {
    double sum = 0;
    for (size_t i = 0; i < xs.size(); i++) sum += xs[i] * pow(x, double(i));
    return sum;
}

// HumanEval/32
    double begin = -1, end = 1;
    while (poly(xs, begin) * poly(xs, end) > 0) {
        begin *= 2;
        end *= 2;
    }
    while (end - begin > 1e-10) {
        double center = (begin + end) / 2;
        (poly(xs, center) * poly(xs, begin) > 0 ? begin : end) = center;
    }
    return begin;

// HumanEval/35
    return *max_element(l.begin(), l.end());

// HumanEval/37
    vector<int> evens;
    for (size_t i = 0; i < l.size(); i += 2) evens.push_back(l[i]);
    sort(evens.begin(), evens.end());
    for (size_t i = 0; i < l.size(); i += 2) l[i] = evens[i / 2];
    return l;

// HumanEval/10 helper
bool is_palindrome(string text) {
    return text == string(text.rbegin(), text.rend());
}

// HumanEval/10
    size_t begin = 0;
    while (!is_palindrome(string_.substr(begin))) begin++;
    return string_ + string(string_.rend() - begin, string_.rend());

// HumanEval/38 helper
string encode_cyclic(string s) {
    for (size_t i = 0; i + 3 <= s.size(); i += 3) s.replace(i, 3, {s[i + 1], s[i + 2], s[i]});
    return s;
}

// HumanEval/38
    return encode_cyclic(encode_cyclic(s));

// HumanEval/50 helper
string encode_shift(string s) {
    for (char &c : s) c = char('a' + (c - 'a' + 5) % 26);
    return s;
}

// HumanEval/50
    for (char &c : s) c = char('a' + (c - 'a' + 21) % 26);
    return s;

// HumanEval/47
    sort(l.begin(), l.end());
    size_t middle = l.size() / 2;
    return l.size() % 2 == 1 ? l[middle] : (l[middle - 1] + l[middle]) / 2.0;

// HumanEval/57
    return is_sorted(l.begin(), l.end()) || is_sorted(l.rbegin(), l.rend());

// HumanEval/62
    vector<int> result;
    for (size_t i = 1; i < xs.size(); i++) result.push_back(int(i) * xs[i]);
    return result;

// HumanEval/71
    if (a + b <= c || a + c <= b || b + c <= a) return -1;
    double s = (a + b + c) / 2.0;
    return round(sqrt(s * (s - a) * (s - b) * (s - c)) * 100) / 100;

// HumanEval/87
    vector<pair<int, int>> result;
    for (size_t i = 0; i < lst.size(); i++) {
        for (size_t j = lst[i].size(); j-- > 0;) {
            if (lst[i][j] == x) result.push_back({int(i), int(j)});
        }
    }
    return result;

// HumanEval/90
    sort(lst.begin(), lst.end());
    lst.erase(unique(lst.begin(), lst.end()), lst.end());
    if (lst.size() < 2) return nullopt;
    return lst[1];

// HumanEval/103
    if (n > m) return -1;
    return "0b" + own_binary(int(nearbyint((n + m) / 2.0)));

// HumanEval/107
    pair<int, int> result = {0, 0};
    for (int i = 1; i <= n; i++) {
        string digits = to_string(i);
        if (digits == string(digits.rbegin(), digits.rend())) (i % 2 == 0 ? result.first : result.second)++;
    }
    return result;

// HumanEval/111
    map<string, int> counts, result;
    int most = 0;
    istringstream letters(test);
    for (string letter; letters >> letter;) most = max(most, ++counts[letter]);
    for (const auto &each : counts) {
        if (each.second == most) result.insert(each);
    }
    return result;

// HumanEval/112
    string kept;
    for (char each : s) {
        if (c.find(each) == string::npos) kept += each;
    }
    return {kept, kept == string(kept.rbegin(), kept.rend())};

// HumanEval/125
    vector<string> words;
    string separators = txt.find(' ') != string::npos ? " \t\n" : ",", word;
    if (txt.find_first_of(" ,") == string::npos) {
        return int(count_if(txt.begin(), txt.end(), [](char c) { return islower(c) && c % 2 == 0; }));
    }
    for (char c : txt + separators[0]) {
        if (separators.find(c) == string::npos) {
            word += c;
        } else if (!word.empty()) {
            words.push_back(word);
            word.clear();
        }
    }
    return words;

// HumanEval/127
    int length = min(interval1.second, interval2.second) - max(interval1.first, interval2.first);
    for (int i = 2; i * i <= length; i++) {
        if (length % i == 0) return "NO";
    }
    return length > 1 ? "YES" : "NO";

// HumanEval/128
    if (arr.empty()) return nullopt;
    int sum = 0, sign = 1;
    for (int each : arr) {
        sum += abs(each);
        sign *= (each > 0) - (each < 0);
    }
    return sign * sum;

// HumanEval/130
    vector<double> result = {1, 3};
    for (int i = 2; i <= n; i++) {
        result.push_back(i % 2 == 0 ? 1 + i / 2.0 : result[i - 1] + result[i - 2] + 1 + (i + 1) / 2.0);
    }
    result.resize(n + 1);
    return result;

// HumanEval/136
    optional<int> negative, positive;
    for (int each : lst) {
        if (each < 0) negative = max(negative.value_or(each), each);
        if (each > 0) positive = min(positive.value_or(each), each);
    }
    return {negative, positive};

// HumanEval/137
    auto number = [](const variant<double, int, string> &value) {
        if (auto whole = get_if<int>(&value)) return double(*whole);
        if (auto fraction = get_if<double>(&value)) return *fraction;
        string text = get<string>(value);
        replace(text.begin(), text.end(), ',', '.');
        return stod(text);
    };
    if (number(a) == number(b)) return nullopt;
    return number(a) > number(b) ? a : b;

// HumanEval/155
    pair<int, int> result = {0, 0};
    for (char digit : to_string(abs(num))) (digit % 2 == 0 ? result.first : result.second)++;
    return result;

// HumanEval/162 before
#include <openssl/evp.h>

// HumanEval/162
    if (text.empty()) return nullopt;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    EVP_Digest(text.data(), text.size(), digest, &length, EVP_md5(), nullptr);
    string result;
    for (unsigned i = 0; i < length; i++) {
        for (int half : {digest[i] >> 4, digest[i] & 15}) result += "0123456789abcdef"[half];
    }
    return result;

// HumanEval/32 tests
#include <cassert>
#include <cmath>

static double value_at(const vector<int> &xs, double x) {
    double sum = 0;
    for (size_t i = 0; i < xs.size(); i++) sum += xs[i] * std::pow(x, double(i));
    return sum;
}

int main() {
    bool near = true;
    near = near && std::fabs(value_at(ARGUMENTS, CALL)) < TOLERANCE;
    assert(near);
}
