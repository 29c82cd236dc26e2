// common
#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int own_compare(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static int own_compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Room for so many items, also for none. */
static void *own_room(size_t count, size_t size) {
    return malloc(count * size + 1);
}

static int *own_sorted(const int *values, size_t count) {
    int *copy = own_room(count, sizeof *copy);
    if (count > 0) memcpy(copy, values, count * sizeof *copy);
    qsort(copy, count, sizeof *copy, own_compare);
    return copy;
}

/* A new string of so many characters. */
static char *own_copy(const char *text, size_t length) {
    char *copy = malloc(length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

static char *own_text(const char *text) {
    return own_copy(text, strlen(text));
}

/* The words of a text, as new strings. */
static char **own_split(const char *text, const char *separators, size_t *count) {
    char **words = own_room(strlen(text) + 1, sizeof *words);
    *count = 0;
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, separators);
        if (length > 0) words[(*count)++] = own_copy(at, length);
        at += length;
        at += strspn(at, separators);
    }
    return words;
}

static bool own_is_prime(long long n) {
    for (long long i = 2; i * i <= n; i++) {
        if (n % i == 0) return false;
    }
    return n > 1;
}

static bool own_is_palindrome(const char *text, size_t length) {
    for (size_t i = 0; i < length / 2; i++) {
        if (text[i] != text[length - 1 - i]) return false;
    }
    return true;
}

static char own_swapped(char c) {
    return (char)(islower((unsigned char)c) ? toupper((unsigned char)c) : tolower((unsigned char)c));
}

static bool own_is_vowel(char c) {
    return c != '\0' && strchr("aeiouAEIOU", c) != NULL;
}

/* The sum of the digits, of which the first has the number's sign. */
static int own_signed_digits(int number) {
    char digits[16];
    int sum = 0;
    snprintf(digits, sizeof digits, "%d", abs(number));
    for (char *c = digits; *c; c++) sum += c == digits && number < 0 ? '0' - *c : *c - '0';
    return sum;
}

static char *own_binary(unsigned number, const char *before, const char *after) {
    char digits[40];
    int at = sizeof digits - 1;
    digits[at] = '\0';
    do digits[--at] = (char)('0' + number % 2);
    while (number /= 2);
    char *text = malloc(strlen(before) + strlen(digits + at) + strlen(after) + 1);
    sprintf(text, "%s%s%s", before, digits + at, after);
    return text;
}

// HumanEval/0
    for (size_t i = 0; i < numbers_len; i++) {
        for (size_t j = i + 1; j < numbers_len; j++) {
            if (fabs(numbers[i] - numbers[j]) < threshold) return true;
        }
    }
    return false;

// HumanEval/1
    size_t size = strlen(paren_string);
    char **groups = own_room(size, sizeof *groups), *group = malloc(size + 1);
    size_t length = 0;
    int depth = 0;
    *out_len = 0;
    for (const char *c = paren_string; *c; c++) {
        if (*c != '(' && *c != ')') continue;
        group[length++] = *c;
        depth += *c == '(' ? 1 : -1;
        if (depth == 0) {
            groups[(*out_len)++] = own_copy(group, length);
            length = 0;
        }
    }
    free(group);
    return groups;

// HumanEval/2
    return fmod(number, 1.0);

// HumanEval/3
    int balance = 0;
    for (size_t i = 0; i < operations_len; i++) {
        balance += operations[i];
        if (balance < 0) return true;
    }
    return false;

// HumanEval/4
    double mean = 0, sum = 0;
    for (size_t i = 0; i < numbers_len; i++) mean += numbers[i] / (double)numbers_len;
    for (size_t i = 0; i < numbers_len; i++) sum += fabs(numbers[i] - mean);
    return sum / (double)numbers_len;

// HumanEval/5
    int *result = own_room(2 * numbers_len, sizeof *result);
    *out_len = 0;
    for (size_t i = 0; i < numbers_len; i++) {
        if (i > 0) result[(*out_len)++] = delimeter;
        result[(*out_len)++] = numbers[i];
    }
    return result;

// HumanEval/6
    size_t count;
    char **groups = own_split(paren_string, " ", &count);
    int *result = own_room(count, sizeof *result);
    for (size_t i = 0; i < count; i++) {
        int depth = 0;
        result[i] = 0;
        for (char *c = groups[i]; *c; c++) {
            depth += *c == '(' ? 1 : -1;
            if (depth > result[i]) result[i] = depth;
        }
        free(groups[i]);
    }
    free(groups);
    *out_len = count;
    return result;

// HumanEval/7
    char **result = own_room(strings_len, sizeof *result);
    *out_len = 0;
    for (size_t i = 0; i < strings_len; i++) {
        if (strstr(strings[i], substring)) result[(*out_len)++] = own_text(strings[i]);
    }
    return result;

// HumanEval/8
    IntPair result = {0, 1};
    for (size_t i = 0; i < numbers_len; i++) {
        result.first += numbers[i];
        result.second *= numbers[i];
    }
    return result;

// HumanEval/9
    int *result = own_room(numbers_len, sizeof *result);
    for (size_t i = 0; i < numbers_len; i++) {
        result[i] = i > 0 && result[i - 1] > numbers[i] ? result[i - 1] : numbers[i];
    }
    *out_len = numbers_len;
    return result;

// HumanEval/10 helper
#include <string.h>

bool is_palindrome(const char *string) {
    size_t length = strlen(string);
    for (size_t i = 0; i < length / 2; i++) {
        if (string[i] != string[length - 1 - i]) return false;
    }
    return true;
}

// HumanEval/10
    size_t length = strlen(string), begin = 0;
    while (!is_palindrome(string + begin)) begin++;
    char *result = malloc(length + begin + 1);
    memcpy(result, string, length);
    for (size_t i = 0; i < begin; i++) result[length + i] = string[begin - 1 - i];
    result[length + begin] = '\0';
    return result;

// HumanEval/11
    char *result = own_text(a);
    for (size_t i = 0; a[i]; i++) result[i] = a[i] == b[i] ? '0' : '1';
    return result;

// HumanEval/12
    const char *found = NULL;
    for (size_t i = 0; i < strings_len; i++) {
        if (!found || strlen(strings[i]) > strlen(found)) found = strings[i];
    }
    return found ? own_text(found) : NULL;

// HumanEval/13
    while (b != 0) {
        int rest = a % b;
        a = b;
        b = rest;
    }
    return a;

// HumanEval/14
    size_t length = strlen(string);
    char **result = own_room(length, sizeof *result);
    for (size_t i = 0; i < length; i++) result[i] = own_copy(string, i + 1);
    *out_len = length;
    return result;

// HumanEval/15
    char *result = malloc(12 * ((size_t)n + 1) + 1), *end = result;
    for (int i = 0; i <= n; i++) end += sprintf(end, i > 0 ? " %d" : "%d", i);
    return result;

// HumanEval/16
    bool seen[UCHAR_MAX + 1] = {false};
    int count = 0;
    for (const char *c = string; *c; c++) {
        int lower = tolower((unsigned char)*c);
        count += !seen[lower];
        seen[lower] = true;
    }
    return count;

// HumanEval/17
    size_t count;
    char **notes = own_split(music_string, " ", &count);
    int *result = own_room(count, sizeof *result);
    for (size_t i = 0; i < count; i++) {
        result[i] = notes[i][0] == '.' ? 1 : notes[i][1] == '|' ? 2 : 4;
        free(notes[i]);
    }
    free(notes);
    *out_len = count;
    return result;

// HumanEval/18
    int times = 0;
    size_t length = strlen(substring);
    for (const char *at = string; strlen(at) >= length && *at; at++) {
        times += strncmp(at, substring, length) == 0;
    }
    return times;

// HumanEval/19
    static const char *const names[] = {"zero", "one", "two",   "three", "four",
                                        "five", "six", "seven", "eight", "nine"};
    size_t count;
    char **words = own_split(numbers, " ", &count);
    char *result = malloc(strlen(numbers) + 2), *end = result;
    *end = '\0';
    for (size_t digit = 0; digit < 10; digit++) {
        for (size_t i = 0; i < count; i++) {
            if (strcmp(words[i], names[digit]) == 0) end += sprintf(end, end > result ? " %s" : "%s", words[i]);
        }
    }
    for (size_t i = 0; i < count; i++) free(words[i]);
    free(words);
    return result;

// HumanEval/20
    double *sorted = own_room(numbers_len, sizeof *sorted);
    memcpy(sorted, numbers, numbers_len * sizeof *sorted);
    qsort(sorted, numbers_len, sizeof *sorted, own_compare_doubles);
    size_t best = 1;
    for (size_t i = 2; i < numbers_len; i++) {
        if (sorted[i] - sorted[i - 1] < sorted[best] - sorted[best - 1]) best = i;
    }
    DoublePair result = {sorted[best - 1], sorted[best]};
    free(sorted);
    return result;

// HumanEval/21
    double *result = own_room(numbers_len, sizeof *result);
    double least = numbers[0], most = numbers[0];
    for (size_t i = 0; i < numbers_len; i++) {
        least = fmin(least, numbers[i]);
        most = fmax(most, numbers[i]);
    }
    for (size_t i = 0; i < numbers_len; i++) result[i] = (numbers[i] - least) / (most - least);
    *out_len = numbers_len;
    return result;

// HumanEval/22
    int *result = own_room(values_len, sizeof *result);
    *out_len = 0;
    for (size_t i = 0; i < values_len; i++) {
        if (values[i].kind == VALUE_INT) result[(*out_len)++] = values[i].as_int;
    }
    return result;

// HumanEval/23 before

// HumanEval/23
    int length = 0;
    while (string[length]) length++;
    return length;

// HumanEval/24
    int divisor = n - 1;
    while (n % divisor != 0) divisor--;
    return divisor;

// HumanEval/25
    int *result = own_room(32, sizeof *result);
    *out_len = 0;
    for (int i = 2; i * i <= n; i++) {
        for (; n % i == 0; n /= i) result[(*out_len)++] = i;
    }
    if (n > 1) result[(*out_len)++] = n;
    return result;

// HumanEval/26
    int *result = own_room(numbers_len, sizeof *result);
    *out_len = 0;
    for (size_t i = 0; i < numbers_len; i++) {
        size_t count = 0;
        for (size_t j = 0; j < numbers_len; j++) count += numbers[i] == numbers[j];
        if (count == 1) result[(*out_len)++] = numbers[i];
    }
    return result;

// HumanEval/27
    char *result = own_text(string);
    for (char *c = result; *c; c++) *c = own_swapped(*c);
    return result;

// HumanEval/28
    size_t length = 0;
    for (size_t i = 0; i < strings_len; i++) length += strlen(strings[i]);
    char *result = malloc(length + 1);
    *result = '\0';
    for (size_t i = 0; i < strings_len; i++) strcat(result, strings[i]);
    return result;

// HumanEval/29
    char **result = own_room(strings_len, sizeof *result);
    *out_len = 0;
    for (size_t i = 0; i < strings_len; i++) {
        if (strncmp(strings[i], prefix, strlen(prefix)) == 0) result[(*out_len)++] = own_text(strings[i]);
    }
    return result;

// HumanEval/30
    int *result = own_room(l_len, sizeof *result);
    *out_len = 0;
    for (size_t i = 0; i < l_len; i++) {
        if (l[i] > 0) result[(*out_len)++] = l[i];
    }
    return result;

// HumanEval/31
    return own_is_prime(n);

// HumanEval/32 helper
#include <math.h>

double poly(const int *xs, size_t xs_len, double x) {
    double sum = 0;
    for (size_t i = 0; i < xs_len; i++) sum += xs[i] * pow(x, (double)i);
    return sum;
}

// HumanEval/32
    double begin = -1, end = 1;
    while (poly(xs, xs_len, begin) * poly(xs, xs_len, end) > 0) {
        begin *= 2;
        end *= 2;
    }
    while (end - begin > 1e-10) {
        double center = (begin + end) / 2;
        if (poly(xs, xs_len, center) * poly(xs, xs_len, begin) > 0) begin = center;
        else end = center;
    }
    return begin;

// HumanEval/33
    size_t count = (l_len + 2) / 3;
    int *thirds = own_room(count, sizeof *thirds), *result = own_room(l_len, sizeof *result);
    for (size_t i = 0; i < count; i++) thirds[i] = l[3 * i];
    qsort(thirds, count, sizeof *thirds, own_compare);
    for (size_t i = 0; i < l_len; i++) result[i] = i % 3 == 0 ? thirds[i / 3] : l[i];
    free(thirds);
    *out_len = l_len;
    return result;

// HumanEval/34
    int *result = own_sorted(l, l_len);
    *out_len = 0;
    for (size_t i = 0; i < l_len; i++) {
        if (i == 0 || result[i] != result[*out_len - 1]) result[(*out_len)++] = result[i];
    }
    return result;

// HumanEval/35
    int most = l[0];
    for (size_t i = 1; i < l_len; i++) most = l[i] > most ? l[i] : most;
    return most;

// HumanEval/36
    int count = 0;
    for (int i = 0; i < n; i++) {
        if (i % 11 != 0 && i % 13 != 0) continue;
        for (int rest = i; rest > 0; rest /= 10) count += rest % 10 == 7;
    }
    return count;

// HumanEval/37
    size_t count = (l_len + 1) / 2;
    int *evens = own_room(count, sizeof *evens), *result = own_room(l_len, sizeof *result);
    for (size_t i = 0; i < count; i++) evens[i] = l[2 * i];
    qsort(evens, count, sizeof *evens, own_compare);
    for (size_t i = 0; i < l_len; i++) result[i] = i % 2 == 0 ? evens[i / 2] : l[i];
    free(evens);
    *out_len = l_len;
    return result;

// HumanEval/38 helper
#include <stdlib.h>
#include <string.h>

char *encode_cyclic(const char *s) {
    size_t length = strlen(s);
    char *result = malloc(length + 1);
    memcpy(result, s, length + 1);
    for (size_t i = 0; i + 3 <= length; i += 3) {
        result[i] = s[i + 1];
        result[i + 1] = s[i + 2];
        result[i + 2] = s[i];
    }
    return result;
}

// HumanEval/38
    char *once = encode_cyclic(s), *result = encode_cyclic(once);
    free(once);
    return result;

// HumanEval/39
    int a = 1, b = 2;
    while (true) {
        if (own_is_prime(b) && --n == 0) return b;
        int next = a + b;
        a = b;
        b = next;
    }

// HumanEval/40
    for (size_t i = 0; i < l_len; i++) {
        for (size_t j = i + 1; j < l_len; j++) {
            for (size_t k = j + 1; k < l_len; k++) {
                if (l[i] + l[j] + l[k] == 0) return true;
            }
        }
    }
    return false;

// HumanEval/41
    return n * n;

// HumanEval/42
    int *result = own_room(l_len, sizeof *result);
    for (size_t i = 0; i < l_len; i++) result[i] = l[i] + 1;
    *out_len = l_len;
    return result;

// HumanEval/43
    for (size_t i = 0; i < l_len; i++) {
        for (size_t j = i + 1; j < l_len; j++) {
            if (l[i] + l[j] == 0) return true;
        }
    }
    return false;

// HumanEval/44
    char digits[40];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    for (; x > 0; x /= base) digits[--at] = (char)('0' + x % base);
    return own_text(digits + at);

// HumanEval/45
    return a * h / 2.0;

// HumanEval/46
    int values[4] = {0, 0, 2, 0};
    for (int i = 4; i <= n; i++) values[i % 4] = values[0] + values[1] + values[2] + values[3];
    return values[n % 4];

// HumanEval/47
    int *sorted = own_sorted(l, l_len);
    size_t middle = l_len / 2;
    double result = l_len % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
    free(sorted);
    return result;

// HumanEval/48
    return own_is_palindrome(text, strlen(text));

// HumanEval/49
    int result = 1 % p;
    for (int i = 0; i < n; i++) result = result * 2 % p;
    return result;

// HumanEval/50 helper
#include <stdlib.h>
#include <string.h>

char *encode_shift(const char *s) {
    char *result = malloc(strlen(s) + 1);
    strcpy(result, s);
    for (char *c = result; *c; c++) *c = (char)('a' + (*c - 'a' + 5) % 26);
    return result;
}

// HumanEval/50
    char *result = own_text(s);
    for (char *c = result; *c; c++) *c = (char)('a' + (*c - 'a' + 21) % 26);
    return result;

// HumanEval/51
    char *result = own_text(text), *end = result;
    for (const char *c = text; *c; c++) {
        if (!own_is_vowel(*c)) *end++ = *c;
    }
    *end = '\0';
    return result;

// HumanEval/52
    for (size_t i = 0; i < l_len; i++) {
        if (l[i] >= t) return false;
    }
    return true;

// HumanEval/53
    return x + y;

// HumanEval/54
    return strspn(s0, s1) == strlen(s0) && strspn(s1, s0) == strlen(s1);

// HumanEval/55
    int a = 0, b = 1;
    for (int i = 0; i < n; i++) {
        int next = a + b;
        a = b;
        b = next;
    }
    return a;

// HumanEval/56
    int depth = 0;
    for (const char *c = brackets; *c && depth >= 0; c++) depth += *c == '<' ? 1 : -1;
    return depth == 0;

// HumanEval/57
    bool rises = true, falls = true;
    for (size_t i = 1; i < l_len; i++) {
        rises = rises && l[i] >= l[i - 1];
        falls = falls && l[i] <= l[i - 1];
    }
    return rises || falls;

// HumanEval/58
    int *result = own_sorted(l1, l1_len);
    *out_len = 0;
    for (size_t i = 0; i < l1_len; i++) {
        if (*out_len > 0 && result[i] == result[*out_len - 1]) continue;
        for (size_t j = 0; j < l2_len; j++) {
            if (l2[j] == result[i]) {
                result[(*out_len)++] = result[i];
                break;
            }
        }
    }
    return result;

// HumanEval/59
    int largest = 1;
    for (int i = 2; n > 1; i++) {
        for (; n % i == 0; n /= i) largest = i;
    }
    return largest;

// HumanEval/60
    return n * (n + 1) / 2;

// HumanEval/61
    int depth = 0;
    for (const char *c = brackets; *c && depth >= 0; c++) depth += *c == '(' ? 1 : -1;
    return depth == 0;

// HumanEval/62
    int *result = own_room(xs_len, sizeof *result);
    *out_len = xs_len > 0 ? xs_len - 1 : 0;
    for (size_t i = 1; i < xs_len; i++) result[i - 1] = (int)i * xs[i];
    return result;

// HumanEval/63
    int a = 0, b = 0, c = 1;
    for (int i = 0; i < n; i++) {
        int next = a + b + c;
        a = b;
        b = c;
        c = next;
    }
    return a;

// HumanEval/64
    int count = 0;
    for (const char *c = s; *c; c++) count += own_is_vowel(*c) || (tolower((unsigned char)*c) == 'y' && !c[1]);
    return count;

// HumanEval/65
    char digits[16];
    int length = snprintf(digits, sizeof digits, "%d", x);
    char *result = own_text(digits);
    for (int i = 0; i < length; i++) {
        result[i] = shift > length ? digits[length - 1 - i] : digits[(i + length - shift) % length];
    }
    return result;

// HumanEval/66
    int sum = 0;
    for (const char *c = s; *c; c++) sum += isupper((unsigned char)*c) ? *c : 0;
    return sum;

// HumanEval/67
    for (const char *c = s; *c;) {
        if (isdigit((unsigned char)*c)) n -= (int)strtol(c, (char **)&c, 10);
        else c++;
    }
    return n;

// HumanEval/68
    int *result = own_room(2, sizeof *result);
    *out_len = 0;
    for (size_t i = 0; i < arr_len; i++) {
        if (arr[i] % 2 != 0 || (*out_len > 0 && arr[i] >= result[0])) continue;
        result[0] = arr[i];
        result[1] = (int)i;
        *out_len = 2;
    }
    return result;

// HumanEval/69
    int found = -1;
    for (size_t i = 0; i < lst_len; i++) {
        int count = 0;
        for (size_t j = 0; j < lst_len; j++) count += lst[j] == lst[i];
        if (count >= lst[i] && lst[i] > found) found = lst[i];
    }
    return found;

// HumanEval/70
    int *sorted = own_sorted(lst, lst_len), *result = own_room(lst_len, sizeof *result);
    for (size_t i = 0; i < lst_len; i++) result[i] = i % 2 == 0 ? sorted[i / 2] : sorted[lst_len - 1 - i / 2];
    free(sorted);
    *out_len = lst_len;
    return result;

// HumanEval/71
    if (a + b <= c || a + c <= b || b + c <= a) return -1;
    double s = (a + b + c) / 2.0;
    return round(sqrt(s * (s - a) * (s - b) * (s - c)) * 100) / 100;

// HumanEval/72
    int sum = 0;
    for (size_t i = 0; i < q_len; i++) {
        if (q[i] != q[q_len - 1 - i]) return false;
        sum += q[i];
    }
    return sum <= w;

// HumanEval/73
    int changes = 0;
    for (size_t i = 0; i < arr_len / 2; i++) changes += arr[i] != arr[arr_len - 1 - i];
    return changes;

// HumanEval/74
    size_t length1 = 0, length2 = 0;
    for (size_t i = 0; i < lst1_len; i++) length1 += strlen(lst1[i]);
    for (size_t i = 0; i < lst2_len; i++) length2 += strlen(lst2[i]);
    const char *const *chosen = length1 <= length2 ? lst1 : lst2;
    *out_len = length1 <= length2 ? lst1_len : lst2_len;
    char **result = own_room(*out_len, sizeof *result);
    for (size_t i = 0; i < *out_len; i++) result[i] = own_text(chosen[i]);
    return result;

// HumanEval/75
    int factors = 0;
    for (int i = 2; i <= a; i++) {
        for (; a % i == 0; a /= i) factors++;
    }
    return factors == 3;

// HumanEval/76
    if (n == 1) return x == 1;
    long long power = 1;
    while (power < x) power *= n;
    return power == x;

// HumanEval/77
    int root = (int)lround(cbrt(a));
    return root * root * root == a;

// HumanEval/78
    int count = 0;
    for (const char *c = num; *c; c++) count += strchr("2357BD", *c) != NULL;
    return count;

// HumanEval/79
    return own_binary((unsigned)decimal, "db", "db");

// HumanEval/80
    if (strlen(s) < 3) return false;
    for (size_t i = 2; s[i]; i++) {
        if (s[i] == s[i - 1] || s[i] == s[i - 2] || s[i - 1] == s[i - 2]) return false;
    }
    return true;

// HumanEval/81
    static const double bounds[] = {3.7, 3.3, 3.0, 2.7, 2.3, 2.0, 1.7, 1.3, 1.0, 0.7, 0.0};
    static const char *const letters[] = {"A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "E"};
    char **result = own_room(grades_len, sizeof *result);
    for (size_t i = 0; i < grades_len; i++) {
        size_t at = 0;
        while (at < 11 && !(grades[i] > bounds[at])) at++;
        result[i] = own_text(grades[i] == 4.0 ? "A+" : letters[at]);
    }
    *out_len = grades_len;
    return result;
